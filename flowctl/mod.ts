export * from "./config/mod.ts";
export * from "./component/mod.ts";
export * from "./control_plane/mod.ts";
export * from "./controller/mod.ts";
export * from "./discovery/mod.ts";
export * from "./topology/mod.ts";
export * from "./metrics/mod.ts";
export * from "./monitoring/metrics/mod.ts";

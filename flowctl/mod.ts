export * from "./config/mod.ts";
export * from "./component/mod.ts";

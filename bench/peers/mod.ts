export * from "./go_peer.ts";

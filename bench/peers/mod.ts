export * from "./go_peer.ts";
export { buildGoProgram } from "./go_program.ts";

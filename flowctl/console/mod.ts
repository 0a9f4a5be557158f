/**
 * The control plane's page for people, with all that it needs; it is served by the control plane.
 *
 * @module
 */
export * from "./console_routes.ts";

/**
 * Services for tests.
 *
 * @module
 */
export * from "./services.ts";

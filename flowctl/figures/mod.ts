/**
 * How figures are written for people, the same on the command line, in reports and on the console.
 *
 * @module
 */
export * from "./figures.ts";

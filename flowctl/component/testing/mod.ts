/**
 * What tests of components share.
 *
 * @module
 */
export { Scrape } from "./scrape.ts";

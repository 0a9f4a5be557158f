/**
 * A component's connections to the component before it.
 *
 * @module
 */
export { UpstreamPool, type UpstreamPoolOptions } from "./upstream_pool.ts";
export { upstreamRefusal } from "./upstream_refusal.ts";

import type { ComponentContext } from "../../../flowctl/mod.ts";
import type { LakeOptions } from "../../../stellar/lake/mod.ts";

/** How a backend's lake is read, as it is configured. */
export function lakeOptions({ config, clock, log }: ComponentContext): LakeOptions {
  return {
    clock,
    readers: config.integer("CONCURRENT_READERS"),
    readAhead: config.integer("BUFFER_SIZE"),
    onTornTip: (path) => log.warn(`Waiting for ${path} to be whole, as its writer may not be done`),
  };
}

import { parse } from "@std/yaml";

/** Least coverage of a folder, in percent. */
export interface Threshold {
  readonly lines: number;
  readonly branches: number;
}

/** Folders of the repository, as `flowctl/controller`, with what is asked of each. */
export type Thresholds = ReadonlyMap<string, Threshold>;

/**
 * Reads tools/coverage_thresholds.yaml.
 *
 * @throws {TypeError} naming the entry that is none
 */
export function parseThresholds(text: string): Thresholds {
  const thresholds = new Map<string, Threshold>();
  for (const [folder, value] of Object.entries(parse(text) ?? {})) {
    const { lines, branches } = Object(value);
    if (!isPercentage(lines) || !isPercentage(branches)) {
      throw new TypeError(
        `"${folder}" must have lines and branches from 0 to 100: ${JSON.stringify(value)}; ` +
          `for example ${folder}: { lines: 95, branches: 90 }`,
      );
    }
    thresholds.set(folder, { lines, branches });
  }
  if (thresholds.size === 0) throw new TypeError("No folder has a threshold: nothing is asserted");
  return thresholds;
}

function isPercentage(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= 100;
}

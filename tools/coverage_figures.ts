import type { Thresholds } from "./coverage_thresholds.ts";

/** How many there are, and how many of them a test has run. */
interface Count {
  readonly found: number;
  readonly hit: number;
}

/** What tests have run of one file. */
export interface FileCoverage {
  /** Its absolute path. */
  readonly path: string;
  readonly lines: Count;
  readonly branches: Count;
}

/** Reads a report in LCOV form: the sums (LF, LH, BRF, BRH) of each file (SF). */
export function parseLcov(text: string): FileCoverage[] {
  return text.split("end_of_record").filter((record) => record.includes("SF:")).map((record) => {
    const field = (name: string) => new RegExp(`^${name}:(.*)$`, "m").exec(record)?.[1];
    const count = (found: string, hit: string): Count => ({
      found: Number(field(found) ?? 0),
      hit: Number(field(hit) ?? 0),
    });
    return { path: field("SF")!, lines: count("LF", "LH"), branches: count("BRF", "BRH") };
  });
}

/** A folder's figures in words, and what is wrong with them. */
export interface Judgement {
  readonly line: string;
  readonly problems: readonly string[];
}

/**
 * Holds each folder's figures against what is asked of it. What stands in a folder `testing` serves
 * tests and counts for nothing.
 *
 * @param root absolute path of the repository, which ends in a slash
 */
export function judgeCoverage(
  files: readonly FileCoverage[],
  thresholds: Thresholds,
  root: string,
): Judgement[] {
  return [...thresholds].map(([folder, least]) => {
    const own = files.filter(({ path }) =>
      path.startsWith(`${root}${folder}/`) && !path.includes("/testing/")
    );
    if (own.length === 0) {
      const line = `${folder}: no file of it was loaded by a test`;
      return { line, problems: [line] };
    }
    const problems: string[] = [];
    const figures = (["lines", "branches"] as const).map((what) => {
      const figure = percentage(own.map((file) => file[what]));
      if (figure < least[what]) {
        const worst = worstOf(own, what).slice(root.length);
        problems.push(
          `${folder}: ${figure.toFixed(1)} % of ${what} are tested, less than ${least[what]} %; ` +
            `most are missing in ${worst}`,
        );
      }
      return `${what} ${figure.toFixed(1)} % (at least ${least[what]} %)`;
    });
    return { line: `${folder}: ${figures.join(", ")}`, problems };
  });
}

/** Nothing that could be run counts as wholly run. */
function percentage(counts: readonly Count[]): number {
  const found = counts.reduce((sum, count) => sum + count.found, 0);
  const hit = counts.reduce((sum, count) => sum + count.hit, 0);
  return found === 0 ? 100 : 100 * hit / found;
}

function worstOf(files: readonly FileCoverage[], what: "lines" | "branches"): string {
  const missing = (file: FileCoverage) => file[what].found - file[what].hit;
  return files.reduce((worst, file) => missing(file) > missing(worst) ? file : worst).path;
}

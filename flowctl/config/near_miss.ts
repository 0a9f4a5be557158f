import { type ComponentDeclaration } from "./component_declaration.ts";

/** Most single-letter changes between a name and what was probably meant. */
const MAX_DISTANCE = 2;

/** A name that is set but that no component declares, and the declared one it resembles. */
export interface NearMiss {
  /** As it was written. */
  readonly name: string;
  /** What was probably meant. */
  readonly nearest: string;
}

/** The known name nearest to `name`, at most two changes away; `undefined` when there is none. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = MAX_DISTANCE + 1;
  for (const candidate of known) {
    // Short names are all near to one another: at most a third of the letters may differ.
    const allowed = Math.min(MAX_DISTANCE, Math.floor(candidate.length / 3));
    const distance = editDistance(name, candidate, Math.min(allowed, bestDistance - 1));
    if (distance < bestDistance && distance <= allowed) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** All names that set a variable of a component: plain, and with the component's prefix. */
export function declaredNames(declarations: readonly ComponentDeclaration[]): Set<string> {
  const names = new Set<string>();
  for (const declaration of declarations) {
    for (const { name, overrides } of declaration.variables.values()) {
      names.add(name);
      if (overrides === undefined) names.add(`${declaration.prefix}_${name}`);
    }
  }
  return names;
}

/**
 * Names among `names` (of the environment, a file or a profile) that are declared nowhere and
 * resemble a declared variable, plain or with a component's prefix.
 */
export function nearMisses(
  declarations: readonly ComponentDeclaration[],
  names: Iterable<string>,
): NearMiss[] {
  const known = declaredNames(declarations);
  const misses: NearMiss[] = [];
  for (const name of names) {
    if (known.has(name)) continue;
    const nearest = nearestName(name, known);
    if (nearest !== undefined) misses.push({ name, nearest });
  }
  return misses;
}

/** Levenshtein distance with neighbouring letters swapped as one change; above `limit` any larger number. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    let smallest = row;
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        last[column]! + 1,
        current[column - 1]! + 1,
        last[column - 1]! + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] &&
        a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, beforeLast[column - 2]! + 1);
      current.push(cost);
      smallest = Math.min(smallest, cost);
    }
    if (smallest > limit) return limit + 1;
    beforeLast = last;
    last = current;
  }
  return last[b.length]!;
}

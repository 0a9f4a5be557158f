import type { LabelValues, OpenLabel } from "./metric_declaration.ts";

/** Stands in for label values beyond those declared, so that no input can make new series. */
export const OTHER_LABEL = "other";

/** Keeps the labels of one metric to the values that were declared. */
export class LabelBounds {
  readonly #declared: readonly (readonly [string, ReadonlySet<string> | OpenLabel])[];
  /** Values of open labels that are shown. */
  readonly #shown = new Map<string, Set<string>>();

  constructor(labels: LabelValues | undefined) {
    this.#declared = Object.entries(labels ?? {}).map((
      [name, values],
    ) => [name, isOpen(values) ? values : new Set(values)]);
  }

  /** Whether the metric has no labels. */
  get isEmpty(): boolean {
    return this.#declared.length === 0;
  }

  /** Forgets the values of open labels: those of a new reading count from the beginning. */
  reset(): void {
    this.#shown.clear();
  }

  /** The labels with every value that is not declared, or one too many, replaced. */
  of(labels: Readonly<Record<string, string>> | undefined): Record<string, string> {
    const result: Record<string, string> = {};
    for (const [name, allowed] of this.#declared) {
      const value = labels?.[name];
      result[name] = value !== undefined && this.#allows(name, allowed, value)
        ? value
        : OTHER_LABEL;
    }
    return result;
  }

  #allows(name: string, allowed: ReadonlySet<string> | OpenLabel, value: string): boolean {
    if (!isOpen(allowed)) return allowed.has(value);
    let shown = this.#shown.get(name);
    if (shown === undefined) this.#shown.set(name, shown = new Set());
    if (shown.has(value)) return true;
    if (shown.size >= allowed.atMost) return false;
    shown.add(value);
    return true;
  }
}

function isOpen(values: readonly string[] | ReadonlySet<string> | OpenLabel): values is OpenLabel {
  return "atMost" in values;
}

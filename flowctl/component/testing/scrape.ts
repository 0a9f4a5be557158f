import type { MetricsRegistry } from "../metrics_registry.ts";

/** What a scrape of `/metrics` found, in the text format of Prometheus. */
export class Scrape {
  /** Names of all metrics, also of those without a series. */
  readonly names: readonly string[];
  readonly #series: ReadonlyMap<string, number>;

  constructor(text: string) {
    this.names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!);
    const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    this.#series = new Map(lines.map((line) => {
      const at = line.lastIndexOf(" ");
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }));
  }

  /** Reads a registry as Prometheus would. */
  static async of(metrics: MetricsRegistry): Promise<Scrape> {
    return new Scrape(await metrics.text());
  }

  /** The value of a series, as `name` or `name{label="value"}`; undefined where there is none. */
  value(series: string): number | undefined {
    return this.#series.get(series);
  }

  /** All series of a metric, by their labels as they are written, in braces; "" without. */
  seriesOf(name: string): Record<string, number> {
    const found: Record<string, number> = {};
    for (const [series, value] of this.#series) {
      if (series === name) found[""] = value;
      else if (series.startsWith(`${name}{`)) found[series.slice(name.length)] = value;
    }
    return found;
  }
}

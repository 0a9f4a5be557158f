import UPlot from "uplot";
import { clockText, type FigureKind, figureText } from "./figure_text.ts";
import type { ChartMetric, Series } from "./history_series.ts";

const HEIGHT = 120;

/** Room for the figures of the axis: `1,200 ms` fits. */
const AXIS_WIDTH = 62;

/**
 * A line over time, as wide as its place. Life: made with its colours, which it takes from the page;
 * `remove()` takes it away.
 */
export class TimeChart {
  readonly #plot: UPlot;
  readonly #observer: ResizeObserver;
  #spanSeconds = 1;

  /** @param pointed is told what the pointer points at; `undefined` once it has left */
  constructor(
    place: HTMLElement,
    metric: ChartMetric,
    pointed: (text: string | undefined) => void,
  ) {
    const data: UPlot.AlignedData = [[], []];
    this.#plot = new UPlot(this.#options(place, metric, pointed), data, place);
    this.#observer = new ResizeObserver(() =>
      this.#plot.setSize({ width: place.clientWidth, height: HEIGHT })
    );
    this.#observer.observe(place);
  }

  /** Shows a series; the axis ends with it and goes this far back. */
  show({ times, values }: Series, spanSeconds: number): void {
    this.#spanSeconds = spanSeconds;
    this.#plot.setData([[...times], [...values]]);
  }

  /** Takes the chart away. */
  remove(): void {
    this.#observer.disconnect();
    this.#plot.destroy();
  }

  #options(
    place: HTMLElement,
    { kind, leastTop }: ChartMetric,
    pointed: (text: string | undefined) => void,
  ): UPlot.Options {
    const style = getComputedStyle(place);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    const axis = {
      stroke: colour("--quiet"),
      font: `11px ${style.fontFamily}`,
      grid: { stroke: colour("--grid"), width: 1 },
      ticks: { show: false },
    };
    return {
      width: place.clientWidth || 300,
      height: HEIGHT,
      legend: { show: false },
      padding: [8, 16, 0, 0],
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
      scales: {
        x: { range: (_plot, _least, most) => [most - this.#spanSeconds, most] },
        y: { range: (_plot, _least, most) => [0, (most ?? 0) > leastTop ? most! * 1.1 : leastTop] },
      },
      axes: [
        { ...axis, size: 24, space: 60, values: (_plot, splits) => splits.map(minuteText) },
        {
          ...axis,
          size: AXIS_WIDTH,
          space: 28,
          ...(STEPS[kind] === undefined ? {} : { incrs: STEPS[kind] }),
          values: (_plot, splits) => splits.map((value) => axisText(value, kind)),
        },
      ],
      series: [{}, {
        stroke: colour("--line"),
        fill: colour("--area"),
        width: 1.5,
        points: { show: false },
      }],
      hooks: { setCursor: [(plot) => pointed(pointedText(plot, kind))] },
    };
  }
}

/** Steps of an axis that are whole in the figure's own units. */
const STEPS: Partial<Record<FigureKind, number[]>> = {
  count: wholeSteps(10, [1, 2, 5]),
  bytes: wholeSteps(1024, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]),
};

function wholeSteps(base: number, digits: readonly number[]): number[] {
  return [0, 1, 2, 3, 4, 5].flatMap((power) => digits.map((digit) => digit * base ** power));
}

function axisText(value: number, kind: FigureKind): string {
  return value === 0 ? "0" : figureText(value, kind);
}

function minuteText(seconds: number): string {
  return clockText(seconds * 1_000).slice(0, 5);
}

function pointedText({ cursor: { idx }, data }: UPlot, kind: FigureKind): string | undefined {
  const time = idx === null || idx === undefined ? undefined : data[0][idx];
  if (time === undefined) return undefined;
  return `${figureText(data[1]![idx!], kind)} at ${clockText(time * 1_000)}`;
}

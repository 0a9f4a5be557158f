/** A trace of flow control as a picture: load and throttle above, rates below. */

/** What was seen at one look. */
export interface Moment {
  readonly seconds: number;
  /** Load of the consumer; 1 is full. */
  readonly load: number;
  /** Its throttle. */
  readonly throttle: number;
  /** Ledgers a second that the source lets through; null while there is no limit. */
  readonly limit: number | null;
  /** Ledgers a second that the source sent since the last look. */
  readonly sent: number;
  /** Ledgers a second that the consumer stored. */
  readonly stored: number;
}

interface Phase {
  readonly name: string;
  readonly seconds: number;
}

const WIDTH = 900, HEIGHT = 550, LEFT = 56, RIGHT = 16;
const PANELS = { load: { top: 40, bottom: 240 }, rate: { top: 320, bottom: 510 } };
/** Looks over which rates are shown, since ledgers come in batches. */
const SMOOTHED = 5;

/** The picture; it has a light ground of its own, for either theme. */
export function traceSvg(moments: readonly Moment[], phases: readonly Phase[]): string {
  const end = phases.reduce((sum, { seconds }) => sum + seconds, 0);
  const x = (seconds: number) => LEFT + seconds / end * (WIDTH - LEFT - RIGHT);
  const sent = smoothed(moments.map((moment) => moment.sent));
  const stored = smoothed(moments.map((moment) => moment.stored));
  const most = niceTop(Math.max(...sent, ...stored));
  const load = scale(PANELS.load, 1);
  const rate = scale(PANELS.rate, most);
  const line = (name: string, values: readonly (number | null)[], y: (v: number) => number) =>
    `<path class="${name}" d="${path(moments, values, x, y)}"/>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">`,
    "<title>Load and rates while a consumer is fast, slow, and fast again</title>",
    `<style>text{font:13px sans-serif;fill:#333}path{fill:none;stroke-width:1.8}
.load{stroke:#b3261e}.throttle{stroke:#1f6f50}.sent{stroke:#1a56a8}.stored{stroke:#c77700}
.limit{stroke:#555;stroke-dasharray:5 4}.grid{stroke:#ddd;stroke-width:1}
.mark{stroke:#999;stroke-width:1;stroke-dasharray:2 3}</style>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...phaseMarks(phases, x),
    ...grid([0, 0.2, 0.4, 0.6, 0.8, 1], load),
    ...grid([0, most / 4, most / 2, most * 3 / 4, most], rate),
    line("load", moments.map((moment) => Math.min(1, moment.load)), load),
    line("throttle", moments.map((moment) => moment.throttle), load),
    line("sent", sent.map((value) => Math.min(most, value)), rate),
    line("stored", stored.map((value) => Math.min(most, value)), rate),
    line("limit", moments.map(({ limit }) => limit === null ? null : Math.min(most, limit)), rate),
    ...legend(PANELS.load.top - 22, [["load", "load of the consumer"], ["throttle", "throttle"]]),
    ...legend(PANELS.rate.top - 22, [
      ["sent", "ledgers/s sent by the source"],
      ["stored", "stored by the consumer"],
      ["limit", "the source's limit"],
    ]),
    ...Array.from(
      { length: Math.floor(end / 4) + 1 },
      (_, i) => text(x(i * 4), PANELS.rate.bottom + 20, `${i * 4} s`, "middle"),
    ),
    "</svg>",
    "",
  ].join("\n");
}

function scale({ top, bottom }: { top: number; bottom: number }, most: number) {
  return (value: number) => bottom - value / most * (bottom - top);
}

function path(
  moments: readonly Moment[],
  values: readonly (number | null)[],
  x: (seconds: number) => number,
  y: (value: number) => number,
): string {
  let isDrawing = false;
  return moments.map(({ seconds }, i) => {
    const value = values[i]!;
    if (value === null) {
      isDrawing = false;
      return "";
    }
    const command = isDrawing ? "L" : "M";
    isDrawing = true;
    return `${command}${x(seconds).toFixed(1)} ${y(value).toFixed(1)}`;
  }).join("");
}

function smoothed(values: readonly number[]): number[] {
  return values.map((_, i) => {
    const some = values.slice(Math.max(0, i - SMOOTHED + 1), i + 1);
    return some.reduce((sum, value) => sum + value, 0) / some.length;
  });
}

function niceTop(most: number): number {
  const step = most > 400 ? 200 : most > 200 ? 100 : 40;
  return Math.max(step, Math.ceil(most / step) * step);
}

function grid(values: readonly number[], y: (value: number) => number): string[] {
  return values.flatMap((value) => [
    `<path class="grid" d="M${LEFT} ${y(value)}H${WIDTH - RIGHT}"/>`,
    text(LEFT - 8, y(value) + 4, String(value), "end"),
  ]);
}

function phaseMarks(phases: readonly Phase[], x: (seconds: number) => number): string[] {
  let at = 0;
  return phases.flatMap(({ name, seconds }) => {
    const start = at;
    at += seconds;
    return [
      `<path class="mark" d="M${x(start)} ${PANELS.load.top}V${PANELS.rate.bottom}"/>`,
      text(x(start) + 6, PANELS.load.bottom + 20, name, "start"),
    ];
  });
}

function legend(y: number, entries: readonly (readonly [string, string])[]): string[] {
  return entries.flatMap(([name, label], i) => {
    const left = LEFT + i * 240;
    return [
      `<path class="${name}" d="M${left} ${y}h28"/>`,
      text(left + 36, y + 4, label, "start"),
    ];
  });
}

function text(x: number, y: number, content: string, anchor: string): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${content}</text>`;
}

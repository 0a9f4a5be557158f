/** A whole number with commas, so that a billion can be told from a million. */
export function count(value: number): string {
  // Not toLocaleString, which takes twenty times as long: a report tells some hundred numbers.
  wholeNumber ??= new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
  return wholeNumber.format(Math.round(value));
}

/** Made when it is first needed, which takes a while. */
let wholeNumber: Intl.NumberFormat | undefined;

/** `1 ledger`, `2,000 ledgers`. */
export function quantity(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** A rate: one decimal while it is small. */
export function rate(perSecond: number): string {
  return perSecond < 10 ? perSecond.toFixed(1) : count(perSecond);
}

/** A time in its two largest units: `4s`, `2m 5s`, `3h 20m`, `12d 4h`. */
export function duration(seconds: number): string {
  const units: [string, number][] = [["d", 86_400], ["h", 3_600], ["m", 60], ["s", 1]];
  const parts: string[] = [];
  let rest = Math.floor(seconds);
  for (const [unit, size] of units) {
    const whole = Math.floor(rest / size);
    rest -= whole * size;
    if (whole > 0 || parts.length > 0 || unit === "s") parts.push(`${whole}${unit}`);
  }
  return parts.slice(0, 2).join(" ");
}

/** A part of a whole as `0 %`, `< 0.1 %`, `6.2 %` or `85 %`: a small part must not look like none. */
export function percent(part: number): string {
  const value = part * 100;
  if (value > 0 && value < 0.1) return "< 0.1 %";
  return `${value < 10 ? value.toFixed(1).replace(/\.0$/, "") : count(value)} %`;
}

/** A time of some milliseconds, in seconds from 1 s on: `12 ms`, `7.2 s`. */
export function milliseconds(value: number): string {
  return value < 1_000 ? `${rate(value)} ms` : `${rate(value / 1_000).replace(/\.0$/, "")} s`;
}

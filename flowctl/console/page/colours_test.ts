import { assert } from "@std/assert";

const styles = await Deno.readTextFile(new URL("console.css", import.meta.url));

/** Texts and what they stand on. */
const TEXTS = ["text", "quiet", "link", "good", "fair", "bad"];
const GROUNDS = ["ground", "panel"];

/** What tells something by its colour, beside its shape. */
const SHAPES = ["join", "line", "high", "raised", "low", "focus"];

/** The colours of a theme; the dark one has those of the light one that it does not name. */
function coloursOf(selector: string): Record<string, string> {
  const block = styles.slice(styles.indexOf(`${selector} {`)).split("}", 1)[0]!;
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]),
  );
}

/** The contrast of two colours (WCAG 2.2, "contrast ratio"). */
function contrast(a: string, b: string): number {
  const [lighter, darker] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: string): number {
  const parts = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return 0.2126 * parts[0]! + 0.7152 * parts[1]! + 0.0722 * parts[2]!;
}

for (
  const [theme, selector] of [["light", ":root"], ["dark", ':root[data-theme="dark"]']] as const
) {
  const colours = coloursOf(selector);
  const least = (front: string, back: string, ratio: number) => {
    const found = contrast(colours[front]!, colours[back]!);
    assert(found >= ratio, `${front} on ${back}: ${found.toFixed(2)}, wanted ${ratio}`);
  };

  Deno.test(`in the ${theme} theme all text has the contrast of WCAG AA`, () => {
    for (const back of GROUNDS) for (const front of TEXTS) least(front, back, 4.5);
    for (const back of ["fair-ground", "bad-ground"]) {
      for (const front of ["text", "quiet", "fair", "bad"]) least(front, back, 4.5);
    }
  });

  Deno.test(`in the ${theme} theme shapes and borders of what one uses stand out`, () => {
    for (const front of SHAPES) least(front, "panel", 3);
  });
}

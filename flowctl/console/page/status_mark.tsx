import { word } from "./figure_text.ts";

/** How something is, in the words of services, pipelines, alerts and recommendations. */
const TONES: Readonly<Record<string, "good" | "fair" | "bad" | "quiet">> = {
  healthy: "good",
  degraded: "fair",
  unhealthy: "bad",
  firing: "bad",
  pending: "fair",
  critical: "bad",
  warning: "fair",
};

// Each tone has a shape of its own, so that nobody needs to tell colours apart.
const SHAPES = {
  good: <circle cx="6" cy="6" r="5" />,
  fair: <path d="M6 .8 11.6 11H.4Z" />,
  bad: <path d="M1 1h10v10H1Z" />,
  quiet: <circle cx="6" cy="6" r="4" class="hollow" />,
};

/** A status as a shape, a colour and a word; without the word where that stands beside it. */
export function StatusMark({ status, bare = false }: { status: string; bare?: boolean }) {
  const tone = TONES[word(status)] ?? "quiet";
  return (
    <span class={`mark ${tone}`}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">{SHAPES[tone]}</svg>
      {bare ? null : <span>{word(status)}</span>}
    </span>
  );
}

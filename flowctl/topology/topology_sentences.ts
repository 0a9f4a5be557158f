import type { EventLink } from "./topology.ts";

/** Ids that a sentence names before it only counts. */
const MAX_NAMED = 5;

/** What is wrong where nobody serves an event type that is read. */
export function missingLinkSentence({ eventType, consumers }: EventLink): string {
  return `nothing serves ${eventType}, which ${named(consumers)} ${verb(consumers, "read")}`;
}

/** What is wrong where all who serve an event type that is read, or all who read it, do not work. */
export function deadSentence(
  ids: readonly string[],
  does: "serve" | "read",
  eventType: string,
): string {
  const works = ids.length === 1 ? "does not work" : "do not work";
  return `${named(ids)}, which ${verb(ids, does)} ${eventType}, ${works}`;
}

/** What is wrong with a service that stands alone. */
export function orphanSentence(id: string): string {
  return `nothing joins ${named([id])} to another service`;
}

/** What is wrong with services in a circle. */
export function cycleSentence(ids: readonly string[]): string {
  return `the outputs of ${named(ids)} come back to them`;
}

/** Ids as a sentence names them: a few, and how many more. */
export function named(ids: readonly string[]): string {
  // The Go control plane shows services that give themselves no id.
  const shown = ids.slice(0, MAX_NAMED).map((id) => id || "a service without id");
  const more = ids.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

function verb(ids: readonly string[], does: string): string {
  return ids.length === 1 ? `${does}s` : does;
}

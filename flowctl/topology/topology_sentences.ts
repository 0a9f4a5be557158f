import type { EventLink } from "./topology.ts";

/** Ids that a sentence names before it only counts. */
const MAX_NAMED = 5;

/** What is wrong where nobody serves an event type that is read. */
export function missingLinkSentence({ eventType, consumers }: EventLink): string {
  return `nothing serves ${eventType}, which ${named(consumers)} reads`;
}

/** What is wrong with a service that stands alone. */
export function orphanSentence(id: string): string {
  return `nothing joins ${id} to another service`;
}

/** What is wrong with services in a circle. */
export function cycleSentence(ids: readonly string[]): string {
  return `the outputs of ${named(ids)} come back to them`;
}

/** Ids as a sentence names them: a few, and how many more. */
export function named(ids: readonly string[]): string {
  const shown = ids.slice(0, MAX_NAMED);
  const more = ids.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

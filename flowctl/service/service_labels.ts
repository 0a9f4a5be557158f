import type { Service } from "./service.ts";

/** An id that a control plane gave because the service brought none: it says nothing to people. */
const GIVEN_ID = /^(COMPONENT_TYPE_)?[A-Z]+-(\d{10,})$/;

/** Characters of such an id, at least, that tell services of one name apart. */
const LEAST_TAIL = 4;

/** What services are called where people look; by their ids. */
export type ServiceLabels = ReadonlyMap<string, string>;

/** A service's own id, or its name where the id was given to it; never the same one twice. */
export function serviceLabels(
  services: readonly Pick<Service, "id" | "name">[],
): ServiceLabels {
  const labels = new Map<string, string>();
  const named = Map.groupBy(
    services,
    ({ id, name }) => GIVEN_ID.test(id) && name !== "" ? name : id,
  );
  for (const [label, same] of named) {
    const tails = same.length === 1 ? undefined : tailsOf(same.map(({ id }) => id));
    for (const [i, { id }] of same.entries()) {
      labels.set(id, tails === undefined ? label : `${label} …${tails[i]}`);
    }
  }
  return labels;
}

/** As much of the ids' ends as tells them apart. */
function tailsOf(ids: readonly string[]): string[] {
  // Such ids count nanoseconds by a clock of milliseconds, so that they end in zeros.
  const significant = ids.map((id) => id.replace(/0+$/, ""));
  for (let length = LEAST_TAIL;; length++) {
    const tails = significant.map((id) => id.slice(-length));
    const isWhole = significant.every((id) => id.length <= length);
    if (isWhole || new Set(tails).size === ids.length) return tails;
  }
}

/** What a service is called; its id where it is not there. */
export function labelOf(labels: ServiceLabels, id: string): string {
  return labels.get(id) ?? id;
}

/** A sentence of the control plane, in which services are called as where people look. */
export function withLabels(sentence: string, labels: ServiceLabels): string {
  // Only ids that were given have a label of their own, and those stand in no other word.
  return sentence.replaceAll(/(?:COMPONENT_TYPE_)?[A-Z]+-\d{10,}/g, (id) => labelOf(labels, id));
}

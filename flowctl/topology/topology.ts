import type { Service } from "../service/mod.ts";

/** What a graph needs to know of a service. */
export interface JoinedService
  extends Pick<Service, "id" | "inputEventTypes" | "outputEventTypes"> {
  /** Whether it reads from somebody who need not be among the services. */
  readonly readsElsewhere?: boolean;
  /** Whether somebody reads from it who need not be among the services. */
  readonly servesElsewhere?: boolean;
}

/** An event type with who serves and who reads it. */
export interface EventLink {
  /** Name of the event type. */
  readonly eventType: string;
  /** Ids of the services whose output it is. */
  readonly producers: readonly string[];
  /** Ids of the services whose input it is. */
  readonly consumers: readonly string[];
}

/** Which services' outputs are which others' inputs. */
export interface Topology {
  /** One for each event type, in the order in which they were met. */
  readonly links: readonly EventLink[];
  /** Event types that somebody reads and nobody serves, here or elsewhere. */
  readonly missingLinks: readonly EventLink[];
  /** Ids of services that nothing joins to another one. */
  readonly orphans: readonly string[];
  /** Ids of services whose outputs come back to them, for each such circle. */
  readonly cycles: readonly (readonly string[])[];
}

/** The graph of some services; takes time linear in services and their event types. */
export function topologyOf(services: readonly JoinedService[]): Topology {
  const links = linksOf(services);
  const byType = new Map(links.map((link) => [link.eventType, link]));
  const elsewhere = new Set(services.flatMap((each) => each.readsElsewhere ? each.id : []));
  return {
    links,
    missingLinks: links.filter(({ producers, consumers }) =>
      producers.length === 0 && !consumers.every((id) => elsewhere.has(id))
    ),
    orphans: services.filter((service) => !isJoined(service, byType)).map(({ id }) => id),
    cycles: cyclesOf(services, byType),
  };
}

function linksOf(services: readonly JoinedService[]): EventLink[] {
  const links = new Map<string, { producers: string[]; consumers: string[] }>();
  const linkOf = (eventType: string) => {
    let link = links.get(eventType);
    if (link === undefined) links.set(eventType, link = { producers: [], consumers: [] });
    return link;
  };
  for (const { id, inputEventTypes, outputEventTypes } of services) {
    for (const eventType of new Set(inputEventTypes)) linkOf(eventType).consumers.push(id);
    for (const eventType of new Set(outputEventTypes)) linkOf(eventType).producers.push(id);
  }
  return [...links].map(([eventType, link]) => ({ eventType, ...link }));
}

function isJoined(service: JoinedService, links: ReadonlyMap<string, EventLink>): boolean {
  if (service.readsElsewhere || service.servesElsewhere) return true;
  const other = (ids: readonly string[]) =>
    ids.length > 1 || ids.length === 1 && ids[0] !== service.id;
  return service.inputEventTypes.some((each) => other(links.get(each)!.producers)) ||
    service.outputEventTypes.some((each) => other(links.get(each)!.consumers));
}

/** A service or an event type, as a step of the search for cycles. */
interface Step {
  readonly service: string | undefined;
  readonly next: () => readonly string[];
  index: number;
  lowest: number;
  isOpen: boolean;
}

/**
 * Strongly connected components by Tarjan's algorithm, without recursion. Event types are nodes
 * between services: direct edges from each producer to each consumer would be quadratic.
 */
function cyclesOf(
  services: readonly JoinedService[],
  links: ReadonlyMap<string, EventLink>,
): string[][] {
  const steps = new Map<string, Step>();
  const add = (key: string, service: string | undefined, next: () => readonly string[]) =>
    steps.set(key, { service, next, index: -1, lowest: -1, isOpen: false });
  for (const { id, outputEventTypes } of services) {
    add(`s:${id}`, id, () => outputEventTypes.map((eventType) => `e:${eventType}`));
  }
  for (const [eventType, { consumers }] of links) {
    add(`e:${eventType}`, undefined, () => consumers.map((id) => `s:${id}`));
  }
  const cycles: string[][] = [];
  const open: Step[] = [];
  let index = 0;
  const enter = (step: Step) => {
    step.index = step.lowest = index++;
    step.isOpen = true;
    open.push(step);
    return { step, rest: step.next()[Symbol.iterator]() };
  };
  for (const first of steps.values()) {
    if (first.index >= 0) continue;
    const path = [enter(first)];
    while (path.length > 0) {
      const { step, rest } = path.at(-1)!;
      const { value: key, done } = rest.next();
      if (!done) {
        const next = steps.get(key)!;
        if (next.index < 0) path.push(enter(next));
        else if (next.isOpen) step.lowest = Math.min(step.lowest, next.index);
        continue;
      }
      path.pop();
      const before = path.at(-1)?.step;
      if (before !== undefined) before.lowest = Math.min(before.lowest, step.lowest);
      if (step.lowest === step.index) closeComponent(step, open, cycles);
    }
  }
  return cycles;
}

/** A component of one step is no cycle: a circle holds a service and an event type at least. */
function closeComponent(root: Step, open: Step[], cycles: string[][]): void {
  const component = open.splice(open.lastIndexOf(root));
  for (const step of component) step.isOpen = false;
  if (component.length === 1) return;
  cycles.push(component.flatMap(({ service }) => service ?? []).sort());
}

import { paintStatus, plainText } from "../command/mod.ts";
import {
  labelOf,
  type Service,
  type ServiceLabels,
  serviceLabels,
  withLabels,
} from "../service/mod.ts";
import {
  cycleSentence,
  type EventLink,
  missingLinkSentence,
  orphanSentence,
  type Topology,
} from "../topology/mod.ts";
import { word } from "./service_words.ts";

/** What a drawing shows of a service. */
export type DrawnService = Pick<
  Service,
  "id" | "name" | "type" | "status" | "endpoint" | "inputEventTypes" | "outputEventTypes"
>;

/** Levels that are indented: a chain of thousands would fill the memory with spaces. */
const MAX_INDENTED = 32;

/** A line still to be drawn. */
interface Step {
  readonly what: "service" | "event type";
  readonly name: string;
  readonly depth: number;
}

/**
 * Services with what they serve and who reads it, indented, and below that what is wrong with how
 * they are joined. Each service and event type is unfolded once, so that there are no more lines
 * than services and their event types.
 */
export function topologyText(
  services: readonly DrawnService[],
  topology: Topology,
  colour: boolean,
): string[] {
  const labels = serviceLabels(services);
  const section = (title: string, sentences: readonly string[]) =>
    sentences.length === 0
      ? []
      : ["", title, ...sentences.map((each) => `  ${plainText(withLabels(each, labels))}`)];
  return [
    ...new Drawing(services, topology, labels, colour).lines(),
    ...section("missing links", topology.missingLinks.map(missingLinkSentence)),
    ...section("orphans", topology.orphans.map(orphanSentence)),
    ...section("cycles", topology.cycles.map(cycleSentence)),
  ];
}

/** One drawing; used once. */
class Drawing {
  readonly #services: ReadonlyMap<string, DrawnService>;
  readonly #links: ReadonlyMap<string, EventLink>;
  readonly #labels: ServiceLabels;
  readonly #colour: boolean;
  readonly #unfolded = new Set<string>();
  readonly #lines: string[] = [];

  constructor(
    services: readonly DrawnService[],
    { links }: Topology,
    labels: ServiceLabels,
    colour: boolean,
  ) {
    this.#services = new Map(services.map((service) => [service.id, service]));
    this.#links = new Map(links.map((link) => [link.eventType, link]));
    this.#labels = labels;
    this.#colour = colour;
  }

  lines(): string[] {
    const all = [...this.#services.values()];
    for (const service of all) if (this.#isFirst(service)) this.#draw(service.id);
    // What is left is reached only through circles.
    for (const { id } of all) if (!this.#unfolded.has(`service ${id}`)) this.#draw(id);
    return this.#lines;
  }

  /** Whether nobody comes before it. */
  #isFirst({ inputEventTypes }: DrawnService): boolean {
    return inputEventTypes.every((each) => this.#links.get(each)!.producers.length === 0);
  }

  #draw(id: string): void {
    const steps: Step[] = [{ what: "service", name: id, depth: 0 }];
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      const next = step.what === "service" ? this.#service(step) : this.#eventType(step);
      const what = step.what === "service" ? "event type" : "service";
      const depth = step.depth + 1;
      // The last one pushed is drawn first.
      for (const name of [...next].reverse()) steps.push({ what, name, depth });
    }
  }

  /** Draws a service; answers what it serves, where that is not drawn yet. */
  #service(step: Step): readonly string[] {
    const service = this.#services.get(step.name)!;
    const isNew = this.#unfold(step);
    const status = word(service.status);
    const endpoint = service.endpoint === "" ? "" : `, ${service.endpoint}`;
    const about = isNew
      ? `(${word(service.type)}, ${this.#colour ? paintStatus(status) : status}${
        plainText(endpoint)
      })`
      : "(above)";
    this.#line(step, about);
    return isNew ? service.outputEventTypes : [];
  }

  /** Draws an event type; answers who reads it, where they are not drawn below it yet. */
  #eventType(step: Step): readonly string[] {
    const { consumers } = this.#links.get(step.name)!;
    const isNew = this.#unfold(step);
    const about = consumers.length === 0 ? "(nobody reads it)" : isNew ? "" : "(above)";
    this.#line(step, about);
    return isNew ? consumers : [];
  }

  #unfold({ what, name }: Step): boolean {
    const key = `${what} ${name}`;
    const isNew = !this.#unfolded.has(key);
    this.#unfolded.add(key);
    return isNew;
  }

  #line({ what, name, depth }: Step, about: string): void {
    const indent = "  ".repeat(Math.min(depth, MAX_INDENTED));
    const arrow = what === "service" && depth > 0 ? "→ " : "";
    const called = what === "service" ? labelOf(this.#labels, name) : name;
    this.#lines.push(`${indent}${arrow}${plainText(called)} ${about}`.trimEnd());
  }
}

import type { Registration, Service } from "../mod.ts";

/** Event types of the product's pipeline. */
export const LEDGERS = "stellar_ledger_service.StellarLedger";
/** What the processor makes of them. */
export const EVENTS = "ttp_event_service.TTPEvent";

/** A registration with these fields, and nothing else said. */
export function registration(fields: Partial<Registration> = {}): Registration {
  return {
    id: "",
    name: "",
    description: "",
    version: "",
    type: "UNSPECIFIED",
    inputEventTypes: [],
    outputEventTypes: [],
    endpoint: "",
    metadata: {},
    maxInflight: 0,
    ...fields,
  };
}

/** The product's three components. */
export const source = registration({
  id: "source",
  type: "SOURCE",
  outputEventTypes: [LEDGERS],
  endpoint: "127.0.0.1:8815",
});
/** Reads the source. */
export const processor = registration({
  id: "processor",
  type: "PROCESSOR",
  inputEventTypes: [LEDGERS],
  outputEventTypes: [EVENTS],
  endpoint: "127.0.0.1:8816",
});
/** Reads the processor. */
export const sink = registration({ id: "sink", type: "CONSUMER", inputEventTypes: [EVENTS] });

/** A service that was never registered anywhere, for graphs. */
export function service(fields: Partial<Service> = {}): Service {
  return {
    ...registration(),
    status: "HEALTHY",
    expired: false,
    metrics: {},
    registeredAt: 0,
    lastHeartbeatAt: 0,
    ...fields,
  };
}

import type { ListedService } from "../controller/mod.ts";

/** A source of prices as a control plane lists it. */
export function listedService(id: string, fields: Partial<ListedService> = {}): ListedService {
  return {
    id,
    name: id,
    description: "",
    version: "",
    type: "SOURCE",
    inputEventTypes: [],
    outputEventTypes: ["example.Price"],
    endpoint: `${id}.example:9000`,
    metadata: {},
    maxInflight: 0,
    status: "HEALTHY",
    metrics: {},
    registeredAt: 0,
    lastHeartbeatAt: 0,
    ...fields,
  };
}

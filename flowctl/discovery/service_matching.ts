import type { Registration } from "../control_plane/mod.ts";
import type { ServiceFilter } from "../controller/mod.ts";

/** Whether a service fits a filter, by the same rules as a control plane's own discovery. */
export function fits(service: Registration, filter: ServiceFilter): boolean {
  const { type, eventTypes = [], metadata = {} } = filter;
  if (type !== undefined && service.type !== type) return false;
  const { inputEventTypes, outputEventTypes } = service;
  const deals = (each: string) => inputEventTypes.includes(each) || outputEventTypes.includes(each);
  if (eventTypes.length > 0 && !eventTypes.some(deals)) return false;
  return Object.entries(metadata).every(([key, value]) =>
    Object.hasOwn(service.metadata, key) && service.metadata[key] === value
  );
}

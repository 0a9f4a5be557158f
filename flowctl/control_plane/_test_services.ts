import { FakeClock } from "../component/mod.ts";
import { Registry, type RegistryOptions, type ServiceChange } from "./registry.ts";
import { noStorage } from "./storage.ts";

export * from "../service/testing/mod.ts";

/** A registry on a clock that stands still, whose changes are written down as `what id`. */
export function fakeRegistry(options: Partial<RegistryOptions> = {}) {
  const clock = options.clock as FakeClock ?? new FakeClock();
  const changes: string[] = [];
  const onChange = ({ what, service }: ServiceChange) => changes.push(`${what} ${service.id}`);
  const registry = new Registry({ clock, storage: noStorage, onChange, ...options });
  registry.start();
  return { clock, registry, changes };
}

import { assertEquals } from "@std/assert";
import { loadConfig, parseDeclaration, PRODUCT_COMPONENTS } from "../config/mod.ts";
import { poolOptionsOf, resolveLimits } from "./pool_options.ts";

for (const { name } of PRODUCT_COMPONENTS) {
  const file = new URL(`../../components/${name}/component.yaml`, import.meta.url);
  const declaration = parseDeclaration(Deno.readTextFileSync(file));
  const limits = (set: Readonly<Record<string, string>>) =>
    poolOptionsOf(loadConfig({
      declaration,
      env: { get: (name) => name in set ? set[name] : undefined },
      profile: "local",
    }));

  Deno.test(`without variables, the pool of ${name} has the defaults of a pool`, () => {
    assertEquals(limits({}), resolveLimits({}));
  });

  Deno.test(`each variable sets what it says of the pool of ${name}`, () => {
    const set = {
      CONNECTION_POOL_MAX_CONNECTIONS: "7",
      CONNECTION_POOL_MIN_CONNECTIONS: "3",
      CONNECTION_POOL_IDLE_TIMEOUT: "9s",
      CONNECTION_POOL_HEALTH_CHECK_INTERVAL: "8s",
      CONNECTION_POOL_CONNECT_TIMEOUT: "6s",
      CONNECTION_POOL_LOAD_BALANCING: "least_loaded",
    };
    assertEquals(limits(set), {
      max: 7,
      min: 3,
      idleTimeoutMs: 9_000,
      healthCheckIntervalMs: 8_000,
      connectTimeoutMs: 6_000,
      loadBalancing: "least_loaded",
    });
  });
}

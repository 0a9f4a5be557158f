import { assertEquals } from "@std/assert";
import { COMPONENT_NAMES, environmentOf, productDeclaration } from "./_test_declaration.ts";
import { describeProblem } from "./config_error.ts";
import { resolveConfig } from "./load_config.ts";
import { builtInProfiles, loadProfile } from "./profile.ts";

const VARIABLES = [
  "ENABLE_FLOWCTL",
  "FLOWCTL_ENDPOINT",
  "FLOWCTL_HEARTBEAT_INTERVAL",
  "CONNECTION_POOL_MIN_CONNECTIONS",
  "CONNECTION_POOL_MAX_CONNECTIONS",
  "CONNECTION_POOL_IDLE_TIMEOUT",
  "MONITORING_INTERVAL",
];

/** What each profile makes of those variables. */
const PROFILES: Readonly<Record<string, readonly string[]>> = {
  local: ["false", "localhost:8080", "10s", "2", "10", "5m", "5s"],
  flowctl: ["true", "localhost:8080", "10s", "2", "10", "5m", "5s"],
  development: ["true", "localhost:8080", "5s", "1", "5", "2m", "3s"],
  production: ["true", "flowctl-prod.example.com:8080", "15s", "5", "20", "10m", "5s"],
};

Deno.test("the product has four profiles", () => {
  assertEquals(builtInProfiles(), Object.keys(PROFILES));
});

for (const [profile, texts] of Object.entries(PROFILES)) {
  const origin = profile === "local" ? "default" : "profile";
  Deno.test(`the profile ${profile} sets what its row of the table says, and nothing else`, () => {
    for (const component of COMPONENT_NAMES) {
      const declaration = productDeclaration(component);
      const { config } = resolveConfig({ declaration, env: environmentOf({}), profile });
      assertEquals(VARIABLES.map((name) => config.text(name)), texts);
      for (const name of VARIABLES) assertEquals(config.origin(name).kind, origin, name);
    }
    const { variables, components, description } = loadProfile(profile);
    const simulated = profile === "production" ? [] : ["SOURCE_TYPE"];
    const own = ["flowctl", "development"].includes(profile) ? ["START_CONTROL_PLANE"] : [];
    const expected = [...simulated, ...own, ...(profile === "local" ? [] : VARIABLES)];
    assertEquals(Object.keys(variables).toSorted(), expected.toSorted());
    assertEquals(components, {});
    assertEquals(description !== "", true);
  });
}

Deno.test("every built-in profile can be used as it is, but production asks where ledgers come from", () => {
  for (const profile of builtInProfiles()) {
    for (const component of COMPONENT_NAMES) {
      const declaration = productDeclaration(component);
      const { problems } = resolveConfig({ declaration, env: environmentOf({}), profile });
      const asks = profile === "production" && component === "stellar-arrow-source";
      assertEquals(
        problems.map(describeProblem),
        asks
          ? [
            "SOURCE_TYPE: is not set and must be one of simulated, filesystem; " +
            "for example SOURCE_TYPE=filesystem",
          ]
          : [],
      );
    }
  }
});

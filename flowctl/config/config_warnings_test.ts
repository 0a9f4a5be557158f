import { assertEquals, assertStringIncludes } from "@std/assert";
import { environmentOf, productDeclaration } from "./_test_declaration.ts";
import { describeProblem } from "./config_error.ts";
import { resolveConfig } from "./load_config.ts";

const FILES: Readonly<Record<string, string>> = {
  "/mine.yaml": "extends: ./base.yaml",
  "/base.yaml": "extends: production\nvariables: { SOURCE_TYPE: simulated }",
  "/other.yaml": "extends: flowctl",
};

function told(component: string, profile: string, variables: Record<string, string>): string[] {
  const { warnings, problems } = resolveConfig({
    declaration: productDeclaration(component),
    env: environmentOf(variables),
    profile,
    readText: (path) => FILES[path]!,
  });
  assertEquals(problems, []);
  return warnings.map(describeProblem);
}

Deno.test("made-up ledgers in production are warned of, with value and origin, and can be used", () => {
  const [warning, ...more] = told("stellar-arrow-source", "production", {
    SOURCE_TYPE: "simulated",
  });
  assertEquals(more, []);
  assertStringIncludes(warning!, 'SOURCE_TYPE: "simulated" (environment variable SOURCE_TYPE) is');
  assertStringIncludes(warning!, "for example SOURCE_TYPE=filesystem");
});

Deno.test("a profile that extends production, however far, is production", () => {
  assertEquals(told("stellar-arrow-source", "/mine.yaml", {}).length, 1);
  assertEquals(told("stellar-arrow-source", "/other.yaml", {}), []);
});

Deno.test("registering as loopback while listening everywhere is warned of, with both variables", () => {
  const open = { BIND_ADDRESS: "0.0.0.0", ALLOW_INSECURE: "true" };
  for (const component of ["stellar-arrow-source", "ttp-arrow-processor", "arrow-analytics-sink"]) {
    const [warning, ...more] = told(component, "flowctl", open);
    assertEquals(more, []);
    assertStringIncludes(warning!, 'BIND_ADDRESS: "0.0.0.0" (environment variable BIND_ADDRESS)');
    assertStringIncludes(warning!, "for example ADVERTISE_ADDRESS=node1.example.com");
    assertEquals(told(component, "flowctl", { ...open, BIND_ADDRESS: "::" }).length, 1);
    for (
      const fine of [
        { ...open, ADVERTISE_ADDRESS: "node1.example.com" },
        { ...open, BIND_ADDRESS: "10.0.0.5" },
        { ...open, ENABLE_FLOWCTL: "false" },
        {},
      ]
    ) assertEquals(told(component, "flowctl", fine), []);
  }
});

Deno.test("nothing is warned of in other profiles, with real ledgers, or of other components", () => {
  assertEquals(told("stellar-arrow-source", "local", {}), []);
  assertEquals(told("stellar-arrow-source", "production", { SOURCE_TYPE: "filesystem" }), []);
  assertEquals(told("arrow-analytics-sink", "production", { SOURCE_TYPE: "simulated" }), []);
});

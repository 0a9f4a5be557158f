import { assertEquals } from "@std/assert";
import { violationLine, violations } from "./import_direction.ts";

function rules(from: string, to: string): string[] {
  return violations([{ from, to }]).map(violationLine);
}

Deno.test("imports along the arrows and through doors are accepted", () => {
  for (
    const [from, to] of [
      ["components/ttp-arrow-processor/main.ts", "flight/mod.ts"],
      ["components/ttp-arrow-processor/main.ts", "stellar/lake/mod.ts"],
      ["components/ttp-arrow-processor/main.ts", "components/ttp-arrow-processor/batch.ts"],
      ["components/ttp-arrow-processor/main.ts", "components/ttp-arrow-processor/component.yaml"],
      ["flight/server.ts", "arrow/mod.ts"],
      ["flight/server.ts", "grpc/mod.ts"],
      ["flowctl/control_plane/server.ts", "grpc/mod.ts"],
      ["flowctl/config/profile.ts", "profiles/local.yaml"],
      ["stellar/lake/batch.ts", "stellar/sha256.ts"],
      ["pipeline/supervisor.ts", "flowctl/mod.ts"],
      ["tests/e2e/a_test.ts", "stellar/mod.ts"],
      ["tests/e2e/a_test.ts", "tests/e2e/run.ts"],
      ["tools/gate.ts", "tools/tally.ts"],
    ] as const
  ) {
    assertEquals(rules(from, to), []);
  }
});

Deno.test("an import against the arrows is named with file, import and rule", () => {
  assertEquals(rules("stellar/sac.ts", "arrow/mod.ts"), [
    "stellar/sac.ts imports arrow/mod.ts: stellar may import no other part of the project",
  ]);
  assertEquals(rules("pipeline/cli.ts", "flight/mod.ts"), [
    "pipeline/cli.ts imports flight/mod.ts: pipeline may import only flowctl",
  ]);
  assertEquals(rules("components/a/x.ts", "components/b/mod.ts"), [
    "components/a/x.ts imports components/b/mod.ts: components do not import each other",
  ]);
  assertEquals(rules("flight/server.ts", "tests/e2e/run.ts"), [
    "flight/server.ts imports tests/e2e/run.ts: flight may not import tests",
  ]);
});

Deno.test("an import past a folder's door is refused, for tests too", () => {
  assertEquals(rules("stellar/sac.ts", "stellar/lake/batch.ts"), [
    "stellar/sac.ts imports stellar/lake/batch.ts: outside stellar/lake/ only its mod.ts may be imported",
  ]);
  assertEquals(rules("tests/e2e/a_test.ts", "arrow/columns.ts"), [
    "tests/e2e/a_test.ts imports arrow/columns.ts: outside arrow/ only its mod.ts may be imported",
  ]);
});

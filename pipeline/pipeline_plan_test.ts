import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type PlanOptions, planPipeline, readDeclarations, stagesOf } from "./pipeline_plan.ts";

function options(env: Record<string, string> = {}): PlanOptions {
  return { profile: "local", env: { get: (name) => env[name], toObject: () => env } };
}

const READY = { component: "x", ports: { flight: 4711, health: 4712 } };

Deno.test("the local profile resolves for all three components", async () => {
  const plan = planPipeline(await readDeclarations(), options());
  assertEquals(plan.problems, []);
  assertEquals(plan.components.map(({ declaration }) => declaration.type), [
    "SOURCE",
    "PROCESSOR",
    "SINK",
  ]);
});

Deno.test("problems of all components are told at once", async () => {
  const { problems } = planPipeline(
    await readDeclarations(),
    options({ STELLAR_ARROW_SOURCE_PORT: "x", ARROW_ANALYTICS_SINK_END_LEDGER: "-1" }),
  );
  assertEquals(problems.length, 2);
  assertStringIncludes(problems.join(), "STELLAR_ARROW_SOURCE_PORT");
  assertStringIncludes(problems.join(), "ARROW_ANALYTICS_SINK_END_LEDGER");
});

Deno.test("the same port for two components is a problem", async () => {
  const env = { STELLAR_ARROW_SOURCE_PORT: "9000", TTP_ARROW_PROCESSOR_PORT: "9000" };
  const { problems } = planPipeline(await readDeclarations(), options(env));
  assertEquals(problems.length, 1);
  assertStringIncludes(problems[0] ?? "", "9000");
});

Deno.test("a name that nearly is a variable is warned of", async () => {
  const { warnings } = planPipeline(
    await readDeclarations(),
    options({ STRAT_LEDGER: "5", SSL_CERT_FILE: "x" }),
  );
  assertEquals(warnings, [
    "STRAT_LEDGER is set but no component knows it; did you mean START_LEDGER?",
  ]);
});

Deno.test("a component is told the real address of the one before, and may connect to it only", async () => {
  const plan = planPipeline(await readDeclarations(), options());
  const launch = stagesOf(plan, options())[1]!.launch(READY);
  assertEquals(launch.env.TTP_ARROW_PROCESSOR_SOURCE_ENDPOINT, "127.0.0.1:4711");
  const net = launch.args.find((flag) => flag.startsWith("--allow-net"));
  assertStringIncludes(net ?? "", "127.0.0.1:4711");
  assert(!net!.includes("127.0.0.1:8815"));
  assertEquals(launch.args.filter((flag) => /^(-A|--allow-(all|run|ffi|sys))/.test(flag)), []);
});

Deno.test("an upstream that the user names is kept", async () => {
  const named = options({ SOURCE_ENDPOINT: "127.0.0.1:9999" });
  const plan = planPipeline(await readDeclarations(), named);
  const launch = stagesOf(plan, named)[1]!.launch(READY);
  assertEquals(launch.env.TTP_ARROW_PROCESSOR_SOURCE_ENDPOINT, "127.0.0.1:9999");
});

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readDeclarations } from "./component_command.ts";
import { type PipelinePlan, planPipeline } from "./pipeline_plan.ts";
import type { PlanOptions } from "./planned_component.ts";
import { healthHost, stagesOf } from "./stages.ts";

function options(env: Record<string, string> = {}): PlanOptions {
  return { profile: "local", env: { get: (name) => env[name], toObject: () => env } };
}

async function plan(options: PlanOptions): Promise<PipelinePlan> {
  return await planPipeline(await readDeclarations(), options);
}

const READY = { component: "x", ports: { flight: 4711, health: 4712 } };

Deno.test("the local profile resolves for all three components", async () => {
  const planned = await plan(options());
  assertEquals(planned.problems, []);
  assertEquals(planned.components.map(({ declaration }) => declaration.type), [
    "SOURCE",
    "PROCESSOR",
    "SINK",
  ]);
});

Deno.test("problems of all components are told at once", async () => {
  const { problems } = await plan(
    options({ STELLAR_ARROW_SOURCE_PORT: "x", ARROW_ANALYTICS_SINK_END_LEDGER: "-1" }),
  );
  assertEquals(problems.length, 2);
  assertStringIncludes(problems.join(), "STELLAR_ARROW_SOURCE_PORT");
  assertStringIncludes(problems.join(), "ARROW_ANALYTICS_SINK_END_LEDGER");
});

Deno.test("a port without a component's name has no effect in a pipeline, and that is said", async () => {
  const { warnings } = await plan(options({ PORT: "9000", HEALTH_PORT: "" }));
  assertEquals(warnings.length, 1);
  assertStringIncludes(warnings[0]!, "PORT has no effect in a pipeline");
  assertStringIncludes(warnings[0]!, "STELLAR_ARROW_SOURCE_PORT");
});

Deno.test("what the alerts of the run's control plane name is looked at before the start", async () => {
  const folder = await Deno.makeTempDir();
  const ALERT_RULES_PATH = `${folder}/rules.yaml`;
  const planned = (env: Record<string, string>) =>
    plan({ ...options(env), profile: "development" });
  try {
    const ALERT_WEBHOOK_URL = "https://example.com:99999/hush";
    const missing = (await planned({ ALERT_RULES_PATH, ALERT_WEBHOOK_URL })).problems;
    assertEquals(missing.length, 2, missing.join("\n"));
    assertStringIncludes(missing[0]!, `ALERT_RULES_PATH: "${ALERT_RULES_PATH}"`);
    assertStringIncludes(missing[1]!, "ALERT_WEBHOOK_URL");
    assertEquals(missing[1]!.includes("hush"), false);
    await Deno.writeTextFile(ALERT_RULES_PATH, "rules: none\n");
    const [wrong] = (await planned({ ALERT_RULES_PATH })).problems;
    assertStringIncludes(wrong!, "line 1, rules: must be a list");
    await Deno.writeTextFile(ALERT_RULES_PATH, "rules: []\n");
    assertEquals((await planned({ ALERT_RULES_PATH })).problems, []);
    // Without a control plane nobody reads it.
    assertEquals((await plan(options({ ALERT_RULES_PATH: "/none" }))).problems, []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the same port for two components is a problem", async () => {
  const env = { STELLAR_ARROW_SOURCE_PORT: "9000", TTP_ARROW_PROCESSOR_PORT: "9000" };
  const { problems } = await plan(options(env));
  assertEquals(problems.length, 1);
  assertStringIncludes(problems[0] ?? "", "9000");
});

Deno.test("a name that nearly is a variable is warned of", async () => {
  const { warnings } = await plan(
    options({ STRAT_LEDGER: "5", SSL_CERT_FILE: "x" }),
  );
  assertEquals(warnings, [
    "STRAT_LEDGER is set but no component knows it; did you mean START_LEDGER?",
  ]);
});

Deno.test("a name of a profile that no component declares is warned of", async () => {
  const profile = {
    name: "./mine.yaml",
    description: "",
    variables: { SOURCE_TYPE: "simulated", DATABASE_URL: "x" },
    components: {},
  };
  const { problems, warnings } = await plan({
    ...options(),
    profile,
  });
  assertEquals(problems, []);
  assertEquals(warnings, [
    "variables.DATABASE_URL in profile ./mine.yaml: no component declares it",
  ]);
});

Deno.test("a component is told the real address of the one before, and may connect to it only", async () => {
  const planned = await plan(options());
  const launch = stagesOf(planned, options())[1]!.launch(READY, undefined);
  assertEquals(launch.env.TTP_ARROW_PROCESSOR_SOURCE_ENDPOINT, "127.0.0.1:4711");
  const net = launch.args.find((flag) => flag.startsWith("--allow-net"));
  assertStringIncludes(net ?? "", "127.0.0.1:4711");
  assert(!net!.includes("127.0.0.1:8815"));
  assertEquals(launch.args.filter((flag) => /^(-A|--allow-(all|run|ffi|sys))/.test(flag)), []);
});

Deno.test("a component whose upstream is left out of the run is not told the one before that", async () => {
  const names = ["stellar-arrow-source", "arrow-analytics-sink"];
  for (const env of [{}, { TLS_CERT_FILE: "a", TLS_KEY_FILE: "b" }]) {
    const without = { ...options(env), components: names };
    const planned = await plan(without);
    assertEquals(planned.problems, []);
    const launch = stagesOf(planned, without)[1]!.launch(READY, undefined);
    assertEquals(launch.env.ARROW_ANALYTICS_SINK_PROCESSOR_ENDPOINT, undefined);
    const net = launch.args.find((flag) => flag.startsWith("--allow-net"));
    assertStringIncludes(net ?? "", "127.0.0.1:8816");
  }
});

Deno.test("upstreams that the user names are kept, one or several", async () => {
  for (const endpoints of ["127.0.0.1:9999", "127.0.0.1:9999,127.0.0.1:9998"]) {
    const named = options({ SOURCE_ENDPOINT: endpoints });
    const planned = await plan(named);
    const launch = stagesOf(planned, named)[1]!.launch(READY, undefined);
    assertEquals(launch.env.TTP_ARROW_PROCESSOR_SOURCE_ENDPOINT, endpoints);
    const net = launch.args.find((flag) => flag.startsWith("--allow-net"));
    assertStringIncludes(net ?? "", `,${endpoints}`);
  }
});

Deno.test("with TLS a component is told a name that a certificate can have, and may connect to it only", async () => {
  const files = { TLS_CERT_FILE: "a", TLS_KEY_FILE: "b", TLS_CA_FILE: "c" };
  for (const address of ["127.0.0.1", "localhost", "0.0.0.0"]) {
    const secured = options({ ...files, AUTH_TOKEN_FILE: "d", BIND_ADDRESS: address });
    const planned = await plan(secured);
    assertEquals(planned.problems, []);
    const launch = stagesOf(planned, secured)[1]!.launch(READY, undefined);
    assertEquals(launch.env.TTP_ARROW_PROCESSOR_SOURCE_ENDPOINT, "localhost:4711");
    const net = launch.args.find((flag) => flag.startsWith("--allow-net"));
    const own = address === "localhost" ? "127.0.0.1" : address;
    assertEquals(net, `--allow-net=${own}:8816,${own}:8089,localhost:4711`);
  }
});

Deno.test("TLS without the authority is one problem of the whole pipeline", async () => {
  const half = options({ TLS_CERT_FILE: "a", TLS_KEY_FILE: "b" });
  const { problems } = await plan(half);
  assertEquals(problems.length, 1);
  assertStringIncludes(problems[0]!, "TLS_CA_FILE: must be set in a pipeline with TLS_CERT_FILE");
});

Deno.test("a component bound to localhost listens on loopback's address, which it may open", async () => {
  const named = options({ BIND_ADDRESS: "localhost" });
  const planned = await plan(named);
  const stage = stagesOf(planned, named)[0]!;
  const launch = stage.launch(undefined, undefined);
  assertEquals(healthHost(planned.components[0]!), "127.0.0.1");
  assertEquals(launch.env.STELLAR_ARROW_SOURCE_BIND_ADDRESS, "127.0.0.1");
  assert(launch.args.includes("--allow-net=127.0.0.1:8815,127.0.0.1:8088"));
});

Deno.test("a component bound to a name registers under it, unless another is advertised", async () => {
  const bound = { BIND_ADDRESS: "node1.example.com", ALLOW_INSECURE: "true" };
  const launched = async (env: Record<string, string>) => {
    const named = options(env);
    const planned = await plan(named);
    const components = planned.components.map((each) => ({ ...each, listen: "10.0.0.5" }));
    return stagesOf({ ...planned, components }, named)[1]!.launch(READY, undefined).env;
  };
  const env = await launched(bound);
  assertEquals(
    [env.TTP_ARROW_PROCESSOR_BIND_ADDRESS, env.TTP_ARROW_PROCESSOR_ADVERTISE_ADDRESS],
    ["10.0.0.5", "node1.example.com"],
  );
  const other = await launched({ ...bound, ADVERTISE_ADDRESS: "other.example.com" });
  assertEquals(other.TTP_ARROW_PROCESSOR_ADVERTISE_ADDRESS, "other.example.com");
  const local = await launched({ BIND_ADDRESS: "localhost" });
  assertEquals(local.TTP_ARROW_PROCESSOR_ADVERTISE_ADDRESS, undefined);
});

Deno.test("an address that nobody knows is a problem, said once", async () => {
  const unknown = options({ BIND_ADDRESS: "no-such-name.invalid", ALLOW_INSECURE: "true" });
  const { problems } = await plan(unknown);
  assertEquals(problems.length, 1);
  assertStringIncludes(problems[0]!, "no-such-name.invalid");
});

Deno.test("a component that is started again keeps its ports, which others know", async () => {
  const free = options({ TTP_ARROW_PROCESSOR_PORT: "0" });
  const stage = stagesOf(await plan(free), free)[1]!;
  assertEquals(stage.launch(READY, undefined).env.TTP_ARROW_PROCESSOR_PORT, "0");
  const again = stage.launch(READY, { component: "x", ports: { flight: 5001, health: 5002 } });
  assertEquals(again.env.TTP_ARROW_PROCESSOR_PORT, "5001");
  assertEquals(again.env.TTP_ARROW_PROCESSOR_HEALTH_PORT, "5002");
  assertStringIncludes(again.args.join(" "), "127.0.0.1:5001,127.0.0.1:5002");
});

Deno.test("what --set sets comes before the environment, for one component or for all", async () => {
  const settings = new Map([["BATCH_SIZE", "7"], ["STELLAR_ARROW_SOURCE_BATCH_SIZE", "8"]]);
  const { components, problems } = await plan({ ...options({ BATCH_SIZE: "5" }), settings });
  assertEquals(problems, []);
  const [source, processor] = components.map(({ config }) => config);
  assertEquals([source!.integer("BATCH_SIZE"), processor!.integer("BATCH_SIZE")], [8, 7]);
});

Deno.test("a component is told where the user set its values, and what the manager settled", async () => {
  const named = { ...options({ BATCH_SIZE: "7" }), settings: new Map([["EVENTS_MODE", "all"]]) };
  const planned = await plan(named);
  const { env } = stagesOf(planned, named)[1]!.launch(READY, undefined);
  const origins = JSON.parse(env.PIPELINE_ORIGINS!);
  assertEquals(origins.BATCH_SIZE, { kind: "environment", name: "BATCH_SIZE" });
  assertEquals(origins.EVENTS_MODE, { kind: "setting", name: "EVENTS_MODE" });
  assertEquals(origins.SOURCE_ENDPOINT, { kind: "manager", name: "SOURCE_ENDPOINT" });
  // Nobody set them.
  assertEquals([origins.BIND_ADDRESS, origins.LOG_LEVEL], [undefined, undefined]);
});

import { assertEquals, assertStringIncludes } from "@std/assert";
import { describeOrigin } from "../../flowctl/mod.ts";
import { readDeclarations } from "./component_command.ts";
import { withOwnControlPlane } from "./own_control_plane.ts";
import { type PipelinePlan, planPipeline } from "./pipeline_plan.ts";
import type { PlanOptions } from "./planned_component.ts";
import { stagesOf } from "./stages.ts";

function options(profile: string, env: Record<string, string> = {}): PlanOptions {
  return { profile, env: { get: (name) => env[name], toObject: () => env } };
}

async function plan(profile: string, env: Record<string, string> = {}): Promise<PipelinePlan> {
  return await planPipeline(await readDeclarations(), options(profile, env));
}

const NOBODY = () => Promise.resolve("nothing listens there");
const SOMEBODY = () => Promise.resolve(undefined);
const NO_TROUBLE = SOMEBODY;

Deno.test("flowctl and development start a control plane of their own where nobody has one", async () => {
  for (const profile of ["flowctl", "development"]) {
    const planned = await plan(profile);
    assertEquals(planned.problems, []);
    const own = await withOwnControlPlane(planned, NOBODY);
    assertEquals(own.plan.components.map(({ declaration }) => declaration.type), [
      "CONTROL_PLANE",
      "SOURCE",
      "PROCESSOR",
      "SINK",
    ]);
    assertStringIncludes(own.found!, "127.0.0.1:8080");
    const others = await withOwnControlPlane(planned, SOMEBODY, NO_TROUBLE);
    assertEquals([others.plan.components.length, others.warning], [3, undefined]);
    const trouble = () => Promise.resolve("no gRPC server listens there");
    const strange = await withOwnControlPlane(planned, SOMEBODY, trouble);
    assertEquals([strange.plan.components.length, strange.found], [3, undefined]);
    assertStringIncludes(strange.warning!, "no gRPC server listens there; the pipeline goes on");
  }
});

Deno.test("its address is that of FLOWCTL_ENDPOINT, it keeps nothing, and data does not need it", async () => {
  const env = { FLOWCTL_ENDPOINT: "127.0.0.1:9999" };
  const { plan: own } = await withOwnControlPlane(await plan("flowctl", env), NOBODY);
  const [controlPlane, source] = stagesOf(own, options("flowctl", env));
  assertEquals([controlPlane!.isEssential, source!.isEssential], [false, true]);
  const { env: given } = controlPlane!.launch(undefined, undefined);
  assertEquals(given.FLOWCTL_CONTROL_PLANE_STATE_PATH, ":memory:");
  const { config } = own.components[0]!;
  assertEquals([config.integer("PORT"), config.string("STATE_PATH")], [9999, ":memory:"]);
});

Deno.test("what nobody has written is told to come from the manager, and its port from whoever named the endpoint", async () => {
  const origins = async (env: Record<string, string>, settings: [string, string][] = []) => {
    const given = { ...options("flowctl", env), settings: new Map(settings) };
    const { controlPlane } = await planPipeline(await readDeclarations(), given);
    return ["STATE_PATH", "PORT", "BIND_ADDRESS"].map((name) =>
      describeOrigin(controlPlane!.config.origin(name))
    );
  };
  const manager = "the pipeline manager";
  assertEquals(await origins({}), [manager, "profile flowctl", manager]);
  assertEquals(
    await origins({ FLOWCTL_ENDPOINT: "127.0.0.1:9999" }, [["STATE_PATH", "./state.sqlite"]]),
    ["--set STATE_PATH", "environment variable FLOWCTL_ENDPOINT", manager],
  );
});

Deno.test("the control plane, and no component, is started with a small young generation", async () => {
  const { plan: own } = await withOwnControlPlane(await plan("flowctl"), NOBODY);
  const flags = stagesOf(own, options("flowctl")).map((stage) => {
    const { args } = stage.launch(undefined, undefined);
    return args.filter((arg) => arg.startsWith("--v8-flags"));
  });
  assertEquals(flags, [["--v8-flags=--max-semi-space-size=2"], [], [], []]);
});

Deno.test("local, production, and an endpoint elsewhere have none", async () => {
  const cases: [string, Record<string, string>][] = [
    ["local", {}],
    ["production", { SOURCE_TYPE: "filesystem" }],
    ["flowctl", { FLOWCTL_ENDPOINT: "plane.example.com:8080" }],
    ["flowctl", { START_CONTROL_PLANE: "false" }],
    ["flowctl", { ENABLE_FLOWCTL: "false" }],
  ];
  for (const [profile, env] of cases) {
    assertEquals((await plan(profile, env)).controlPlane, undefined, JSON.stringify(env));
  }
});

Deno.test("its ports must be its own, and TLS must be on both sides", async () => {
  const shared = await plan("flowctl", { FLOWCTL_ENDPOINT: "localhost:8815" });
  assertEquals(shared.problems.length, 1);
  assertStringIncludes(shared.problems[0]!, "8815");
  const tls = { TLS_CERT_FILE: "a", TLS_KEY_FILE: "b", TLS_CA_FILE: "c" };
  const serverOnly = await plan("flowctl", tls);
  assertStringIncludes(serverOnly.problems.join(), "FLOWCTL_TLS_CA_FILE: must be set");
  const clientOnly = await plan("flowctl", { FLOWCTL_TLS_CA_FILE: "c" });
  assertStringIncludes(clientOnly.problems.join(), "TLS_CERT_FILE: must be set");
  assertEquals((await plan("flowctl", { ...tls, FLOWCTL_TLS_CA_FILE: "c" })).problems, []);
});

import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { planPipeline, readDeclarations } from "../plan/mod.ts";
import { StateFolder } from "../state/mod.ts";
import { examine } from "./examine.ts";
import type { Finding } from "./finding.ts";

const FREE: Readonly<Record<string, string>> = {
  STELLAR_ARROW_SOURCE_PORT: "0",
  STELLAR_ARROW_SOURCE_HEALTH_PORT: "0",
  TTP_ARROW_PROCESSOR_PORT: "0",
  TTP_ARROW_PROCESSOR_HEALTH_PORT: "0",
  ARROW_ANALYTICS_SINK_PORT: "0",
  ARROW_ANALYTICS_SINK_HEALTH_PORT: "0",
};

async function examined(
  folder: string,
  variables: Record<string, string>,
  profile = "local",
  isReachable = false,
  trouble?: string,
): Promise<Finding[]> {
  const paths = { STORAGE_PATH: join(folder, "lake"), OUTPUT_PATH: join(folder, "out") };
  const env = { ...FREE, ...paths, ...variables };
  const plan = await planPipeline(await readDeclarations(), {
    profile,
    env: { get: (name) => (env as Record<string, string>)[name], toObject: () => env },
  });
  return await examine(plan, new StateFolder(join(folder, "state")), {
    denoVersion: "2.9.6",
    now: () => Date.UTC(2026, 0, 1),
    run: (program) => Promise.resolve(program === "df" ? "head\nx 1 1 99999999 1% /" : undefined),
    whyNotReachable: () => Promise.resolve(isReachable ? undefined : "nothing listens there"),
    controlPlaneTrouble: () => Promise.resolve(trouble),
  });
}

function of(findings: readonly Finding[], what: string): string[] {
  return findings.filter((finding) => finding.what === what)
    .map(({ result, found }) => `${result}: ${found}`);
}

async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  await test(folder);
  await Deno.remove(folder, { recursive: true });
}

Deno.test("where nothing is wrong every finding is ok, and nothing is made", async () => {
  await withFolder(async (folder) => {
    const findings = await examined(folder, {});
    assertEquals(findings.filter(({ result }) => result !== "ok"), []);
    assertEquals(of(findings, "ports"), ["ok: free ones are picked"]);
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  });
});

Deno.test("what is wrong is told with what to do, everything at once", async () => {
  await withFolder(async (folder) => {
    using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    await Deno.writeTextFile(join(folder, "file"), "");
    const findings = await examined(folder, {
      SOURCE_TYPE: "filesystem",
      BATCH_SIZE: "0",
      OUTPUT_PATH: join(folder, "file/out"),
      TTP_ARROW_PROCESSOR_PORT: String((taken.addr as Deno.NetAddr).port),
    });
    for (const what of ["configuration", "folders", "ports"]) {
      const found = findings.filter((finding) => finding.what === what);
      assertEquals(found.every(({ result }) => result === "problem"), true, what);
      assertEquals(found.every(({ advice }) => advice !== undefined), true, what);
    }
    const folders = of(findings, "folders").join("\n");
    assertStringIncludes(folders, "is a file");
    assertStringIncludes(folders, 'STORAGE_PATH: "');
  });
});

Deno.test("a control plane or an upstream that does not answer is a warning: data flows once it does", async () => {
  await withFolder(async (folder) => {
    const elsewhere = { FLOWCTL_ENDPOINT: "plane.example.com:8080", SOURCE_ENDPOINT: "a:1,b:2" };
    const lost = await examined(folder, elsewhere, "flowctl");
    assertEquals(of(lost, "control plane").length, 1);
    assertStringIncludes(of(lost, "control plane")[0]!, "warning: nothing answers");
    assertEquals(of(lost, "upstream").length, 2);
    const there = await examined(folder, elsewhere, "flowctl", true);
    assertEquals(of(there, "control plane"), ["ok: answers at plane.example.com:8080"]);
    const strange = await examined(folder, elsewhere, "flowctl", true, "no gRPC server");
    assertEquals(of(strange, "control plane"), [
      "warning: what listens at plane.example.com:8080 does not answer as one: no gRPC server",
    ]);
    const own = await examined(folder, {}, "flowctl");
    assertStringIncludes(of(own, "control plane")[0]!, "ok: nobody has one");
  });
});

Deno.test("the ports of a pipeline that runs are its own", async () => {
  await withFolder(async (folder) => {
    await using _lock = await new StateFolder(join(folder, "state")).claim();
    assertStringIncludes(of(await examined(folder, {}), "ports")[0]!, "used by the pipeline");
  });
});

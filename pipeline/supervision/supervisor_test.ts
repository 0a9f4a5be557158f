import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Stage, Supervisor, SUPERVISOR_TIMES } from "./supervisor.ts";

/** A component that serves its health, says it is ready, and then does as `body` says. */
function program(body: string, options: { ready?: boolean } = {}): string {
  return `
    const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} },
      () => Response.json({ status: "healthy", details: { cursor: 7 } }));
    const ready = { component: "x", ports: { flight: 1, health: server.addr.port } };
    if (${options.ready ?? true}) console.log("@ready " + JSON.stringify(ready));
    ${body}`;
}

const STOPS =
  `Deno.addSignalListener("SIGTERM", () => { console.log("stopping"); Deno.exit(0); });`;

function stage(component: string, body: string, options: { ready?: boolean } = {}): Stage {
  return {
    component,
    host: "127.0.0.1",
    launch: (before) => ({
      component,
      command: Deno.execPath(),
      args: ["eval", "--no-lock", "--no-config", program(body, options)],
      env: { UPSTREAM: before === undefined ? "" : String(before.ports.flight), NO_COLOR: "1" },
    }),
  };
}

interface Told {
  readonly lines: string[];
  readonly problems: string[];
}

function supervise(stages: readonly Stage[], times = SUPERVISOR_TIMES) {
  const told: Told = { lines: [], problems: [] };
  const supervisor = new Supervisor(stages, {
    started: () => {},
    line: (component, text) => told.lines.push(`${component}: ${text}`),
    problem: (text) => told.problems.push(text),
  }, times);
  return { supervisor, told };
}

Deno.test("components start in order, each with the ports of the one before, and stop in reverse", async () => {
  const { supervisor, told } = supervise([
    stage("a", STOPS),
    stage("b", `${STOPS} console.log("reads from " + Deno.env.get("UPSTREAM"));`),
  ]);
  const stop = new AbortController();
  const end = await supervisor.run(stop.signal, new AbortController().signal, async () => {
    assertEquals(await supervisor.health("b"), { cursor: 7 });
    stop.abort();
  });
  assertEquals(end, { kind: "stopped", exitCode: 0 });
  assertEquals(told.lines, ["b: reads from 1", "b: stopping", "a: stopping"]);
});

Deno.test("the last component ending with 0 finishes the run, also before it was ready", async () => {
  for (const ready of [true, false]) {
    const { supervisor, told } = supervise([
      stage("a", STOPS),
      stage("b", "setTimeout(() => Deno.exit(0), 1)", { ready }),
    ]);
    const end = await supervisor.run(
      new AbortController().signal,
      new AbortController().signal,
      () => {},
    );
    assertEquals(end, { kind: "finished", exitCode: 0 });
    assertEquals(told.problems, []);
  }
});

Deno.test("a component that fails is named, its lines are told once, and everything is stopped", async () => {
  const { supervisor, told } = supervise([
    stage("a", STOPS),
    stage("b", `console.error("the disk is full"); setTimeout(() => Deno.exit(1), 1);`),
    stage("c", STOPS),
  ]);
  const never = new AbortController().signal;
  const end = await supervisor.run(never, never, () => {});
  assertEquals(end, { kind: "failed", exitCode: 1 });
  assertEquals(told.problems, ["b failed with exit code 1; its own lines above say why"]);
  assertEquals(told.lines.filter((line) => line.includes("disk")), ["b: the disk is full"]);
  assertEquals(told.lines.at(-1), "a: stopping");
});

Deno.test("a component that ends before its work is done fails the run, a wrong configuration with 2", async () => {
  const never = new AbortController().signal;
  const early = supervise([stage("a", "Deno.exit(0)"), stage("b", STOPS)]);
  assertEquals(await early.supervisor.run(never, never, () => {}), { kind: "failed", exitCode: 1 });
  assertStringIncludes(early.told.problems[0] ?? "", "a ended before its work was done");
  const wrong = supervise([stage("a", "Deno.exit(2)", { ready: false })]);
  assertEquals((await wrong.supervisor.run(never, never, () => {})).exitCode, 2);
});

Deno.test("a component that is not ready in time fails the run", async () => {
  const { supervisor, told } = supervise([stage("a", STOPS, { ready: false })], {
    readyMs: 1,
    graceMs: 60_000,
  });
  const never = new AbortController().signal;
  assertEquals((await supervisor.run(never, never, () => {})).exitCode, 1);
  assertStringIncludes(told.problems[0] ?? "", "a was not ready within 0.001 s");
});

Deno.test("a component that does not stop is killed after the grace period, and it is said so", async () => {
  const { supervisor, told } = supervise(
    [stage("a", `Deno.addSignalListener("SIGTERM", () => {});`)],
    { ...SUPERVISOR_TIMES, graceMs: 50 },
  );
  const stop = new AbortController();
  await supervisor.run(stop.signal, new AbortController().signal, () => stop.abort());
  assertEquals(told.problems, [
    "a did not stop within 0.05 s and was killed; what it had committed is whole",
  ]);
});

Deno.test("components see the end of their standard input when the manager is gone", async () => {
  // The manager is a process of its own here, killed without any chance to say goodbye.
  const supervisorUrl = new URL("./supervisor.ts", import.meta.url).href;
  const body = `
    for await (const _ of Deno.stdin.readable);
    Deno.writeTextFileSync(Deno.env.get("GONE_FILE"), "gone");
    Deno.exit(0);`;
  const folder = await Deno.makeTempDir();
  const manager = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      "--no-lock",
      `
      import { Supervisor } from ${JSON.stringify(supervisorUrl)};
      const stage = { component: "a", host: "127.0.0.1", launch: () => ({
        component: "a", command: Deno.execPath(), env: {},
        args: ["eval", "--no-lock", "--no-config", ${JSON.stringify(program(body))}] }) };
      const never = new AbortController().signal;
      const events = { started() {}, line() {}, problem() {} };
      await new Supervisor([stage], events).run(never, never, () => console.log("up"));`,
    ],
    env: { GONE_FILE: `${folder}/gone` },
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const reader = manager.stdout.getReader();
  await reader.read();
  const watcher = Deno.watchFs(folder);
  manager.kill("SIGKILL");
  await manager.status;
  await reader.cancel();
  for await (const event of watcher) if (event.kind === "create") break;
  await Deno.remove(folder, { recursive: true });
});

import { assertEquals, assertStringIncludes } from "@std/assert";
import { loadConfig, parseDeclaration, permissionFlags } from "../config/mod.ts";

const declaration = parseDeclaration(
  await Deno.readTextFile(new URL("./testdata/component.yaml", import.meta.url)),
);
const main = new URL("./testdata/main.ts", import.meta.url).pathname;

/** The test component as a process with exactly the permissions of its configuration. */
function start(
  env: Record<string, string>,
  args: readonly string[] = [],
  output: "read" | "unread" = "read",
): TestProcess {
  const config = loadConfig({ declaration, env: { get: () => undefined } });
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "-q",
      "--no-check",
      ...permissionFlags(declaration, config),
      main,
      ...args,
    ],
    env: { ...cacheEnvironment(), ...env },
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  return new TestProcess(child, output === "read");
}

/** What Deno itself needs to find its cache. */
function cacheEnvironment(): Record<string, string> {
  const names = ["HOME", "PATH", "DENO_DIR", "XDG_CACHE_HOME"];
  const found = names.map((name) => [name, Deno.env.get(name)] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;
}

/** Standard output and error of a process as they come, and a wait for a text in them. */
class TestProcess {
  out = "";
  err = "";
  readonly #done: Promise<unknown>;
  readonly #waiting: Set<() => void> = new Set();

  constructor(readonly child: Deno.ChildProcess, read: boolean) {
    this.#done = !read ? Promise.resolve() : Promise.all([
      this.#collect(child.stdout, (text) => this.out += text),
      this.#collect(child.stderr, (text) => this.err += text),
    ]);
  }

  /** Resolves when the text has appeared; fails when the process ends without it. */
  async until(text: string): Promise<void> {
    let ended = false;
    const end = this.#done.then(() => ended = true);
    while (!this.out.includes(text) && !this.err.includes(text)) {
      if (ended) throw new Error(`ended without "${text}": ${this.out}${this.err}`);
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.add(resolve);
      await Promise.race([promise, end]);
    }
  }

  /** The exit code, and all output read. */
  async end(): Promise<number> {
    await this.#done;
    const { code } = await this.child.status;
    await this.child.stdin.close().catch(() => {});
    return code;
  }

  /** What the line `@ready` says. */
  ready(): { component: string; ports: Record<string, number>; upstream: string } {
    return JSON.parse(/^@ready (.*)$/m.exec(this.out)![1]!);
  }

  async #collect(stream: ReadableStream<Uint8Array>, add: (text: string) => void): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      add(text);
      for (const resolve of this.#waiting) resolve();
      this.#waiting.clear();
    }
  }
}

Deno.test("a component serves health and metrics, and drains on SIGTERM with exit 0", async () => {
  const process = start({ PIPELINE_CHILD: "1", SECRET: "open-sesame" });
  await process.until("@ready");
  const { component, ports, upstream } = process.ready();
  assertEquals([component, ports.flight, upstream], ["test-arrow-component", 1234, "somewhere:1"]);
  const health = await fetch(`http://127.0.0.1:${ports.health}/health`);
  const { details, progress } = await health.json();
  assertEquals([health.status, details], [200, { last_ledger: "7" }]);
  assertEquals(progress, { ledger: 7, tip: 9, ledgers_total: 5, events_total: 11 });
  const metrics = await (await fetch(`http://127.0.0.1:${ports.health}/metrics`)).text();
  assertStringIncludes(metrics, "test_answer 42");
  process.child.kill("SIGTERM");
  assertEquals(await process.end(), 0);
  assertStringIncludes(process.err, "draining ledger=7 reason=SIGTERM aborted=true");
  assertEquals(process.out.trim().split("\n").slice(-2), [
    '@done {"last_ledger":"7"}',
    '@ended {"reason":"SIGTERM"}',
  ]);
  assertEquals((process.out + process.err + metrics).includes("open-sesame"), false);
});

Deno.test("the start-up display is on standard error, standard output stays empty", async () => {
  const process = start({ BEHAVIOUR: "finish" });
  assertEquals(await process.end(), 0);
  assertEquals(process.out, "");
  assertStringIncludes(process.err, "test-arrow-component 1.2.3\n  flowctl   off\n  flight ");
});

Deno.test("with LOG_FORMAT=json every line of the log is a JSON record, the start-up too", async () => {
  const process = start({ BEHAVIOUR: "finish", TEST_ARROW_COMPONENT_LOG_FORMAT: "json" });
  assertEquals(await process.end(), 0);
  const records = process.err.trim().split("\n").map((line) => JSON.parse(line));
  const started = records.find((record) => record.message === "started");
  assertEquals([started.version, started.upstream, started.network], [
    "1.2.3",
    "somewhere:1",
    "Test",
  ]);
});

Deno.test("a component run alone writes what is probably not meant to its log, and goes on", async () => {
  const process = start(
    { BEHAVIOUR: "finish", SOURCE_TYPE: "simulated", LOG_FORMAT: "json" },
    ["--profile", "production"],
  );
  assertEquals(await process.end(), 0);
  const records = process.err.trim().split("\n").map((line) => JSON.parse(line));
  const warnings = records.filter(({ level }) => level === "warn");
  assertEquals(warnings.length, 1);
  assertStringIncludes(warnings[0].message, 'SOURCE_TYPE: "simulated"');
});

Deno.test("a child of the manager stops at the end of its standard input", async () => {
  const process = start({ PIPELINE_CHILD: "1" });
  await process.until("@ready");
  await process.child.stdin.close();
  assertEquals(await process.end(), 0);
  assertStringIncludes(process.err, "the manager is gone: stopping");
});

Deno.test("a child of the manager leaves Ctrl-C to the manager", async () => {
  const process = start({ PIPELINE_CHILD: "1" });
  await process.until("@ready");
  process.child.kill("SIGINT");
  process.child.kill("SIGTERM");
  assertEquals(await process.end(), 0);
  assertStringIncludes(process.err, "reason=SIGTERM");
});

Deno.test("a second signal ends a stop that hangs at once with exit 1", async () => {
  const process = start({ BEHAVIOUR: "hang" });
  await process.until("network   Test");
  process.child.kill("SIGINT");
  await process.until("draining");
  // One that follows at once is the echo of the first, so the user asks until it is heard.
  const asking = setInterval(() => {
    try {
      process.child.kill("SIGINT");
    } catch {
      // It has ended since.
    }
  }, 100);
  const code = await process.end();
  clearInterval(asking);
  assertEquals(code, 1);
  assertStringIncludes(process.err, "SIGINT again: stopping at once");
});

Deno.test("a signal that comes twice at once is one request to stop", async () => {
  const process = start({});
  await process.until("network   Test");
  process.child.kill("SIGTERM");
  process.child.kill("SIGTERM");
  assertEquals(await process.end(), 0);
  assertStringIncludes(process.err, "reason=SIGTERM");
});

Deno.test("a signal stops a component that is still starting", async () => {
  const process = start({ BEHAVIOUR: "hang-start" });
  await process.until("the secret is told");
  process.child.kill("SIGTERM");
  assertEquals(await process.end(), 0);
});

for (
  const [behaviour, sentence] of [
    ["fail", "the component cannot be built"],
    ["fail-start", "the lake is empty"],
    ["fail-later", "ledger 8 does not decode"],
    ["uncaught", "a mistake"],
  ] as const
) {
  Deno.test(`${behaviour}: one sentence on standard error and exit 1`, async () => {
    const process = start({ BEHAVIOUR: behaviour });
    assertEquals(await process.end(), 1);
    const errors = process.err.split("\n").filter((line) => line.includes(" ERROR "));
    assertEquals(errors.length, 1);
    assertStringIncludes(errors[0]!, sentence);
    assertEquals(process.err.includes("    at "), false);
  });
}

Deno.test("an unhealthy component answers 503", async () => {
  const process = start({ PIPELINE_CHILD: "1", BEHAVIOUR: "unhealthy" });
  await process.until("@ready");
  const health = await fetch(`http://127.0.0.1:${process.ready().ports.health}/health`);
  assertEquals([health.status, (await health.json()).status], [503, "unhealthy"]);
  process.child.kill("SIGTERM");
  assertEquals(await process.end(), 0);
});

Deno.test("a wrong configuration is told whole, with exit 2, and no secret", async () => {
  const process = start({ BEHAVIOUR: "x", SECRET: "NOT OK" }, ["--prot", "1"]);
  assertEquals(await process.end(), 2);
  assertStringIncludes(process.err, "3 problems in the configuration");
  assertEquals(process.err.includes("NOT OK"), false);
});

Deno.test("--help and --version answer on standard output without a configuration", async () => {
  const version = start({ BEHAVIOUR: "x" }, ["--version"]);
  assertEquals([await version.end(), version.out], [0, "test-arrow-component 1.2.3\n"]);
  const help = start({}, ["--help"]);
  assertEquals(await help.end(), 0);
  assertStringIncludes(help.out, "--behaviour  BEHAVIOUR");
});

Deno.test("a component whose log nobody reads any more goes on and stops in order", async () => {
  const { child } = start({ PIPELINE_CHILD: "1" }, [], "unread");
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  await child.stderr.cancel();
  child.kill("SIGTERM");
  assertEquals((await child.status).code, 0);
  await child.stdin.close();
});

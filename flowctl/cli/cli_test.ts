import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { certificates, hasOpenssl } from "../../grpc/testing/mod.ts";
import { connectControlPlane } from "../controller/mod.ts";
import { ControlPlane, type ControlPlaneOptions } from "../control_plane/mod.ts";
import { EVENTS, LEDGERS, processor, sink, source } from "../service/testing/mod.ts";
import { COMMANDS, runFlowctl } from "./mod.ts";

type Variables = Readonly<Record<string, string>>;

async function run(args: readonly string[], variables: Variables = {}) {
  let text = "";
  const code = await runFlowctl(args, {
    sink: { isTerminal: false, write: (part) => void (text += part), width: () => 80 },
    env: { get: (name) => variables[name], toObject: () => ({ ...variables }) },
    signal: new AbortController().signal,
  });
  return { code, text };
}

/** A control plane, and commands that ask it. */
async function started(options: ControlPlaneOptions = {}) {
  const plane = new ControlPlane({ port: 0, ...options });
  const { port } = await plane.start();
  const endpoint = `localhost:${port}`;
  return {
    plane,
    endpoint,
    ask: (...args: string[]) => run([...args, "--endpoint", endpoint]),
    [Symbol.asyncDispose]: () => plane.stop(),
  };
}

/** The pipeline, half of it registered over each protocol, with figures. */
async function register(endpoint: string): Promise<void> {
  const client = await connectControlPlane({ endpoint, protocol: "v1" });
  const older = await connectControlPlane({ endpoint, protocol: "legacy" });
  await client.register(source);
  await older.register(processor);
  await client.register(sink);
  const beat = (serviceId: string, metrics: Record<string, number>) => ({ serviceId, metrics });
  await client.heartbeat(beat("source", { events_per_second: 2, queue_depth: 1200 }));
  await older.heartbeat(beat("processor", {
    events_per_second: 2345.6,
    processing_latency_ms: 3.2,
    load_ratio: 0.83,
    error_rate: 0.0123,
  }));
  await client.heartbeat(beat("sink", { events_per_second: 2300 }));
  client.close();
  older.close();
}

/** A table's rows without the columns' widths and without what time changes. */
function cells(text: string): string[][] {
  return text.trim().split("\n").map((line) =>
    line.trim().split(/ {2,}/).map((cell) => cell.replace(/^\d+s ago$/, "ago"))
  );
}

Deno.test("list shows services of both protocols, with what they read and serve", async () => {
  await using plane = await started();
  await register(plane.endpoint);
  const { code, text } = await plane.ask("list");
  assertEquals(code, 0);
  assertEquals(cells(text), [
    ["service", "type", "status", "heard of", "version", "endpoint", "reads", "serves"],
    ["source", "source", "healthy", "ago", "–", "127.0.0.1:8815", "–", LEDGERS],
    ["processor", "processor", "healthy", "ago", "–", "127.0.0.1:8816", LEDGERS, EVENTS],
    ["sink", "consumer", "healthy", "ago", "–", "–", EVENTS, "–"],
  ]);
});

Deno.test("over the older protocol what it does not tell is a dash, and JSON has the protocol", async () => {
  await using plane = await started();
  await register(plane.endpoint);
  const { text } = await plane.ask("list", "--protocol", "legacy");
  assertEquals(cells(text)[3], ["sink", "consumer", "healthy", "ago", "–", "–", "–", "–"]);
  const answer = JSON.parse((await plane.ask("list", "--json", "--protocol", "legacy")).text);
  assertEquals([answer.endpoint, answer.protocol], [plane.endpoint, "legacy"]);
  const [first] = answer.services;
  assertEquals([first.id, first.registered_at, "expired" in first], ["source", null, false]);
});

Deno.test("services that do not work are counted, and listed when they are asked for", async () => {
  await using plane = await started();
  await register(plane.endpoint);
  const client = await connectControlPlane({ endpoint: plane.endpoint });
  await client.heartbeat({ serviceId: "sink", status: "UNHEALTHY", metrics: {} });
  client.close();
  const { text } = await plane.ask("list");
  assertEquals(cells(text).length, 4);
  assertStringIncludes(text, "1 more service that does not work: see --include-unhealthy");
  const all = (await plane.ask("list", "--include-unhealthy")).text;
  assertEquals(cells(all)[3]!.slice(0, 3), ["sink", "consumer", "unhealthy"]);
  const json = JSON.parse((await plane.ask("list", "--json", "--include-unhealthy")).text);
  assertEquals(json.services.length, 3);
});

Deno.test("status shows health, figures and their total, and ends with 0 while data gets through", async () => {
  await using plane = await started();
  await register(plane.endpoint);
  const { code, text } = await plane.ask("status");
  assertEquals(code, 0);
  assertEquals(cells(text), [
    [`pipeline healthy, 3 services at ${plane.endpoint} (flowctl.v1)`],
    [""],
    [
      "service",
      "type",
      "status",
      "heard of",
      "events/s",
      "latency",
      "load",
      "queue",
      "errors",
    ],
    ["source", "source", "healthy", "ago", "2.0", "–", "–", "1,200", "–"],
    ["processor", "processor", "healthy", "ago", "2,346", "3.2 ms", "83 %", "–", "1.2 %"],
    ["sink", "consumer", "healthy", "ago", "2,300", "–", "–", "–", "–"],
    ["total", "3 of 3 work", "2,300", "3.2 ms", "83 %", "1,200", "1.2 %"],
    [""],
    ["events/s by stage: source 2.0, processor 2,346, consumer 2,300"],
  ]);
});

Deno.test("an unhealthy pipeline is told with its reasons, and ends status with 1", async () => {
  await using plane = await started();
  await register(plane.endpoint);
  const client = await connectControlPlane({ endpoint: plane.endpoint });
  await client.unregister("source");
  client.close();
  const { code, text } = await plane.ask("status");
  assertEquals(code, 1);
  assertStringIncludes(text, "pipeline unhealthy, 2 services");
  assertStringIncludes(text, `\n  nothing serves ${LEDGERS}, which processor reads\n`);
  const json = await plane.ask("status", "--json");
  const { health, metrics } = JSON.parse(json.text);
  assertEquals([json.code, health.status, metrics.total.events_per_second], [1, "unhealthy", 2300]);
});

Deno.test("over the older protocol status judges each service for itself", async () => {
  await using plane = await started();
  await register(plane.endpoint);
  const { code, text } = await plane.ask("status", "--protocol", "legacy");
  assertEquals(code, 0);
  assertStringIncludes(text, "(flowctl, the older protocol)");
  assertStringIncludes(text, "how the services are joined is not told by this protocol");
  assert(!text.includes("nothing joins"), text);
});

Deno.test("topology is drawn, and told in JSON as the control plane tells it", async () => {
  await using plane = await started();
  await register(plane.endpoint);
  const { code, text } = await plane.ask("topology");
  assertEquals(code, 0);
  assertEquals(text.split("\n").slice(0, 3), [
    "source (source, healthy, 127.0.0.1:8815)",
    `  ${LEDGERS}`,
    "    → processor (processor, healthy, 127.0.0.1:8816)",
  ]);
  const json = JSON.parse((await plane.ask("topology", "--json")).text);
  assertEquals([json.protocol, json.health.status, json.missing_links], ["v1", "healthy", []]);
  assertEquals(json.links[1], {
    event_type: EVENTS,
    producers: ["processor"],
    consumers: ["sink"],
  });
  const older = await plane.ask("topology", "--protocol", "legacy");
  assertEquals(older.code, 1);
  assertStringIncludes(older.text, "tells no event types");
});

Deno.test("a control plane without services is told with 3, also in JSON", async () => {
  await using plane = await started();
  for (const command of ["list", "status", "topology"]) {
    const { code, text } = await plane.ask(command);
    assertEquals([code, text], [3, `no service is registered at ${plane.endpoint}\n`]);
    const json = await plane.ask(command, "--json");
    assertEquals([json.code, JSON.parse(json.text).endpoint], [3, plane.endpoint]);
  }
});

Deno.test("where nobody listens each command says so in a sentence with 1", async () => {
  const probe = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = probe.addr as Deno.NetAddr;
  probe.close();
  for (const command of ["list", "status", "topology"]) {
    const variables = { FLOWCTL_ENDPOINT: `127.0.0.1:${port}` };
    for (const args of [[command], [command, "--watch"]]) {
      const { code, text } = await run(args, variables);
      assertEquals(code, 1);
      assertStringIncludes(text, `Control plane 127.0.0.1:${port}: nothing listens there`);
      assertEquals(text.trim().split("\n").length, 1);
    }
  }
});

Deno.test("the token is that of AUTH_TOKEN_FILE; without it, or with another one, it is refused with 1", async () => {
  await using plane = await started({ token: "open-sesame" });
  const file = await Deno.makeTempFile();
  const ask = () => run(["list", "--endpoint", plane.endpoint], { AUTH_TOKEN_FILE: file });
  try {
    await Deno.writeTextFile(file, "open-sesame\n");
    assertEquals((await ask()).code, 3);
    await Deno.writeTextFile(file, "open-sesamf\n");
    const wrong = await ask();
    assertEquals(wrong.code, 1);
    assertStringIncludes(wrong.text, `Control plane ${plane.endpoint}: `);
    assertStringIncludes(wrong.text, "; AUTH_TOKEN_FILE must name the file with its token\n");
    assert(!wrong.text.includes("sesam"), wrong.text);
    assertEquals((await run(["list", "--endpoint", plane.endpoint])).code, 1);
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("with FLOWCTL_TLS_CA_FILE it speaks TLS, and shows a certificate where one is asked for", async () => {
  if (!await hasOpenssl()) return;
  await using made = await certificates();
  const folder = await Deno.makeTempDir();
  const copy = (name: string) => {
    Deno.writeFileSync(`${folder}/${name}`, made.read(name));
    return `${folder}/${name}`;
  };
  const server = { certificate: made.read("server.pem"), key: made.read("server.key") };
  await using plane = await started({ tls: { ...server, clientCa: made.read("ca.pem") } });
  const authority = { FLOWCTL_TLS_CA_FILE: copy("ca.pem") };
  const own = { TLS_CERT_FILE: copy("client.pem"), TLS_KEY_FILE: copy("client.key") };
  const ask = (variables: Variables) => run(["list", "--endpoint", plane.endpoint], variables);
  assertEquals((await ask({ ...authority, ...own })).code, 3);
  assertEquals((await ask(authority)).code, 1);
  assertEquals((await ask({})).code, 1);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a watch outlasts a control plane that goes away, and says so", async () => {
  await using plane = await started();
  await register(plane.endpoint);
  const ending = new AbortController();
  const shown: string[] = [];
  let stopping: Promise<void> | undefined;
  const code = await runFlowctl(["list", "--watch", "--json", "--endpoint", plane.endpoint], {
    sink: {
      isTerminal: false,
      write(text) {
        shown.push(text);
        stopping ??= plane.plane.stop();
        if ("error" in JSON.parse(text)) ending.abort();
      },
      width: () => 80,
    },
    env: { get: () => undefined, toObject: () => ({}) },
    signal: ending.signal,
  });
  await stopping;
  assertEquals(code, 0);
  assertEquals(JSON.parse(shown[0]!).services.length, 3);
  assertStringIncludes(JSON.parse(shown.at(-1)!).error, `Control plane ${plane.endpoint}: `);
});

Deno.test("what is wrong with a command line is named with what would be right, with 2", async () => {
  const cases: [string[], string, Variables?][] = [
    [["fly"], '"fly" is not a command; there are list, status, topology'],
    [["statu"], '"statu" is not a command; did you mean status?'],
    [["list", "--endpont", "x:1"], 'list has no option "--endpont"; did you mean --endpoint?'],
    [["list", "x"], 'list does not take "x"'],
    [
      ["list", "--endpoint", "nowhere"],
      '--endpoint "nowhere" must be host:port with a port from 1 to 65535; for example --endpoint',
    ],
    [["list", "--protocol", "v2"], '--protocol "v2" must be one of auto, v1, legacy'],
    [["list"], "FLOWCTL_ENDPOINT", { FLOWCTL_ENDPOINT: "nowhere" }],
    [["list"], "cannot be read", { AUTH_TOKEN_FILE: "/nowhere/token" }],
  ];
  for (const [args, expected, variables] of cases) {
    const { code, text } = await run(args, variables);
    assertStringIncludes(text, expected);
    assertEquals(code, 2, text);
  }
  assertEquals((await run([])).code, 2);
});

Deno.test("a token is not sent to another machine without TLS, unless that is allowed", async () => {
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(file, "open-sesame");
  const away = { FLOWCTL_ENDPOINT: "flowctl.example.invalid:8080", AUTH_TOKEN_FILE: file };
  const refused = await run(["list"], away);
  assertEquals(refused.code, 2);
  assertStringIncludes(refused.text, "FLOWCTL_TLS_CA_FILE: must be set: the token");
  const named = await run(["list", "--endpoint", away.FLOWCTL_ENDPOINT], { AUTH_TOKEN_FILE: file });
  assertEquals(named.code, 2);
  await Deno.remove(file);
});

Deno.test("every command has a help with its options, variables, examples and exit codes", async () => {
  for (const { name, summary, options, examples } of COMMANDS) {
    const { code, text } = await run([name, "--help"]);
    assertEquals(code, 0);
    assertStringIncludes(text, summary);
    assertStringIncludes(text, `Usage: deno task flowctl:${name} [options]`);
    for (const { flag } of options) assertStringIncludes(text, `--${flag}`);
    for (const example of examples) assertStringIncludes(text, example);
    for (const variable of ["FLOWCTL_ENDPOINT", "FLOWCTL_TLS_CA_FILE", "AUTH_TOKEN_FILE"]) {
      assertStringIncludes(text, variable);
    }
    assertStringIncludes(text, "3 no service is registered");
  }
});

Deno.test("a service whose id was given to it is called by its name, and list has the id, too", async () => {
  await using plane = await started();
  const client = await connectControlPlane({ endpoint: plane.endpoint });
  const { serviceId } = await client.register({ ...sink, id: "", name: "price-reader" });
  client.close();
  const [, row] = cells((await plane.ask("list")).text);
  assertEquals(row![0], `price-reader (${serviceId})`);
  for (const command of ["status", "topology"]) {
    const { text } = await plane.ask(command);
    assertStringIncludes(text, "price-reader");
    assertEquals(text.includes(serviceId), false, text);
  }
  const { services } = JSON.parse((await plane.ask("list", "--json")).text);
  assertEquals(services[0].id, serviceId);
});

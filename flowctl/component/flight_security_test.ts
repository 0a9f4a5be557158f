import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ConfigError, loadConfig, parseDeclaration, type ResolvedConfig } from "../config/mod.ts";
import { FakeClock } from "./fake_clock.ts";
import { loadFlightSecurity } from "./flight_security.ts";
import { createLogger } from "./logger.ts";

const CERTIFICATE = "-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----\n";
const KEY = "-----BEGIN PRIVATE KEY-----\nAA\n-----END PRIVATE KEY-----\n";

const NAMES = ["TLS_CERT_FILE", "TLS_KEY_FILE", "TLS_CA_FILE", "AUTH_TOKEN_FILE"];

const variables = NAMES.map((name) =>
  `  - { name: ${name}, description: d, type: path, example: x, group: g, since: 1.0.0 }`
).join("\n");

const declaration = parseDeclaration(
  "name: a\ndescription: d\ntype: SOURCE\nversion: 1.0.0\nports: { flight: PORT }\n" +
    "health_endpoint: /h\nvariables:\n" +
    "  - { name: PORT, description: d, type: integer, default: 0, group: g, since: 1.0.0 }\n" +
    variables,
);

async function inFolder(
  files: Record<string, string>,
  test: (config: ResolvedConfig) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const env: Record<string, string> = {};
    for (const [name, text] of Object.entries(files)) {
      env[name] = `${folder}/${name}`;
      if (text !== "missing") await Deno.writeTextFile(env[name], text);
    }
    await test(loadConfig({ declaration, env: { get: (name) => env[name] } }));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function logTo(lines: string[]) {
  const write = (line: string) => void lines.push(line);
  return createLogger({
    component: "a",
    level: "info",
    format: "text",
    clock: new FakeClock(),
    write,
  });
}

const text = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);

Deno.test("without files nothing is asked for", async () => {
  await inFolder({}, async (config) => {
    assertEquals(await loadFlightSecurity(config, logTo([])), { server: {}, client: {} });
  });
});

Deno.test("certificate, key, authority and token reach server and client", async () => {
  const files = { TLS_CERT_FILE: CERTIFICATE, TLS_KEY_FILE: KEY, TLS_CA_FILE: CERTIFICATE };
  await inFolder({ ...files, AUTH_TOKEN_FILE: "open-sesame\n" }, async (config) => {
    const lines: string[] = [];
    const log = logTo(lines);
    const { server, client } = await loadFlightSecurity(config, log);
    assertEquals([server.token, client.token], ["open-sesame", "open-sesame"]);
    assertEquals([text(server.tls?.key), text(client.clientKey)], [KEY, KEY]);
    assertEquals([text(server.tls?.clientCa), text(client.tlsCa)], [CERTIFICATE, CERTIFICATE]);
    log.info("token open-sesame");
    assertEquals(lines[0]!.includes("open-sesame"), false);
  });
});

Deno.test("an authority alone makes the client use TLS and asks nothing of clients", async () => {
  await inFolder({ TLS_CA_FILE: CERTIFICATE }, async (config) => {
    const { server, client } = await loadFlightSecurity(config, logTo([]));
    assertEquals([server.tls, text(client.tlsCa)], [undefined, CERTIFICATE]);
  });
});

Deno.test("missing and foreign files are told together, with their variables", async () => {
  const files = { TLS_CERT_FILE: "missing", TLS_KEY_FILE: "hello", AUTH_TOKEN_FILE: "\n" };
  await inFolder(files, async (config) => {
    const error = await assertRejects(() => loadFlightSecurity(config, logTo([])), ConfigError);
    assertEquals(
      error.problems.map((problem: { variable: string }) => problem.variable).sort(),
      ["AUTH_TOKEN_FILE", "TLS_CERT_FILE", "TLS_KEY_FILE"],
    );
    assertStringIncludes(error.message, "cannot be read");
    assertStringIncludes(error.message, "must be a PEM file");
  });
});

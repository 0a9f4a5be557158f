import { assertEquals } from "@std/assert";
import { COMPONENT_NAMES, environmentOf, productDeclaration } from "./_test_declaration.ts";
import { describeProblem } from "./config_error.ts";
import { resolveConfig } from "./load_config.ts";
import { pipelineHost, upstreamTlsProblems } from "./upstream_tls.ts";

const PAIR = { TLS_CERT_FILE: "a", TLS_KEY_FILE: "b" };

/** What a pipeline under these variables is told, each sentence once, up to its reason. */
function told(variables: Record<string, string>): string[] {
  const components = COMPONENT_NAMES.map((name) => {
    const declaration = productDeclaration(name);
    const { config } = resolveConfig({ declaration, env: environmentOf(variables) });
    return { declaration, config };
  });
  const sentences = upstreamTlsProblems(components).map(describeProblem);
  return [...new Set(sentences.map((text) => text.replace(/: each component.*| \(or name.*/, "")))];
}

Deno.test("without TLS, and with one certificate, key and authority for all, nothing is wrong", () => {
  assertEquals(told({}), []);
  assertEquals(told({ ...PAIR, TLS_CA_FILE: "c", AUTH_TOKEN_FILE: "d" }), []);
  assertEquals(told({ ...PAIR, TLS_CA_FILE: "c", BIND_ADDRESS: "node1.example.com" }), []);
});

Deno.test("a server with a certificate and a client without authority cannot talk", () => {
  assertEquals(told(PAIR), ["TLS_CA_FILE: must be set in a pipeline with TLS_CERT_FILE"]);
});

Deno.test("a client with an authority and a server without certificate cannot talk", () => {
  assertEquals(told({ TLS_CA_FILE: "c" }), [
    "TLS_CERT_FILE: must be set, with TLS_KEY_FILE, in a pipeline with TLS_CA_FILE",
  ]);
});

Deno.test("a server that asks for certificates and a client that has none cannot talk", () => {
  const source = {
    STELLAR_ARROW_SOURCE_TLS_CERT_FILE: "a",
    STELLAR_ARROW_SOURCE_TLS_KEY_FILE: "b",
    STELLAR_ARROW_SOURCE_TLS_CA_FILE: "c",
  };
  assertEquals(told({ ...source, TTP_ARROW_PROCESSOR_TLS_CA_FILE: "c" }), [
    "TLS_CERT_FILE: must be set, with TLS_KEY_FILE, in a pipeline with TLS_CA_FILE",
  ]);
});

Deno.test("TLS needs a name for an address that is not loopback", () => {
  assertEquals(told({ ...PAIR, TLS_CA_FILE: "c", BIND_ADDRESS: "10.0.0.5" }), [
    'BIND_ADDRESS: "10.0.0.5" (environment variable BIND_ADDRESS) must be a host name of the ' +
    "certificate, or loopback, in a pipeline with TLS",
  ]);
});

Deno.test("nothing is said of an upstream that the user names", () => {
  const named = { SOURCE_ENDPOINT: "a.example:1", PROCESSOR_ENDPOINT: "b.example:2" };
  assertEquals(told({ ...PAIR, ...named }), []);
});

Deno.test("a client finds a server at its address, and over TLS by a name", () => {
  const hosts = ["127.0.0.1", "localhost", "::1", "0.0.0.0", "::", "10.0.0.5", "node1.example.com"];
  assertEquals(hosts.map((host) => pipelineHost(host, false)), [
    "127.0.0.1",
    "127.0.0.1",
    "[::1]",
    "127.0.0.1",
    "[::1]",
    "10.0.0.5",
    "node1.example.com",
  ]);
  assertEquals(hosts.map((host) => pipelineHost(host, true)), [
    ...["localhost", "localhost", "localhost", "localhost", "localhost"],
    undefined,
    "node1.example.com",
  ]);
});

import { assertEquals } from "@std/assert";
import { healthServer } from "./testing/mod.ts";

const probe = new URL("./testing/permission_probe.ts", import.meta.url).pathname;

/** What grpc-js reads at import time; no values are needed. */
const GRPC_ENV = "GRPC_*,GRPC_SSL_CIPHER_SUITES,grpc_proxy,https_proxy,http_proxy,no_proxy," +
  "no_grpc_proxy";

async function run(endpoint: string, allowNet: string): Promise<[number, string, string]> {
  const args = ["run", "--no-prompt", "--quiet", `--allow-net=${allowNet}`];
  args.push(`--allow-env=${GRPC_ENV}`, probe, endpoint);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  return [code, text(stdout), text(stderr)];
}

Deno.test("a client needs net permission for exactly the host and port it was given", async () => {
  using server = await healthServer();
  const { port } = server;
  for (const host of ["localhost", "127.0.0.1"]) {
    const [code, out, err] = await run(`${host}:${port}`, `${host}:${port}`);
    assertEquals([code, out], [0, "1"], err);
  }
  const [code, , err] = await run(`localhost:${port}`, `localhost:${port + 1}`);
  assertEquals([code, err.includes("UNAVAILABLE") || err.includes("net access")], [1, true], err);
});

import { assertEquals } from "@std/assert";
import { FlightServer } from "./mod.ts";
import { eventDataset, ledgerDataset } from "./testing/mod.ts";

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
  const datasets = [ledgerDataset, eventDataset];
  // "localhost" may be ::1 first; a server on each of both makes no difference of it.
  await using server = new FlightServer({ bindAddress: "127.0.0.1", port: 0, datasets });
  const { port } = await server.start();
  for (const host of ["localhost", "127.0.0.1"]) {
    const [code, out, err] = await run(`${host}:${port}`, `${host}:${port}`);
    assertEquals([code, out], [0, "stellar_ledger,ttp_event"], err);
  }
  const [code, , err] = await run(`localhost:${port}`, `localhost:${port + 1}`);
  assertEquals([code, err.includes("UNAVAILABLE") || err.includes("net access")], [1, true], err);
});

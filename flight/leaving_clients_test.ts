import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { FlightClient } from "./flight_client.ts";
import { FIRST_LEDGER, LAST_LEDGER } from "./testing/mod.ts";

/** Clients that come and go; without the deferral a third of such runs ended the server. */
const CLIENTS = 12;
const STREAMS = 3;

Deno.test("a server survives clients that leave in the middle of streams and close", async () => {
  const script = fromFileUrl(new URL("./testing/serving_process.ts", import.meta.url));
  const args = ["run", "-q", "--no-check", "--allow-net", "--allow-env", script];
  const server = new Deno.Command(Deno.execPath(), {
    args,
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const output = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const port = Number((await output.read()).value);
  for (let i = 0; i < CLIENTS; i++) {
    await using client = new FlightClient(`127.0.0.1:${port}`);
    for (let stream = 0; stream < STREAMS; stream++) {
      const request = {
        dataset: "stellar_ledger",
        startLedger: FIRST_LEDGER,
        endLedger: LAST_LEDGER,
      };
      for await (const _ of client.doGet(request)) break;
    }
  }
  await using last = new FlightClient(`127.0.0.1:${port}`);
  assertEquals(await last.healthy(), true);
  last.close();
  await server.stdin.close();
  assertEquals((await server.status).code, 0);
  await output.cancel();
});

import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import type { PoolMemory } from "./connection_pool_memory.ts";

/** Most bytes of a connection with gRPC's own, and of an endpoint with its connection. */
const CONNECTION = 100 * 1024;
const ENDPOINT = 100 * 1024;

/** Most bytes that the pool keeps of a connection itself. */
const POOLED = 2 * 1024;

Deno.test("a pool's connections and endpoints take no more memory than they may", async () => {
  const program = fromFileUrl(new URL("./connection_pool_memory.ts", import.meta.url));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--no-check", "--v8-flags=--expose-gc", program],
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  const text = new TextDecoder().decode(stdout);
  const { connection, endpoint, pooled }: PoolMemory = JSON.parse(text);
  // What takes nothing has not been measured.
  for (const bytes of [connection, endpoint, pooled]) assert(bytes > 50, text);
  assert(connection <= CONNECTION, text);
  assert(endpoint <= ENDPOINT, text);
  assert(pooled <= POOLED, text);
});

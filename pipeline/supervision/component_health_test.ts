import { assertEquals } from "@std/assert";
import { readHealth } from "./component_health.ts";

Deno.test("health is read from the component itself, whatever proxy the environment names", async () => {
  let status = 200;
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => Response.json({ status: "healthy", details: { cursor: 7 } }, { status }),
  );
  const before = Deno.env.get("http_proxy");
  Deno.env.set("http_proxy", "http://127.0.0.1:1");
  try {
    const { port } = server.addr;
    assertEquals((await readHealth("127.0.0.1", port))?.details, { cursor: 7 });
    status = 503;
    assertEquals(await readHealth("127.0.0.1", port), undefined);
    assertEquals(await readHealth("127.0.0.1", port, AbortSignal.abort()), undefined);
  } finally {
    if (before === undefined) Deno.env.delete("http_proxy");
    else Deno.env.set("http_proxy", before);
  }
});

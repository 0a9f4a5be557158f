import { assertEquals } from "@std/assert";
import { askHealth, isWell } from "./component_health.ts";

Deno.test("health is asked of the component itself, whatever proxy the environment names", async () => {
  let status = 200;
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => Response.json({ status: "healthy", details: { cursor: 7 } }, { status }),
  );
  const before = Deno.env.get("http_proxy");
  Deno.env.set("http_proxy", "http://127.0.0.1:1");
  try {
    const { port } = server.addr;
    const reply = await askHealth("127.0.0.1", port);
    assertEquals([isWell(reply), reply.answer?.details], [true, { cursor: 7 }]);
    status = 503;
    const bad = await askHealth("127.0.0.1", port);
    assertEquals([isWell(bad), bad.code, bad.answer?.status], [false, 503, "healthy"]);
  } finally {
    if (before === undefined) Deno.env.delete("http_proxy");
    else Deno.env.set("http_proxy", before);
  }
});

Deno.test("a port where nobody listens, an answer that is no component's, and a question given up", async () => {
  let text = "";
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response(text),
  );
  const { port } = server.addr;
  for (text of ["<html>", "null", "{}", "[]", '"ok"', '{"status":"healthy"}']) {
    const other = await askHealth("127.0.0.1", port);
    assertEquals([isWell(other), other.answer], [false, undefined], text);
  }
  const given = await askHealth("127.0.0.1", port, AbortSignal.abort());
  assertEquals([isWell(given), given.code], [false, undefined]);
  await server.shutdown();
  assertEquals((await askHealth("127.0.0.1", port)).error, "nothing listens there");
});

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { consoleRoutes, CONTENT_SECURITY_POLICY } from "./console_routes.ts";

const routes = consoleRoutes();

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return await routes[path]!(new Request(`http://localhost${path}`, init));
}

/** Bytes of script that a phone on a slow line loads and reads in a second. */
const MAX_SCRIPT_BYTES = 150_000;

Deno.test("the page and its parts have their types, and may do nothing that is not theirs", async () => {
  const types = {
    "/": "text/html",
    "/console/console.js": "text/javascript",
    "/console/console.css": "text/css",
    "/console/icon.svg": "image/svg+xml",
  };
  assertEquals(Object.keys(routes), Object.keys(types));
  for (const [path, type] of Object.entries(types)) {
    const { status, headers, body } = await ask(path);
    await body?.cancel();
    assertEquals([status, headers.get("content-type")], [200, `${type}; charset=utf-8`]);
    assertEquals(headers.get("content-security-policy"), CONTENT_SECURITY_POLICY);
    assertEquals(headers.get("x-content-type-options"), "nosniff");
    assertEquals(headers.get("x-frame-options"), "DENY");
    assertEquals(headers.get("referrer-policy"), "no-referrer");
    assertEquals(headers.get("cache-control"), "no-cache");
  }
  assertStringIncludes(CONTENT_SECURITY_POLICY, "default-src 'self';");
  assert(!CONTENT_SECURITY_POLICY.includes("unsafe"));
});

Deno.test("what a browser has already is not sent again, compressed or not", async () => {
  const path = "/console/console.js";
  const etag = (await ask(path)).headers.get("etag")!;
  for (const known of [etag, `W/${etag}`, `"x", ${etag}`, "*"]) {
    const { status, headers, body } = await ask(path, { headers: { "if-none-match": known } });
    assertEquals([status, body, headers.get("etag")], [304, null, etag]);
  }
  const other = await ask(path, { headers: { "if-none-match": '"x"' } });
  assertEquals([other.status, (await other.bytes()).length > 0], [200, true]);
  assert((await ask("/")).headers.get("etag") !== etag);
});

Deno.test("HEAD tells the size and sends nothing", async () => {
  for (const path of Object.keys(routes)) {
    const { status, headers, body } = await ask(path, { method: "HEAD" });
    assertEquals([status, body], [200, null]);
    const whole = await (await ask(path)).bytes();
    assertEquals(Number(headers.get("content-length")), whole.length);
  }
});

Deno.test("the page asks for nothing from elsewhere, and has no script or style in its text", async () => {
  const page = await (await ask("/")).text();
  for (const [, address] of page.matchAll(/(?:src|href)="([^"]*)"/g)) {
    assert(address!.startsWith("/console/") && address! in routes, address);
  }
  assertEquals(/<style|<script[^>]*>[^<]|\son\w+=|\sstyle=/.test(page), false);
  const styles = await (await ask("/console/console.css")).text();
  assertEquals(/@import|@font-face|url\(/.test(styles), false);
});

Deno.test("the script stays below 150 KB, uncompressed", async () => {
  const size = (await (await ask("/console/console.js")).bytes()).length;
  assert(size < MAX_SCRIPT_BYTES, `it has ${size} bytes`);
});

import { assertEquals } from "@std/assert";
import { jsonResponse } from "../component/mod.ts";
import { type ApiAccess, guarded } from "./api_access.ts";

/** Asks a guarded path; answers status, text and what the client is asked for. */
async function ask(access: ApiAccess, authorization?: string) {
  const routes = guarded({ "/api/x": () => jsonResponse(200, { secret: 1 }) }, access);
  const headers = authorization === undefined ? {} : { authorization };
  const response = await routes["/api/x"]!(new Request("http://h/api/x", { headers }));
  const body = await response.json();
  return [response.status, response.headers.get("www-authenticate"), body.error ?? body.secret];
}

const TOKEN = { token: "t0ken", isOpen: true };
const ASKED = 'Bearer realm="flowctl"';

Deno.test("with a token whoever sends it is answered, in any spelling of the scheme", async () => {
  assertEquals(await ask(TOKEN, "Bearer t0ken"), [200, null, 1]);
  assertEquals(await ask({ ...TOKEN, isOpen: false }, "bearer t0ken"), [200, null, 1]);
});

Deno.test("with a token whoever sends none, another or by another scheme is told what is asked for", async () => {
  const missing = 'this path asks for a token: send the header "Authorization: Bearer …"';
  assertEquals(await ask(TOKEN), [401, ASKED, missing]);
  const wrong = "the token of the request is not the server's";
  for (const sent of ["Bearer other", "Bearer ", "Bearer", "Basic t0ken", "t0ken"]) {
    assertEquals(await ask(TOKEN, sent), [401, ASKED, wrong], sent);
  }
});

Deno.test("without a token this machine is answered, and others are not", async () => {
  assertEquals(await ask({ token: undefined, isOpen: true }), [200, null, 1]);
  const [status, asked, error] = await ask({ token: undefined, isOpen: false }, "Bearer x");
  assertEquals([status, asked], [403, null]);
  assertEquals(String(error).includes("set AUTH_TOKEN_FILE, or ALLOW_INSECURE=true"), true);
});

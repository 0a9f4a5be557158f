import { assertEquals, assertRejects } from "@std/assert";
import { ApiClient, ApiError, type Fetch } from "./api_client.ts";

function client(answer: () => Promise<Response>, token?: string) {
  const asked: { url: string; headers: Headers }[] = [];
  const fetch: Fetch = (url, { headers }) => {
    asked.push({ url, headers: new Headers(headers) });
    return answer();
  };
  return { asked, client: new ApiClient(fetch, () => token) };
}

const answering = (status: number, body: string) => () =>
  Promise.resolve(new Response(body, { status }));

Deno.test("JSON is read, with the token where there is one", async () => {
  const { asked, client: own } = client(answering(200, '{"a":1}'), "secret");
  assertEquals(await own.json("/api/x"), { a: 1 });
  assertEquals([asked[0]!.url, asked[0]!.headers.get("authorization")], [
    "/api/x",
    "Bearer secret",
  ]);
  const open = client(answering(200, "{}"));
  await open.client.json("/api/x");
  assertEquals(open.asked[0]!.headers.has("authorization"), false);
});

Deno.test("what is refused says why, in the words of the control plane", async () => {
  const failure = async (answer: () => Promise<Response>, token?: string) => {
    const error = await assertRejects(() => client(answer, token).client.json("/x"), ApiError);
    return [error.status, error.asksForToken, error.message];
  };
  assertEquals(await failure(answering(403, '{"error":"it is closed"}')), [
    403,
    false,
    "The control plane answers 403: it is closed.",
  ]);
  assertEquals(await failure(answering(500, "<html>")), [
    500,
    false,
    "The control plane answers 500: it gives no reason.",
  ]);
  assertEquals(await failure(answering(401, "{}")), [401, true, ""]);
  assertEquals(await failure(answering(401, "{}"), "old"), [
    401,
    true,
    "The control plane does not take this token.",
  ]);
  assertEquals(await failure(() => Promise.reject(new TypeError("refused"))), [
    0,
    false,
    "The control plane does not answer.",
  ]);
});

Deno.test("an answer that is cut is named with its path", async () => {
  const error = await assertRejects(
    () => client(answering(200, '{"a":')).client.json("/api/x"),
    ApiError,
  );
  assertEquals(error.message.startsWith("The answer of /api/x is no JSON"), true);
});

import { assertEquals } from "@std/assert";
import { FakeClock } from "../../component/mod.ts";
import { ApiClient, type Fetch } from "./api_client.ts";
import type { ConsoleAction } from "./console_state.ts";
import { LiveConnection, MAX_RETRY_MS, RETRY_MS, SILENCE_MS } from "./live_connection.ts";

/** A stream of a test, which it writes and ends. */
class TestStream {
  #controller!: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  readonly response: Response;

  constructor(signal: AbortSignal) {
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => void (this.#controller = controller),
    });
    signal.addEventListener("abort", () => this.#controller.error(signal.reason), { once: true });
    this.response = new Response(body);
  }

  write(text: string): void {
    this.#controller.enqueue(new TextEncoder().encode(text));
  }

  end(): void {
    this.#controller.close();
  }
}

/** A connection whose answers the test gives, with all that it has told. */
function connected(answer: () => Response | undefined = () => undefined) {
  const clock = new FakeClock();
  const told: string[] = [];
  const streams: TestStream[] = [];
  const sent: (string | null)[] = [];
  let token: string | undefined;
  const fetch: Fetch = (_url, { headers, signal }) => {
    sent.push(new Headers(headers).get("authorization"));
    const other = answer();
    if (other !== undefined) return Promise.resolve(other);
    const stream = new TestStream(signal!);
    streams.push(stream);
    return Promise.resolve(stream.response);
  };
  const connection = new LiveConnection({
    client: new ApiClient(fetch, () => token),
    time: {
      now: () => 7,
      after: (ms, call) => {
        const timer = clock.setTimeout(call, ms);
        return () => timer.stop();
      },
    },
    dispatch: (action: ConsoleAction) => {
      const { what } = action;
      told.push(
        what === "event"
          ? `${action.event} ${action.data}`
          : what === "lost" || what === "token needed"
          ? `${what}: ${action.reason}`
          : what,
      );
    },
  });
  connection.start();
  const give = (value: string) => void (token = value);
  /** What has been told since the last look, once nothing moves any more. */
  const news = async (ms = 0) => {
    await clock.advance(ms);
    await new Promise((resolve) => setTimeout(resolve));
    await clock.advance(0);
    return told.splice(0);
  };
  return { clock, connection, streams, sent, give, news };
}

Deno.test("events are told as they come, and a stream that ends is opened again", async () => {
  const { connection, streams, news, clock } = connected();
  assertEquals(await news(), ["joined"]);
  streams[0]!.write("event: snapshot\ndata: 1\n");
  assertEquals(await news(), []);
  streams[0]!.write("\nevent: alert\ndata: 2\n\n");
  assertEquals(await news(), ["snapshot 1", "alert 2"]);
  streams[0]!.end();
  assertEquals(await news(), ["lost: The stream has ended."]);
  assertEquals(await news(RETRY_MS), ["joined"]);
  connection.stop();
  assertEquals([await news(), clock.pending], [[], 0]);
});

Deno.test("a silent stream is given up, one that says that it is alive is not", async () => {
  const { connection, streams, news } = connected();
  await news();
  for (let i = 0; i < 4; i++) {
    await news(SILENCE_MS - 1);
    streams[0]!.write(": alive\n\n");
    assertEquals(await news(), []);
  }
  assertEquals(await news(SILENCE_MS), ["lost: The control plane has fallen silent."]);
  assertEquals(await news(RETRY_MS), ["joined"]);
  connection.stop();
});

Deno.test("pauses double while nothing answers, up to a limit", async () => {
  const { connection, sent, news, clock } = connected(() =>
    Response.json({ error: "too many listen" }, { status: 503 })
  );
  assertEquals(await news(), ["lost: The control plane answers 503: too many listen."]);
  const tries: number[] = [];
  for (let second = 1; second <= 60; second++) {
    await news(1_000);
    if (sent.length > tries.length + 1) tries.push(second);
  }
  assertEquals(tries, [2, 6, 14, 29, 44, 59]);
  assertEquals(MAX_RETRY_MS, 15_000);
  connection.stop();
  await news();
  assertEquals(clock.pending, 0);
});

Deno.test("a token is asked for, sent once it is given, and refused with a sentence", async () => {
  const { connection, sent, give, news } = connected(() => new Response("", { status: 401 }));
  assertEquals(await news(), ["token needed: "]);
  assertEquals(await news(60_000), []);
  give("wrong");
  connection.start();
  assertEquals(await news(), ["token needed: The control plane does not take this token."]);
  assertEquals(sent, [null, "Bearer wrong"]);
});

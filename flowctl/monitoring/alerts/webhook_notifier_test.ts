import { assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { createLogger, FakeClock } from "../../component/mod.ts";
import { alertOf } from "./_test_alerts.ts";
import type { AlertGroup } from "./alert_groups.ts";
import { MAX_MESSAGE_ALERTS, type WebhookMessage, webhookMessage } from "./webhook_message.ts";
import { MAX_TRIES, WEBHOOK_TIMEOUT_MS, WebhookNotifier } from "./webhook_notifier.ts";

const AT = Date.UTC(2025, 0, 1);

function group(name: string, ids: readonly string[], over: readonly string[] = []): AlertGroup {
  const alert = alertOf(name);
  return {
    rule: alert.rule,
    firing: ids.map((serviceId) => ({ ...alert, serviceId })),
    resolved: over.map((serviceId) => ({
      ...alert,
      serviceId,
      state: "resolved" as const,
      resolvedAt: AT + 300_000,
    })),
  };
}

Deno.test("a message has the form of Alertmanager's webhook, version 4", () => {
  const message = webhookMessage(group("FlowctlHighLoad", ["sink"], ["source"]));
  const labels = {
    alertname: "FlowctlHighLoad",
    service_id: "sink",
    service_type: "CONSUMER",
    severity: "warning",
  };
  const [firing, resolved] = message.alerts;
  assertEquals({ ...message, alerts: [] }, {
    version: "4",
    groupKey: '{}:{alertname="FlowctlHighLoad"}',
    truncatedAlerts: 0,
    status: "firing",
    receiver: "flowctl",
    groupLabels: { alertname: "FlowctlHighLoad" },
    commonLabels: {
      alertname: "FlowctlHighLoad",
      service_type: "CONSUMER",
      severity: "warning",
    },
    commonAnnotations: { description: alertOf("FlowctlHighLoad").rule.advice },
    externalURL: "",
    alerts: [],
  });
  assertEquals({ ...firing, fingerprint: "" }, {
    status: "firing",
    labels,
    annotations: {
      summary: "sink is loaded to 90%, above 85% for 2m",
      description: alertOf("FlowctlHighLoad").rule.advice,
    },
    startsAt: "2025-01-01T00:02:00.000Z",
    endsAt: "0001-01-01T00:00:00Z",
    generatorURL: "",
    fingerprint: "",
  });
  assertEquals([resolved?.status, resolved?.endsAt], ["resolved", "2025-01-01T00:05:00.000Z"]);
  assertMatch(firing!.fingerprint, /^[0-9a-f]{16}$/);
  assertEquals(firing!.fingerprint === resolved!.fingerprint, false);
  const again = webhookMessage(group("FlowctlHighLoad", [], ["sink"]));
  assertEquals([again.status, again.alerts[0]?.fingerprint], ["resolved", firing!.fingerprint]);
});

Deno.test("a message of very many alerts tells the first ones and how many are left out", () => {
  const ids = Array.from({ length: 250 }, (_, at) => `s${at}`);
  const message = webhookMessage(group("FlowctlHighLoad", ids, ["sink"]));
  assertEquals([message.alerts.length, message.truncatedAlerts], [MAX_MESSAGE_ALERTS, 151]);
});

/** A receiver that answers as it is told, and a notifier that posts to it. */
async function posting(
  answer: (post: number, request: Request) => Response | Promise<Response>,
  test: (parts: {
    notifier: WebhookNotifier;
    clock: FakeClock;
    posts: { message: WebhookMessage; request: Request }[];
    lines: string[];
    posted: (count: number) => Promise<void>;
  }) => Promise<void>,
  credentials = "",
): Promise<void> {
  const posts: { message: WebhookMessage; request: Request }[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const closing = new AbortController();
  const server = Deno.serve(
    { signal: closing.signal, hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      posts.push({ message: await request.json(), request });
      for (const each of waiting) if (posts.length >= each.count) each.resolve();
      return await answer(posts.length, request);
    },
  );
  const lines: string[] = [];
  const clock = new FakeClock();
  const log = createLogger({
    component: "flowctl",
    level: "info",
    format: "text",
    clock,
    write: (line) => lines.push(line),
  });
  const url = `http://${credentials}127.0.0.1:${server.addr.port}/hush-hush?key=secret-key`;
  const notifier = new WebhookNotifier({ url, clock, log, random: () => 1 });
  const posted = (count: number) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push({ count, resolve });
    if (posts.length >= count) resolve();
    return promise;
  };
  try {
    await test({ notifier, clock, posts, lines, posted });
  } finally {
    await notifier.stop();
    // Also of an answer that never comes.
    closing.abort();
    await server.finished;
    assertEquals(clock.pending, 0);
  }
}

const ok = () => new Response("thanks");

/** Waits until a try has failed, and lets the wait before the next one go by, and no more. */
async function throughWait(clock: FakeClock, notifier: WebhookNotifier, retries: number) {
  while (notifier.counts.retried < retries) await new Promise((resolve) => setTimeout(resolve, 1));
  await clock.advance(Math.min(60_000, 1_000 * 2 ** (retries - 1)));
}

Deno.test("a message is posted as JSON, with user name and password as a header", () =>
  posting(ok, async ({ notifier, posts, posted }) => {
    notifier.notify(group("FlowctlHighLoad", ["sink"]));
    await posted(1);
    const { message, request } = posts[0]!;
    assertEquals([message.version, message.alerts.length, request.method], ["4", 1, "POST"]);
    assertEquals(new URL(request.url).search, "?key=secret-key");
    assertEquals(request.headers.get("content-type"), "application/json");
    assertEquals(request.headers.get("authorization"), `Basic ${btoa("me:pass word")}`);
  }, "me:pass%20word@"));

Deno.test("a message that is not taken is posted again, with one record of that", () =>
  posting(
    (post) => new Response(null, { status: [503, 429, 408][post - 1] ?? 200 }),
    async ({ notifier, clock, posts, lines, posted }) => {
      notifier.notify(group("FlowctlHighLoad", ["sink"]));
      for (let retries = 1; retries <= 3; retries++) await throughWait(clock, notifier, retries);
      await posted(4);
      while (notifier.counts.sent === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      assertEquals(notifier.counts, { sent: 1, retried: 3, dropped: 0 });
      assertEquals(new Set(posts.map(({ message }) => message.alerts[0]!.fingerprint)).size, 1);
      assertEquals(lines.length, 1);
      assertStringIncludes(lines[0]!, "it answers with status 503");
      assertEquals(notifier.waiting, 0);
    },
  ));

Deno.test("what the receiver refuses, or what leads elsewhere, is given up at once", async () => {
  for (const status of [400, 404, 302]) {
    const headers = { location: "http://127.0.0.1:1/elsewhere" };
    await posting(
      () => new Response(null, { status, headers }),
      async ({ notifier, posts, lines, posted }) => {
        notifier.notify(group("FlowctlHighLoad", ["sink"]));
        await posted(1);
        while (notifier.counts.dropped === 0) {
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
        assertEquals([notifier.counts, posts.length], [{ sent: 0, retried: 0, dropped: 1 }, 1]);
        assertStringIncludes(lines[0]!, `ERROR flowctl A message to ALERT_WEBHOOK_URL is given up`);
      },
    );
  }
});

Deno.test("while the receiver is away one message a rule waits, which tells all of it", () =>
  posting(
    (post) => new Response(null, { status: post === 1 ? 500 : 200 }),
    async ({ notifier, clock, posts, posted }) => {
      notifier.notify(group("FlowctlHighLoad", ["a", "b"], ["z"]));
      await posted(1);
      for (let i = 0; i < 100; i++) {
        notifier.notify(group("FlowctlHighLoad", ["b"], ["a"]));
        notifier.notify(group("FlowctlBackpressure", ["b"]));
      }
      assertEquals(notifier.waiting <= 2, true);
      await throughWait(clock, notifier, 1);
      await posted(3);
      const told = posts.slice(1).map((
        { message },
      ) => [
        message.groupLabels.alertname,
        ...message.alerts.map(({ status, labels }) => `${labels.service_id} ${status}`),
      ]);
      assertEquals(told.sort(), [
        ["FlowctlBackpressure", "b firing"],
        ["FlowctlHighLoad", "b firing", "z resolved", "a resolved"],
      ]);
    },
  ));

Deno.test("a receiver that never answers costs a time-out, and a stop does not wait for it", () =>
  posting(
    () => new Promise<Response>(() => {}),
    async ({ notifier, clock, lines, posted }) => {
      notifier.notify(group("FlowctlHighLoad", ["sink"]));
      await posted(1);
      await clock.advance(WEBHOOK_TIMEOUT_MS);
      assertStringIncludes(lines[0]!, "no answer within 10 s");
      await throughWait(clock, notifier, 1);
      await posted(2);
    },
  ));

Deno.test("a receiver that is not there is tried often, then given up, and no record tells the URL", async () => {
  const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = closed.addr as Deno.NetAddr;
  closed.close();
  const clock = new FakeClock();
  const lines: string[] = [];
  const log = createLogger({
    component: "flowctl",
    level: "debug",
    format: "text",
    clock,
    write: (line) => lines.push(line),
  });
  const url = `http://user:pass-word@127.0.0.1:${port}/hush-hush`;
  const notifier = new WebhookNotifier({ url, clock, log, random: () => 1 });
  notifier.notify(group("FlowctlHighLoad", ["sink"]));
  for (let tries = 1; tries < MAX_TRIES; tries++) await throughWait(clock, notifier, tries);
  while (notifier.counts.dropped === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  assertEquals([notifier.counts.retried, notifier.waiting], [MAX_TRIES - 1, 0]);
  assertEquals(lines.length, 2);
  for (const line of lines) assertEquals(/hush-hush|pass-word/.test(line), false, line);
  await notifier.stop();
  notifier.notify(group("FlowctlHighLoad", ["sink"]));
  assertEquals(notifier.waiting, 0);
});

Deno.test("a URL that is none is refused", () => {
  const clock = new FakeClock();
  const log = createLogger({
    component: "a",
    level: "info",
    format: "text",
    clock,
    write: () => {},
  });
  assertThrows(() => new WebhookNotifier({ url: "http://a:99999/", clock, log }), TypeError);
});

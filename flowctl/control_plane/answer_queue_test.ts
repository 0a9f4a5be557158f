import { assertEquals } from "@std/assert";
import { FakeClock } from "../component/mod.ts";
import { AnswerQueue, type AnswerStream } from "./answer_queue.ts";
import { STALLED_MS } from "./limits.ts";

/** A queue for 100 bytes a connection and 1,000 in all, with streams that a test takes or leaves. */
function queue() {
  const clock = new FakeClock();
  const answers = new AnswerQueue({ clock, perConnection: 100, inAll: 1000 });
  const sent: string[] = [];
  const reset: string[] = [];
  const closing = new Map<string, () => void>();
  /** Asks for an answer of this many bytes. */
  const ask = (connection: object, name: string, bytes: number) => {
    let isClosed = false;
    const stream: AnswerStream = {
      connection,
      get isClosed() {
        return isClosed;
      },
      onClose: (callback) =>
        closing.set(name, () => {
          isClosed = true;
          callback();
        }),
      reset: () => reset.push(name),
    };
    answers.add(stream, () => {
      sent.push(name);
      return bytes;
    });
  };
  /** The peer has taken the answer, or has given up. */
  const close = (name: string) => closing.get(name)!();
  return { clock, answers, sent, reset, ask, close };
}

Deno.test("answers that are taken are sent at once, in the order of coming", () => {
  const { answers, sent, ask, close } = queue();
  const connection = {};
  for (const name of ["a", "b", "c"]) {
    ask(connection, name, 100);
    close(name);
  }
  assertEquals([sent, answers.unread], [["a", "b", "c"], 0]);
});

Deno.test("an answer is not made while too much is unread on its connection, and others go on", () => {
  const { answers, sent, ask, close } = queue();
  const [slow, fair] = [{}, {}];
  for (const name of ["s1", "s2", "s3", "s4"]) ask(slow, name, 60);
  assertEquals([sent, answers.unread], [["s1", "s2"], 120]);
  ask(fair, "f1", 60);
  assertEquals(sent, ["s1", "s2", "f1"]);
  close("s1");
  assertEquals([sent, answers.unread], [["s1", "s2", "f1", "s3"], 180]);
});

Deno.test("many calls at once of one who reads are all answered", () => {
  const { answers, sent, ask, close } = queue();
  const connection = {};
  const names = Array.from({ length: 200 }, (_, i) => `${i}`);
  for (const name of names) ask(connection, name, 70);
  for (let i = 0; i < names.length; i++) close(sent[i]!);
  assertEquals([sent, answers.unread], [names, 0]);
});

Deno.test("half of all is for connections that have nothing unread, which take turns", () => {
  const { sent, ask, close } = queue();
  const big = Array.from({ length: 5 }, (_, i) => ({ name: `big${i}` }));
  for (const connection of big) ask(connection, connection.name, 99);
  const [one, two] = [{}, {}];
  ask(one, "one1", 10);
  // 505 are unread: a second answer waits, a first one does not.
  ask(one, "one2", 10);
  ask(one, "one3", 10);
  ask(two, "two1", 10);
  ask(two, "two2", 10);
  assertEquals(sent.slice(5), ["one1", "two1"]);
  close("big0");
  assertEquals(sent.slice(7), ["one2", "two2", "one3"]);
});

Deno.test("when all is full, what is not taken is given up in the order of sending, and not before", async () => {
  const { clock, answers, sent, reset, ask } = queue();
  for (let i = 0; i < 10; i++) ask({}, `stalled${i}`, 100);
  await clock.advance(10 * STALLED_MS);
  assertEquals([reset, clock.pending], [[], 0]);
  const fair = {};
  ask(fair, "fair", 100);
  assertEquals(sent.includes("fair"), false);
  await clock.advance(0);
  assertEquals([reset, sent.includes("fair"), answers.unread], [["stalled0"], true, 1000]);
});

Deno.test("with an answer that is given up go the calls that its connection waits for", async () => {
  const { clock, answers, sent, reset, ask, close } = queue();
  const stalled = {};
  for (const name of ["s1", "s2", "s3"]) ask(stalled, name, 100);
  for (let i = 0; i < 9; i++) ask({}, `other${i}`, 100);
  ask({}, "fair", 100);
  await clock.advance(STALLED_MS);
  assertEquals([reset.slice(0, 3), sent.includes("fair")], [["s1", "s2", "s3"], true]);
  // Closing what was given up changes nothing more.
  for (const name of ["s1", "s2", "s3"]) close(name);
  assertEquals([sent.includes("s2"), answers.unread], [false, 1000]);
});

Deno.test("an answer has its time to be taken, also when others wait", async () => {
  const { clock, reset, ask, close, sent } = queue();
  for (let i = 0; i < 10; i++) ask({}, `slow${i}`, 100);
  ask({}, "waits", 100);
  await clock.advance(STALLED_MS - 1);
  assertEquals(reset, []);
  close("slow3");
  assertEquals(sent.at(-1), "waits");
  await clock.advance(STALLED_MS);
  assertEquals([reset, clock.pending], [[], 0]);
});

Deno.test("a connection's own unread answers are never given up for its own next ones", async () => {
  const { clock, reset, ask } = queue();
  const connection = {};
  for (let i = 0; i < 20; i++) ask(connection, `${i}`, 100);
  await clock.advance(10 * STALLED_MS);
  assertEquals([reset, clock.pending], [[], 0]);
});

Deno.test("a call that is given up while it waits is never answered, and holds up nobody", () => {
  const { answers, sent, ask, close } = queue();
  const connection = {};
  for (const name of ["a", "given up", "b"]) ask(connection, name, 100);
  close("given up");
  close("a");
  close("b");
  assertEquals([sent, answers.unread], [["a", "b"], 0]);
});

Deno.test("after the stop no time is waited for", () => {
  const { clock, answers, ask } = queue();
  for (let i = 0; i < 11; i++) ask({}, `${i}`, 100);
  assertEquals(clock.pending, 1);
  answers.stop();
  ask({}, "more", 100);
  assertEquals(clock.pending, 0);
});

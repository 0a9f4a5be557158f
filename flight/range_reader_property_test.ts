import { assertEquals } from "@std/assert";
import { FlightError } from "./flight_error.ts";
import { RangeReader } from "./range_reader.ts";
import {
  exactRows,
  FakeRangeClients,
  FakeServer,
  ledgerBatch,
  ManualClock,
} from "./testing/mod.ts";

const dataset = "stellar_ledger";

/** How long a server may take to end a stream that is cancelled. */
const LONGEST_END_MS = 400;

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Servers, limits and misfortunes that a seed decides. */
function world(seed: number) {
  const chance = random(seed);
  const upTo = (n: number) => 1 + Math.floor(chance() * n);
  const clock = new ManualClock();
  const sleep = (ms: number) => new Promise<void>((resolve) => void clock.setTimeout(resolve, ms));
  const start = upTo(500);
  const end = start + upTo(900);
  const inParts = upTo(60);
  const servers = Array.from({ length: upTo(4) }, (_, i) => new FakeServer(`s${i}:1`));
  const failing = chance() < 0.7 ? chance() * 0.03 : 0;
  for (const [i, server] of servers.entries()) {
    const pace = chance() < 0.3 ? 300 * chance() : 10 * chance();
    const isSlowToEnd = chance() < 0.4;
    const isHanging = i === 0 && servers.length > 1 && chance() < 0.3;
    server.batchLedgers = upTo(chance() < 0.3 ? 1 : 40);
    server.xdrBytes = upTo(300);
    if (chance() < 0.3) server.maxStreams = upTo(3);
    server.parts = (ledger) => ledger % inParts === 0 ? 3 : 1;
    server.last = chance() < 0.5 ? end + 5 : Math.floor(start + (end - start) * chance());
    clock.setTimeout(() => server.grow(end + 5), 3000 * chance());
    server.before = async () => {
      if (isHanging && chance() < 0.02) await new Promise<void>(() => {});
      if (chance() < failing) throw new FlightError("UNAVAILABLE", "gone");
      if (pace > 0) await sleep(pace * chance());
    };
    server.closing = () => isSlowToEnd ? sleep(LONGEST_END_MS * chance()) : undefined;
    server.metadata = () => {
      if (chance() < failing / 4) throw new FlightError("INTERNAL", "torn");
      return {};
    };
  }
  const clients = new FakeRangeClients(servers, clock);
  const parallel = upTo(5);
  clients.max = parallel + 1;
  const bufferBytes = Math.floor(chance() * 60_000);
  const reader = new RangeReader({ clients, parallel, bufferBytes, clock });
  const isOpen = chance() < 0.3;
  return { clock, sleep, chance, servers, clients, reader, start, end, isOpen, inParts };
}

/** Rows as one stream of one server would give them. */
function dueRows({ start, end, inParts }: { start: number; end: number; inParts: number }) {
  // The XDR's size differs from server to server: it is no part of what is compared.
  return Array.from({ length: end - start + 1 }, (_, i) => start + i)
    .flatMap((ledger) => Array.from({ length: ledger % inParts === 0 ? 3 : 1 }, () => ledger));
}

/** Reads as a consumer does: what fails for the moment's sake is asked for again from the next ledger. */
async function consume({ reader, start, end, isOpen, chance, sleep }: ReturnType<typeof world>) {
  const rows: number[] = [];
  let next = start;
  while (next <= end) {
    const whole = rows.length;
    let isPart = 0;
    try {
      const range = { dataset, startLedger: next, ...(isOpen ? {} : { endLedger: end }) };
      for await (const { batch, metadata } of reader.doGet(range)) {
        const sequences = Array.from(batch.getChild("sequence")!, Number);
        assertEquals(metadata.first_ledger, next, `of ${sequences}`);
        rows.push(...sequences.filter((sequence) => sequence <= end));
        isPart = metadata.partial ? isPart + batch.numRows : 0;
        next = metadata.partial ? metadata.last_ledger : metadata.last_ledger + 1;
        if (next > end) break;
        if (chance() < 0.1) await sleep(200 * chance());
      }
    } catch (error) {
      if (!(error instanceof FlightError && error.isCurable)) throw error;
      await sleep(100);
    }
    if (isPart > 0) rows.splice(Math.max(whole, rows.length - isPart));
  }
  return rows;
}

Deno.test("whatever fails, stalls or is slow, a range gives exactly the rows of one stream in order", async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const it = world(seed);
    const rows = await it.clock.until(consume(it));
    assertEquals(rows, dueRows(it), `seed ${seed}`);
    await it.clock.advance(LONGEST_END_MS);
    assertEquals([it.clients.leased, it.reader.bufferedBytes], [0, 0], `seed ${seed}`);
    assertEquals(it.servers.map(({ open }) => open), it.servers.map(() => 0), `seed ${seed}`);
  }
});

Deno.test("made-up servers give the rows of their ledgers, in any batches", async () => {
  const server = new FakeServer("a:1");
  server.batchLedgers = 7;
  const { signal } = new AbortController();
  const batches = await Array.fromAsync(
    server.client().doGet({ dataset, startLedger: 20, endLedger: 50 }, signal),
  );
  assertEquals(batches.flatMap(({ batch }) => exactRows(batch)), exactRows(ledgerBatch(20, 50)));
});

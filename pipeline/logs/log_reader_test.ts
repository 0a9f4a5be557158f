import { assertEquals } from "@std/assert";
import { logNames, logPath } from "./log_folder.ts";
import { followLogs, type LogQuery, readLogs } from "./log_reader.ts";
import { RotatingLog } from "./rotating_log.ts";

const START = Date.UTC(2026, 0, 1);

async function withLogs(
  run: (
    folder: string,
    write: (name: string, second: number, text: string) => void,
  ) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const logs = new Map<string, RotatingLog>();
  try {
    await run(folder, (name, second, text) => {
      const path = logPath(folder, name);
      const log = logs.get(name) ?? new RotatingLog({ path, maxBytes: 400, maxFiles: 3 });
      logs.set(name, log);
      log.write(new Date(START + second * 1000), text);
    });
  } finally {
    for (const log of logs.values()) log.close();
    await Deno.remove(folder, { recursive: true });
  }
}

async function texts(query: LogQuery): Promise<string[]> {
  return (await Array.fromAsync(readLogs(query))).map(({ name, text }) => `${name}: ${text}`);
}

Deno.test("lines of several logs come by time, from files put aside too", async () => {
  await withLogs(async (folder, write) => {
    for (let at = 0; at < 12; at++) {
      write(at % 2 === 0 ? "sink" : "source", at, `line ${at} ${"x".repeat(40)}`);
    }
    assertEquals(await logNames(folder), ["sink", "source"]);
    const query = { folder, names: ["sink", "source", "absent"], maxFiles: 3 };
    const found = (await texts(query)).map((text) => Number(/line (\d+)/.exec(text)![1]));
    assertEquals(found, Array.from({ length: 12 }, (_, at) => at));
    const since = await texts({ ...query, sinceMs: START + 10_000 });
    assertEquals(since.length, 2);
  });
});

Deno.test("by level, in both forms of the log; what is no record goes with the record before", async () => {
  await withLogs(async (folder, write) => {
    write("sink", 0, "arrow-analytics-sink 0.1.0");
    write("sink", 1, "2026-01-01T00:00:01.000Z INFO  arrow-analytics-sink started");
    write("sink", 2, "2026-01-01T00:00:02.000Z WARN  arrow-analytics-sink slow");
    write("sink", 3, "  for a reason");
    write("sink", 4, `{"time":"…","level":"error","message":"broken"}`);
    write("sink", 5, `{"time":"…","level":"debug","message":"more"}`);
    write("sink", 6, "error: Uncaught (in promise) TypeError");
    write("sink", 7, "arrow-analytics-sink 0.1.0");
    write("sink", 8, "  flowctl   off");
    const query = { folder, names: ["sink"], maxFiles: 3 };
    const found = await texts({ ...query, level: "warn" });
    assertEquals(found.length, 4);
    assertEquals(found.map((text) => /slow|reason|broken|Uncaught/.exec(text)?.[0]), [
      "slow",
      "reason",
      "broken",
      "Uncaught",
    ]);
  });
});

Deno.test("a log larger than any text is read in pieces, and closed by who has seen enough", async () => {
  await withLogs(async (folder, write) => {
    write("sink", 0, "first");
    write("sink", 1, "second");
    // Nothing but a size: the rest of the file takes no room.
    await Deno.truncate(logPath(folder, "sink"), 2 ** 30);
    const lines = readLogs({ folder, names: ["sink"], maxFiles: 1 });
    assertEquals((await lines.next()).value?.text, "first");
    await lines.return(undefined);
  });
});

Deno.test("following tells what is written from now on, also past a file that is put aside", async () => {
  await withLogs(async (folder, write) => {
    write("source", 0, "before");
    write("source", 0, "shortly before");
    const stop = new AbortController();
    const lines = followLogs(
      { folder, names: ["source", "sink"], maxFiles: 3 },
      stop.signal,
      1,
    );
    const next = async () => (await lines.next()).value?.text;
    assertEquals(await next(), "shortly before");
    const first = next();
    write("sink", 1, "a log that begins");
    assertEquals(await first, "a log that begins");
    for (let at = 0; at < 8; at++) write("source", at, `line ${at} ${"x".repeat(60)}`);
    const found: number[] = [];
    while (found.at(-1) !== 7) found.push(Number(/line (\d+)/.exec((await next())!)![1]));
    assertEquals(found, [0, 1, 2, 3, 4, 5, 6, 7]);
    stop.abort();
    assertEquals((await lines.next()).done, true);
  });
});

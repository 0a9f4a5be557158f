import { delay } from "@std/async/delay";
import { LOG_LEVELS, type LogLevel } from "../../flowctl/mod.ts";
import { logPath } from "./log_folder.ts";
import { LogFollower, type LogPosition } from "./log_follower.ts";
import { type LogLine, LogLineParser } from "./log_line.ts";
import { logFiles } from "./rotating_log.ts";

/** What is wanted of the logs. */
export interface LogQuery {
  /** Folder of the logs. */
  readonly folder: string;
  /** Names of the logs, such as `source`. */
  readonly names: readonly string[];
  /** How many files of each log there may be. */
  readonly maxFiles: number;
  /** Nothing before this time, in milliseconds since 1970. */
  readonly sinceMs?: number;
  /** Nothing less important. */
  readonly level?: LogLevel;
}

/** Time between two looks for new lines: a person takes it for at once. */
const LOOK_EVERY_MS = 200;

/**
 * All lines of the logs that are wanted, by time; lines of one moment stay in the order of a log.
 *
 * @param until where to stop in a log, by name
 */
export async function* readLogs(
  query: LogQuery,
  until: ReadonlyMap<string, LogPosition> = new Map(),
): AsyncGenerator<LogLine> {
  const logs = query.names.map((name) => linesOf(query, name, until.get(name)));
  const heads = await Promise.all(logs.map((log) => log.next()));
  while (true) {
    let first: number | undefined;
    for (const [at, head] of heads.entries()) {
      if (head.done) continue;
      if (first === undefined || head.value.atMs < heads[first]!.value!.atMs) first = at;
    }
    if (first === undefined) return;
    const line = heads[first]!.value as LogLine;
    heads[first] = await logs[first]!.next();
    if (isWanted(query, line)) yield line;
  }
}

/**
 * Reads the logs as `readLogs`, and then goes on with new lines as they are written, until the
 * signal aborts. No line is missed or told twice. A log that does not exist yet is waited for; one
 * that is put aside is read to its end first.
 *
 * @param tail of what is there already, only so many lines
 */
export async function* followLogs(
  query: LogQuery,
  signal: AbortSignal,
  tail = Infinity,
): AsyncGenerator<LogLine> {
  const followers = query.names.map((name) => new LogFollower(query, name));
  const until = new Map<string, LogPosition>();
  for (const follower of followers) {
    follower.seekEnd();
    // A log that is not there yet has nothing to tell before what will be followed.
    until.set(follower.name, follower.position() ?? { inode: null, offset: 0 });
  }
  try {
    yield* lastLines(readLogs(query, until), tail);
    while (!signal.aborted) {
      const lines = followers.flatMap((follower) => follower.read());
      lines.sort((a, b) => a.atMs - b.atMs);
      for (const line of lines) if (isWanted(query, line)) yield line;
      if (lines.length === 0) await delay(LOOK_EVERY_MS, { signal }).catch(() => {});
    }
  } finally {
    for (const follower of followers) follower.close();
  }
}

/** The last so many lines. */
export async function* lastLines(
  lines: AsyncIterable<LogLine>,
  count: number,
): AsyncGenerator<LogLine> {
  if (count === Infinity) {
    yield* lines;
    return;
  }
  const kept: LogLine[] = [];
  for await (const line of lines) {
    kept.push(line);
    if (kept.length > count) kept.shift();
  }
  yield* kept;
}

async function* linesOf(
  query: LogQuery,
  name: string,
  until: LogPosition | undefined,
): AsyncGenerator<LogLine> {
  const parser = new LogLineParser(name);
  const oldestFirst = logFiles(logPath(query.folder, name), query.maxFiles).toReversed();
  for (const path of oldestFirst) {
    const file = await readFile(path);
    if (file === undefined) continue;
    const isLast = until !== undefined && file.inode === until.inode;
    const bytes = isLast ? file.bytes.subarray(0, until.offset) : file.bytes;
    const text = new TextDecoder().decode(bytes);
    for (const line of text.split("\n")) if (line !== "") yield parser.parse(line);
    if (isLast) return;
  }
}

async function readFile(
  path: string,
): Promise<{ bytes: Uint8Array; inode: number | null } | undefined> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  // Closes the file at its end.
  const { ino } = await file.stat();
  return { bytes: await new Response(file.readable).bytes(), inode: ino };
}

function isWanted({ sinceMs, level }: LogQuery, line: LogLine): boolean {
  if (sinceMs !== undefined && line.atMs < sinceMs) return false;
  return level === undefined || LOG_LEVELS.indexOf(line.level) >= LOG_LEVELS.indexOf(level);
}

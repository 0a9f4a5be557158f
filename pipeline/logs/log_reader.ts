import { delay } from "@std/async/delay";
import { LOG_LEVELS, type LogLevel } from "../../flowctl/mod.ts";
import { logPath } from "./log_folder.ts";
import { LogFollower } from "./log_follower.ts";
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

/** All lines of the logs that are wanted, by time; lines of one moment stay in the order of a log. */
export async function* readLogs(query: LogQuery): AsyncGenerator<LogLine> {
  const logs = query.names.map((name) => linesOf(query, name));
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
 * New lines of the logs as they are written, from now on, until the signal aborts. A log that does
 * not exist yet is waited for; one that is put aside is read to its end first.
 */
export async function* followLogs(query: LogQuery, signal: AbortSignal): AsyncGenerator<LogLine> {
  const followers = query.names.map((name) => new LogFollower(query, name));
  for (const follower of followers) follower.seekEnd();
  try {
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

async function* linesOf(query: LogQuery, name: string): AsyncGenerator<LogLine> {
  const parser = new LogLineParser(name);
  const oldestFirst = logFiles(logPath(query.folder, name), query.maxFiles).toReversed();
  for (const path of oldestFirst) {
    let text: string;
    try {
      text = await Deno.readTextFile(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) continue;
      throw error;
    }
    for (const line of text.split("\n")) if (line !== "") yield parser.parse(line);
  }
}

function isWanted({ sinceMs, level }: LogQuery, line: LogLine): boolean {
  if (sinceMs !== undefined && line.atMs < sinceMs) return false;
  return level === undefined || LOG_LEVELS.indexOf(line.level) >= LOG_LEVELS.indexOf(level);
}

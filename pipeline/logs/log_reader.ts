import { delay } from "@std/async/delay";
import { join } from "@std/path";
import { LOG_LEVELS, type LogLevel } from "../../flowctl/mod.ts";
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

/** Bytes read at once while following. */
const CHUNK_BYTES = 64 * 1024;

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

/** Names of the logs that a folder has. */
export async function logNames(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      if (name.endsWith(LOG_FILE)) names.push(name.slice(0, -LOG_FILE.length));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.sort();
}

/** Path of a log's newest file. */
export function logPath(folder: string, name: string): string {
  return join(folder, name + LOG_FILE);
}

/**
 * New lines of the logs as they are written, from now on, until the signal aborts. A log that does
 * not exist yet is waited for; one that is put aside is read to its end first.
 */
export async function* followLogs(query: LogQuery, signal: AbortSignal): AsyncGenerator<LogLine> {
  const followers = query.names.map((name) => new Follower(query, name));
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

const LOG_FILE = ".log";

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

/** One log, read from where it ended. */
class Follower {
  /** The newest first. */
  readonly #paths: readonly string[];
  readonly #parser: LogLineParser;
  readonly #buffer = new Uint8Array(CHUNK_BYTES);
  #decoder = new TextDecoder();
  #file: Deno.FsFile | undefined;
  #rest = "";

  constructor(query: LogQuery, name: string) {
    this.#paths = logFiles(logPath(query.folder, name), query.maxFiles);
    this.#parser = new LogLineParser(name);
  }

  seekEnd(): void {
    this.#open(this.#paths[0]!);
    this.#file?.seekSync(0, Deno.SeekMode.End);
  }

  read(): LogLine[] {
    const lines = this.#readRest();
    for (const path of this.#newerFiles()) {
      // Everything written before the file was put aside has been read by now.
      lines.push(...this.#readRest());
      this.close();
      this.#open(path);
      lines.push(...this.#readRest());
    }
    return lines;
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
    this.#rest = "";
    this.#decoder = new TextDecoder();
  }

  #open(path: string): void {
    try {
      this.#file = Deno.openSync(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  /** Files begun since the one that is open, oldest first; all there are where it is gone. */
  #newerFiles(): string[] {
    const open = this.#file?.statSync().ino;
    const newer: string[] = [];
    for (const path of this.#paths) {
      const found = inode(path);
      if (found !== undefined && found === open) break;
      if (found !== undefined) newer.unshift(path);
    }
    return newer;
  }

  #readRest(): LogLine[] {
    const lines: LogLine[] = [];
    while (this.#file !== undefined) {
      const read = this.#file.readSync(this.#buffer);
      if (read === null || read === 0) break;
      const text = this.#rest +
        this.#decoder.decode(this.#buffer.subarray(0, read), { stream: true });
      const parts = text.split("\n");
      this.#rest = parts.pop()!;
      for (const part of parts) if (part !== "") lines.push(this.#parser.parse(part));
    }
    return lines;
  }
}

function inode(path: string): number | null | undefined {
  try {
    return Deno.statSync(path).ino;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

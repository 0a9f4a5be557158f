import { logPath } from "./log_folder.ts";
import { type LogLine, LogLineParser } from "./log_line.ts";
import type { LogQuery } from "./log_reader.ts";
import { logFiles } from "./rotating_log.ts";

/** A place in one of the files of a log. */
export interface LogPosition {
  /** Of the file, whatever it is called by now. */
  readonly inode: number | null;
  /** In bytes. */
  readonly offset: number;
}

/** Bytes read at once. */
const CHUNK_BYTES = 64 * 1024;

/** One log, read from where it ended. */
export class LogFollower {
  /** The newest first. */
  readonly #paths: readonly string[];
  readonly #parser: LogLineParser;
  readonly #buffer = new Uint8Array(CHUNK_BYTES);
  #decoder = new TextDecoder();
  #file: Deno.FsFile | undefined;
  #rest = "";

  constructor(query: LogQuery, readonly name: string) {
    this.#paths = logFiles(logPath(query.folder, name), query.maxFiles);
    this.#parser = new LogLineParser(name);
  }

  seekEnd(): void {
    this.#open(this.#paths[0]!);
    this.#file?.seekSync(0, Deno.SeekMode.End);
  }

  /** Where reading goes on; `undefined` while there is no file. */
  position(): LogPosition | undefined {
    const file = this.#file;
    if (file === undefined) return undefined;
    return { inode: file.statSync().ino, offset: file.seekSync(0, Deno.SeekMode.Current) };
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

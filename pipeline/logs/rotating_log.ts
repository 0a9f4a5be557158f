/** What a log file is made of. */
export interface RotatingLogOptions {
  /** Path of the newest file; older ones have `.1`, `.2`, … behind it. */
  readonly path: string;
  /** Size in bytes past which a new file is begun. */
  readonly maxBytes: number;
  /** How many files are kept, the newest included. */
  readonly maxFiles: number;
}

/**
 * Lines in a file that is put aside when it is large. Writing never throws: a disk that is full must
 * not stop what is logged. Lines that could not be written are counted, and told of in the file as
 * soon as it takes lines again.
 */
export class RotatingLog implements Disposable {
  readonly #options: RotatingLogOptions;
  readonly #encoder = new TextEncoder();
  #file: Deno.FsFile | undefined;
  #size = 0;
  #lost = 0;

  constructor(options: RotatingLogOptions) {
    this.#options = options;
  }

  /** Lines that could not be written since the last one that could. */
  get lost(): number {
    return this.#lost;
  }

  /** Appends a line with its time; whether it could be written. */
  write(at: Date, text: string): boolean {
    try {
      if (this.#lost > 0) {
        this.#append(`${at.toISOString()} (${this.#lost} lines are missing here)`);
      }
      this.#lost = 0;
      this.#append(`${at.toISOString()} ${text}`);
      return true;
    } catch {
      this.#lost++;
      return false;
    }
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #append(line: string): void {
    const bytes = this.#encoder.encode(`${line}\n`);
    let file = this.#file ?? this.#open();
    if (this.#size > 0 && this.#size + bytes.length > this.#options.maxBytes) {
      this.#rotate();
      file = this.#open();
    }
    for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
    this.#size += bytes.length;
  }

  #open(): Deno.FsFile {
    this.#file = Deno.openSync(this.#options.path, { append: true, create: true });
    this.#size = this.#file.statSync().size;
    return this.#file;
  }

  #rotate(): void {
    this.close();
    const { path, maxFiles } = this.#options;
    const names = logFiles(path, maxFiles);
    for (let at = names.length - 1; at > 0; at--) renameIfThere(names[at - 1]!, names[at]!);
    if (names.length === 1) Deno.removeSync(path);
  }
}

/** Paths of a log's files, the newest first; not all of them need to be there. */
export function logFiles(path: string, maxFiles: number): string[] {
  return Array.from({ length: maxFiles }, (_, at) => at === 0 ? path : `${path}.${at}`);
}

function renameIfThere(from: string, to: string): void {
  try {
    Deno.renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

import type { BatchFile, BatchFiles } from "./batch_files.ts";
import type { BatchLayout, BatchLocation } from "./batch_layout.ts";

/**
 * Files that were read ahead have at most this many bytes together; of several readings of a lake each
 * has its part, so that readers that stall do not hold this much each. It is overshot only by files
 * under way that turn out larger than those before them, and by what a reading has that was there
 * before the others.
 */
const MAX_BYTES_AHEAD = 16 * 1024 * 1024;
/** Part of the estimate that stays with every file: a single large one counts for some ten. */
const ESTIMATE_KEPT = 7 / 8;

/** A batch file that is on its way from the store; undefined when there is none. */
export interface Fetching {
  readonly location: BatchLocation;
  readonly file: Promise<BatchFile | undefined>;
}

/**
 * The files of a reading that are fetched before their turn, in order. The first is fetched alone:
 * it tells how large they are.
 *
 * Life: `stop` ends the fetching ahead; files that are under way then still come.
 */
export class ReadAhead {
  readonly #files: BatchFiles;
  readonly #atOnce: number;
  readonly #ahead: number;
  /** The readings of the lake that go on, this one too. */
  readonly #readings: Set<ReadAhead>;
  readonly #queue: Fetching[] = [];
  #layout: BatchLayout | undefined;
  #next: number | undefined;
  #last = -1;
  #underWay = 0;
  /** Bytes of the files that have come and wait for their turn. */
  #arrivedBytes = 0;
  /** Size that the next file is expected to have; undefined before the first has come. */
  #expectedBytes: number | undefined;
  #stopped = false;

  /** Fetches `atOnce` files at the same time and `ahead` (not below it) before their turn. */
  constructor(files: BatchFiles, atOnce: number, ahead: number, readings = new Set<ReadAhead>()) {
    this.#files = files;
    this.#atOnce = atOnce;
    this.#ahead = ahead;
    this.#readings = readings.add(this);
  }

  /** Fetches on, from the batch of `from` at first and up to the batch of `last`. */
  fill(layout: BatchLayout, from: number, last: number): void {
    this.#layout = layout;
    this.#next ??= from;
    this.#last = last;
    // The reading waits for this one, however large it is.
    if (this.#queue.length === 0 && this.#next <= last) this.#startNext();
    this.#start();
  }

  /** The next file; `fill` must have found one. */
  take(): Fetching {
    const { location, file } = this.#queue.shift()!;
    return {
      location,
      file: file.then((taken) => {
        this.#arrivedBytes -= taken?.bytes.length ?? 0;
        this.#start();
        return taken;
      }),
    };
  }

  stop(): void {
    this.#stopped = true;
    this.#readings.delete(this);
  }

  #start(): void {
    while (!this.#stopped && this.#next! <= this.#last && this.#mayStart()) this.#startNext();
  }

  #startNext(): void {
    const location = this.#layout!.batchAt(this.#next!);
    this.#next = location.endSequence + 1;
    const file = this.#fetch(location);
    // A reading that ends before its turn must not leave a rejection that nobody handles.
    file.catch(() => {});
    this.#queue.push({ location, file });
  }

  #mayStart(): boolean {
    if (this.#underWay >= this.#atOnce || this.#queue.length >= this.#ahead) return false;
    if (this.#expectedBytes === undefined) return false;
    const bytes = this.#arrivedBytes + (this.#underWay + 1) * this.#expectedBytes;
    return bytes <= MAX_BYTES_AHEAD / this.#readings.size;
  }

  async #fetch(location: BatchLocation): Promise<BatchFile | undefined> {
    this.#underWay++;
    try {
      const file = await this.#files.read(location);
      const size = file?.bytes.length ?? 0;
      this.#arrivedBytes += size;
      this.#expectedBytes = Math.max(size, (this.#expectedBytes ?? 0) * ESTIMATE_KEPT);
      return file;
    } finally {
      this.#underWay--;
      this.#start();
    }
  }
}

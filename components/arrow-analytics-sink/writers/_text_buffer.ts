import { countStatisticsJson, type RowBatch } from "../rows/mod.ts";
import {
  type BufferMark,
  type EncodedFile,
  OutputFileError,
  type RowBuffer,
} from "./format_writer.ts";

/** Bytes that a new buffer has room for before it first grows. */
const INITIAL_BYTES = 16 * 1024;

/** Up to here a loop copies faster than a view. */
const SHORT_BYTES = 80;

/** How a text format frames its rows in a file. */
export interface TextFraming {
  /** Before the first row. */
  readonly head: Uint8Array;
  /** After each row but the last. */
  readonly separator: Uint8Array;
  /** After the last row. */
  readonly tail: Uint8Array;
}

/** Growing bytes. */
export class ByteSink {
  length = 0;
  bytes = new Uint8Array(INITIAL_BYTES);

  /** Appends source[start, end). */
  push(source: Uint8Array, start = 0, end = source.length): void {
    const size = end - start;
    this.#reserve(size);
    // Short pieces are copied faster by hand than through a view of their own.
    if (size <= SHORT_BYTES) {
      const { bytes, length } = this;
      for (let i = 0; i < size; i++) bytes[length + i] = source[start + i]!;
    } else this.bytes.set(source.subarray(start, end), this.length);
    this.length += size;
  }

  /** Appends text that has only ASCII characters. */
  pushAscii(text: string): void {
    this.#reserve(text.length);
    for (let i = 0; i < text.length; i++) this.bytes[this.length++] = text.charCodeAt(i);
  }

  /** Appends text as UTF-8. */
  pushText(text: string): void {
    this.push(new TextEncoder().encode(text));
  }

  #reserve(size: number): void {
    if (this.length + size <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.length + size, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }
}

/**
 * Rows as the text of a file, each followed by the separator. What was read back from a smaller
 * file is the same text without its frame, so that nothing is parsed.
 */
export class TextBuffer implements RowBuffer {
  rows = 0;
  readonly #sink = new ByteSink();

  constructor(
    private readonly framing: TextFraming,
    private readonly writeRow: (sink: ByteSink, rows: RowBatch, row: number) => void,
  ) {}

  append(rows: RowBatch, start: number, end: number): void {
    for (let row = start; row < end; row++) {
      this.writeRow(this.#sink, rows, row);
      this.#sink.push(this.framing.separator);
      this.rows++;
    }
  }

  load(file: Uint8Array, rows: number): void {
    const { head, separator, tail } = this.framing;
    const end = file.length - tail.length;
    if (
      end < head.length || !sameBytes(file, 0, head) || !sameBytes(file, end, tail)
    ) throw new OutputFileError("The file does not begin and end as this format's files do.");
    this.#sink.push(file, head.length, end);
    this.#sink.push(separator);
    this.rows += rows;
  }

  clear(): void {
    this.rows = 0;
    this.#sink.length = 0;
  }

  mark(): BufferMark {
    return { row: this.rows, byte: this.#sink.length };
  }

  encode(from: BufferMark = { row: 0, byte: 0 }): EncodedFile {
    const { head, separator, tail } = this.framing;
    const file = new ByteSink();
    file.push(head);
    file.push(this.#sink.bytes, from.byte, this.#sink.length - separator.length);
    file.push(tail);
    const rows = this.rows - from.row;
    return {
      bytes: file.bytes.subarray(0, file.length),
      rows,
      statistics: countStatisticsJson(rows),
    };
  }
}

function sameBytes(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let i = 0; i < wanted.length; i++) if (bytes[at + i] !== wanted[i]) return false;
  return true;
}

import { constants, zstdCompressSync, zstdDecompressSync, type ZstdOptions } from "node:zlib";
import { LakeError } from "./lake_error.ts";

/*
 * RFC 8878: magic (4, little-endian) · frame header descriptor (1) · window descriptor (0 or 1) ·
 * dictionary id (0, 1, 2 or 4) · content size (0, 1, 2, 4 or 8) · blocks, each with a header of 3
 * bytes (bit 0 last, bits 1-2 type, bits 3-23 size) · checksum (0 or 4).
 */
const MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4] as const;
const CONTENT_SIZE_BYTES = [0, 2, 4, 8] as const;
const RLE_BLOCK = 1;
const COMPRESSED_BLOCK = 2;
const RESERVED_BLOCK = 3;

/** A block holds at most this much (RFC 8878, 3.1.1.2.4), so that the blocks bound a frame's content. */
const MAX_BLOCK_CONTENT_BYTES = 128 * 1024;
/** The smallest buffer that node:zlib is given. */
const MIN_CHUNK = 1024;
/** XDR compresses to a tenth to a twentieth: a frame that claims far more gets no buffer upfront. */
const MAX_EXPECTED_RATIO = 64;
/** Buffer that any frame may have upfront, whatever it claims. */
const MAX_UNEXPECTED_CHUNK = 1 << 20;
/**
 * Frames read of one file, skippable ones included. SEP-54 has one, and a parallel compressor makes a
 * few; each costs a decompressor, so that a file of many tiny ones would take minutes.
 */
const MAX_FRAMES = 64;

/** Whether bytes begin as a zstd frame does. */
export function isZstd(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && uint32(bytes, 0) === MAGIC;
}

/**
 * The content of a file of zstd frames, at most `maxBytes` of it.
 *
 * The frames must fill the file exactly. node:zlib takes a file that is cut short, or that goes on
 * after its frame, for a whole one, so the blocks are walked first.
 * Throws LakeError (`batch`) that says what is wrong, without naming the file.
 */
export function decompressZstd(file: Uint8Array, maxBytes: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let left = maxBytes;
  for (let at = 0, frames = 1; at < file.length; frames++) {
    if (frames > MAX_FRAMES) {
      throw new LakeError("batch", `It has more than ${MAX_FRAMES} zstd frames: one is due.`);
    }
    const frame = walkFrame(file, at);
    if (!frame.skippable) {
      const part = decompressFrame(file.subarray(at, frame.end), frame, left);
      left -= part.length;
      parts.push(part);
    }
    at = frame.end;
  }
  if (parts.length === 1) return parts[0]!;
  if (parts.length === 0) throw new LakeError("batch", "It is empty.");
  const whole = new Uint8Array(maxBytes - left);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** One zstd frame that says its content's size and carries a checksum. */
export function compressZstd(content: Uint8Array): Uint8Array {
  // The types of node:zlib lack pledgedSrcSize, without which the frame does not say its size.
  const options: ZstdOptions & { readonly pledgedSrcSize: number } = {
    pledgedSrcSize: content.length,
    params: {
      [constants.ZSTD_c_contentSizeFlag]: 1,
      [constants.ZSTD_c_checksumFlag]: 1,
    },
  };
  return withoutBuffer(zstdCompressSync(content, options));
}

function decompressFrame(
  frame: Uint8Array,
  { contentSize, contentBound }: Frame,
  maxBytes: number,
): Uint8Array {
  if (contentSize !== undefined && contentSize > maxBytes) throw tooLarge(contentSize, maxBytes);
  // One piece larger than the output saves gathering: half the time of the default pieces.
  const expected = Math.min(contentSize ?? contentBound, contentBound) + 1;
  const chunkSize = Math.max(
    MIN_CHUNK,
    Math.min(expected, Math.max(MAX_UNEXPECTED_CHUNK, frame.length * MAX_EXPECTED_RATIO)),
  );
  let content: Uint8Array;
  try {
    content = fitting(zstdDecompressSync(frame, { chunkSize, maxOutputLength: maxBytes }));
  } catch (cause) {
    if ((cause as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE") {
      throw tooLarge(undefined, maxBytes);
    }
    throw new LakeError("batch", `Its zstd data is damaged: ${(cause as Error).message}.`, {
      cause,
    });
  }
  if (contentSize !== undefined && content.length !== contentSize) {
    throw new LakeError(
      "batch",
      `Its zstd frame holds ${content.length} bytes and says ${contentSize}: it is damaged.`,
    );
  }
  return content;
}

interface Frame {
  readonly end: number;
  readonly skippable: boolean;
  /** What the frame says of its content's size. */
  readonly contentSize: number | undefined;
  /** What its blocks can hold at most. */
  readonly contentBound: number;
}

function walkFrame(file: Uint8Array, start: number): Frame {
  const need = (end: number): number => {
    if (end > file.length) {
      throw new LakeError(
        "batch",
        `Its zstd frame is cut short: it goes on after the file's ${file.length} bytes.`,
      );
    }
    return end;
  };
  need(start + 4);
  const magic = uint32(file, start);
  if ((magic & 0xfffffff0) === SKIPPABLE_MAGIC) {
    need(start + 8);
    const end = need(start + 8 + uint32(file, start + 4));
    return { end, skippable: true, contentSize: undefined, contentBound: 0 };
  }
  if (magic !== MAGIC) {
    throw new LakeError(
      "batch",
      start === 0
        ? "It is not zstd: it must begin with the bytes 28 b5 2f fd."
        : `There are bytes after its zstd frame, from byte ${start} on.`,
    );
  }
  need(start + 5);
  const descriptor = file[start + 4]!;
  const singleSegment = (descriptor & 0x20) !== 0;
  let at = start + 5 + (singleSegment ? 0 : 1) + DICTIONARY_ID_BYTES[descriptor & 3]!;
  const sizeFlag = descriptor >>> 6;
  const sizeBytes = sizeFlag === 0 && singleSegment ? 1 : CONTENT_SIZE_BYTES[sizeFlag]!;
  need(at + sizeBytes);
  const contentSize = readContentSize(file, at, sizeBytes);
  at += sizeBytes;
  let contentBound = 0;
  for (let last = false; !last;) {
    need(at + 3);
    const header = file[at]! | (file[at + 1]! << 8) | (file[at + 2]! << 16);
    const type = (header >>> 1) & 3;
    if (type === RESERVED_BLOCK) {
      throw new LakeError("batch", `Its zstd data is damaged: bad block type at byte ${at}.`);
    }
    last = (header & 1) === 1;
    const blockSize = header >>> 3;
    contentBound += type === COMPRESSED_BLOCK
      ? MAX_BLOCK_CONTENT_BYTES
      : Math.min(blockSize, MAX_BLOCK_CONTENT_BYTES);
    at = need(at + 3 + (type === RLE_BLOCK ? 1 : blockSize));
  }
  const checksumBytes = (descriptor & 4) === 0 ? 0 : 4;
  return { end: need(at + checksumBytes), skippable: false, contentSize, contentBound };
}

function readContentSize(file: Uint8Array, at: number, bytes: number): number | undefined {
  if (bytes === 0) return undefined;
  if (bytes === 1) return file[at]!;
  if (bytes === 2) return (file[at]! | (file[at + 1]! << 8)) + 256;
  // Rounded beyond 2^53, which is far above every limit it is compared with.
  return uint32(file, at) + (bytes === 8 ? uint32(file, at + 4) * 2 ** 32 : 0);
}

/** The same bytes, without a buffer much larger than they are, which their view would keep alive. */
function fitting(buffer: Uint8Array): Uint8Array {
  const wasted = buffer.buffer.byteLength - buffer.length;
  return wasted > buffer.length + MIN_CHUNK ? new Uint8Array(buffer) : withoutBuffer(buffer);
}

/** The same bytes as a Uint8Array: a Buffer's `slice` is a view, which callers do not expect. */
function withoutBuffer(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

function uint32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>>
    0;
}

function tooLarge(size: number | undefined, maxBytes: number): LakeError {
  const what = size === undefined ? "more than the limit" : `${size} bytes`;
  return new LakeError(
    "batch",
    `It decompresses to ${what}: at most ${maxBytes} bytes are accepted.`,
  );
}

import { GrpcError } from "./grpc_error.ts";

/** Wire types of Protocol Buffers that are read here. */
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

const encoder = new TextEncoder();
// A byte order mark is a character of the text, not a mark.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes that a writer begins with: most messages of the control plane fit. */
const FIRST_BYTES = 128;

/** Longest varint: 64 bits in groups of seven. */
const MAX_VARINT_BYTES = 10;

/** UTF-16 units of a text whose UTF-8 (three bytes a unit at most) has a length of one byte. */
const SHORT_TEXT = 42;

/**
 * Writes one Protocol Buffers message field by field, in the order of the calls. As in proto3,
 * empty and zero values are left out.
 */
export class ProtoWriter {
  #buffer = new Uint8Array(FIRST_BYTES);
  #length = 0;

  /** A nested message, bytes or text; left out when empty unless `always` is set. */
  bytes(field: number, value: Uint8Array, always = false): this {
    if (value.length === 0 && !always) return this;
    this.#reserve(2 * MAX_VARINT_BYTES + value.length);
    this.#varint(field * 8 + BYTES);
    this.#varint(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  string(field: number, value: string): this {
    return value === "" ? this : this.stringElement(field, value);
  }

  /** An element of a repeated text field, which is written even when empty. */
  stringElement(field: number, value: string): this {
    if (value.length > SHORT_TEXT) return this.bytes(field, encoder.encode(value), true);
    this.#reserve(MAX_VARINT_BYTES + 1 + 3 * value.length);
    this.#varint(field * 8 + BYTES);
    const start = this.#length + 1;
    const { written } = encoder.encodeInto(value, this.#buffer.subarray(start));
    this.#buffer[this.#length] = written;
    this.#length = start + written;
    return this;
  }

  bool(field: number, value: boolean): this {
    return this.integer(field, value ? 1 : 0);
  }

  /** An enum or a (u)int32/64 within ±2^53. */
  integer(field: number, value: number): this {
    if (value === 0) return this;
    this.#reserve(2 * MAX_VARINT_BYTES);
    this.#varint(field * 8 + VARINT);
    this.#varint(value);
    return this;
  }

  double(field: number, value: number): this {
    this.#reserve(MAX_VARINT_BYTES + 8);
    this.#varint(field * 8 + FIXED64);
    new DataView(this.#buffer.buffer).setFloat64(this.#length, value, true);
    this.#length += 8;
    return this;
  }

  finish(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }

  /** The caller has reserved the bytes. */
  #varint(value: number): void {
    // Bit operations have 32 bits, of which the highest is the sign.
    if (value < 0 || value > 0x7fff_ffff) return this.#wideVarint(value);
    while (value >= 128) {
      this.#buffer[this.#length++] = value & 127 | 128;
      value >>>= 7;
    }
    this.#buffer[this.#length++] = value;
  }

  #wideVarint(value: number): void {
    // Negative integers take ten bytes: their two's complement in 64 bits.
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest >= 128n) {
      this.#buffer[this.#length++] = Number(rest & 127n) | 128;
      rest >>= 7n;
    }
    this.#buffer[this.#length++] = Number(rest);
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.#buffer.length));
    grown.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = grown;
  }
}

/**
 * Reads one Protocol Buffers message: `next()` gives field numbers until 0, and a value is read
 * with the method of its type or passed over by the following `next()`. Throws GrpcError
 * INVALID_ARGUMENT on bytes that are no such message.
 */
export class ProtoReader {
  at = 0;
  #wireType = -1;

  constructor(readonly buffer: Uint8Array, readonly message: string) {}

  /** Number of the next field; 0 at the end. */
  next(): number {
    if (this.#wireType !== -1) this.#skip();
    if (this.at >= this.buffer.length) return 0;
    const tag = this.varint();
    const field = Math.floor(tag / 8);
    this.#wireType = tag % 8;
    if (field === 0) this.#fail();
    return field;
  }

  /** A view of the field's bytes. */
  bytes(): Uint8Array {
    this.#expect(BYTES);
    const length = this.varint();
    const start = this.at;
    if (length > this.buffer.length - start) this.#fail();
    this.at = start + length;
    return this.buffer.subarray(start, this.at);
  }

  string(): string {
    const bytes = this.bytes();
    try {
      return decoder.decode(bytes);
    } catch {
      return this.#fail();
    }
  }

  bool(): boolean {
    return this.integer() !== 0;
  }

  /** A signed or unsigned integer; beyond ±2^53 the nearest number. */
  integer(): number {
    this.#expect(VARINT);
    const value = this.#varint64();
    return typeof value === "number" ? value : Number(BigInt.asIntN(64, value));
  }

  double(): number {
    this.#expect(FIXED64);
    const start = this.at;
    if (this.buffer.length - start < 8) this.#fail();
    this.at = start + 8;
    const { buffer, byteOffset } = this.buffer;
    return new DataView(buffer, byteOffset + start, 8).getFloat64(0, true);
  }

  /** A length or a tag. */
  varint(): number {
    return Number(this.#varint64());
  }

  /** A bigint only where a number might not hold it. */
  #varint64(): number | bigint {
    let value = 0;
    let scale = 1;
    // Seven groups of seven bits fit a number; only longer ones need a bigint.
    for (let i = 0; i < 7; i++) {
      const byte = this.#byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
    let wide = BigInt(value);
    for (let shift = 49n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      wide |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asUintN(64, wide);
    }
    return this.#fail();
  }

  #byte(): number {
    const byte = this.buffer[this.at++];
    return byte ?? this.#fail();
  }

  #expect(wireType: number): void {
    if (this.#wireType !== wireType) this.#fail();
    this.#wireType = -1;
  }

  #skip(): void {
    switch (this.#wireType) {
      case VARINT:
        this.integer();
        break;
      case BYTES:
        this.bytes();
        break;
      case FIXED64:
        this.at += 8;
        break;
      case FIXED32:
        this.at += 4;
        break;
      default:
        this.#fail();
    }
    this.#wireType = -1;
    if (this.at > this.buffer.length) this.#fail();
  }

  #fail(): never {
    throw this.failure(
      `A ${this.message} message cannot be read: its bytes are not Protocol Buffers of that type ` +
        `(at byte ${Math.min(this.at, this.buffer.length)} of ${this.buffer.length}).`,
    );
  }

  /** The error that is thrown with this sentence. */
  protected failure(text: string): GrpcError {
    return new GrpcError("INVALID_ARGUMENT", text);
  }
}

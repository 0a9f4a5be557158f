import { GrpcError } from "./grpc_error.ts";

/** Wire types of Protocol Buffers that are read here. */
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

const textEncoder = () => new TextEncoder();

/**
 * Writes one Protocol Buffers message field by field, in the order of the calls. As in proto3,
 * empty and zero values are left out.
 */
export class ProtoWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  /** A nested message, bytes or text; left out when empty unless `always` is set. */
  bytes(field: number, value: Uint8Array, always = false): this {
    if (value.length > 0 || always) {
      this.#varint(field * 8 + BYTES);
      this.#varint(value.length);
      this.#push(value);
    }
    return this;
  }

  string(field: number, value: string): this {
    return this.bytes(field, textEncoder().encode(value));
  }

  /** An element of a repeated text field, which is written even when empty. */
  stringElement(field: number, value: string): this {
    return this.bytes(field, textEncoder().encode(value), true);
  }

  bool(field: number, value: boolean): this {
    return this.integer(field, value ? 1 : 0);
  }

  /** An enum or a (u)int32/64 within ±2^53. */
  integer(field: number, value: number): this {
    if (value !== 0) {
      this.#varint(field * 8 + VARINT);
      this.#varint(value);
    }
    return this;
  }

  double(field: number, value: number): this {
    this.#varint(field * 8 + FIXED64);
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value, true);
    this.#push(bytes);
    return this;
  }

  finish(): Uint8Array {
    const out = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }

  #varint(value: number): void {
    // Negative integers take ten bytes: their two's complement in 64 bits.
    let rest = BigInt.asUintN(64, BigInt(value));
    const bytes: number[] = [];
    while (rest >= 128n) {
      bytes.push(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    this.#push(Uint8Array.from(bytes));
  }

  #push(part: Uint8Array): void {
    this.#parts.push(part);
    this.#length += part.length;
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
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
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
    return Number(BigInt.asIntN(64, this.#varint64()));
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

  #varint64(): bigint {
    let value = 0;
    let scale = 1;
    // Seven groups of seven bits fit a number; only longer ones need a bigint.
    for (let i = 0; i < 7; i++) {
      const byte = this.#byte();
      value += (byte & 127) * scale;
      if (byte < 128) return BigInt(value);
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

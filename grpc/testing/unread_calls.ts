import { Buffer } from "node:buffer";

/** What begins every connection of HTTP/2. */
const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/** Bytes of a frame before its payload: length, type, flags, stream. */
const HEAD_BYTES = 9;

/** Types of frames that are sent here, and their flags. */
const DATA = 0;
const HEADERS = 1;
const RST_STREAM = 3;
const SETTINGS = 4;
const PING = 6;
const END_STREAM = 1;
const END_HEADERS = 4;
const ACK = 1;

/** SETTINGS_INITIAL_WINDOW_SIZE is 0: nothing of any answer may be sent. */
const NO_WINDOW = Buffer.from([0, 4, 0, 0, 0, 0]);

/** How a call has ended for its client: with a status and no message, or given up by the server. */
export type UnreadEnd = "status" | "reset";

/** A call whose answer is not taken. */
export interface UnreadCall {
  /** Number of its stream. */
  readonly stream: number;
  /** Resolves when the server ends the call. */
  readonly ended: Promise<UnreadEnd>;
}

/**
 * A connection of HTTP/2 over which calls are made whose answers are never taken: no stream has a
 * window. Frames are written by hand, since clients take what comes whether it is read or not.
 */
export class UnreadCalls {
  readonly #connection: Deno.TcpConn;
  readonly #received: Promise<void>;
  readonly #calls = new Map<number, (end: UnreadEnd) => void>();
  #lastStream = -1;

  private constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
    this.#received = this.#receive();
  }

  /** Connects to a port of loopback. */
  static async connect(port: number): Promise<UnreadCalls> {
    const calls = new UnreadCalls(await Deno.connect({ hostname: "127.0.0.1", port }));
    await calls.#write([Buffer.from(PREFACE), frame(SETTINGS, 0, 0, NO_WINDOW)]);
    return calls;
  }

  /** Makes a call of a method with a message. */
  async call(path: string, message: Uint8Array): Promise<UnreadCall> {
    this.#lastStream += 2;
    const stream = this.#lastStream;
    const { promise: ended, resolve } = Promise.withResolvers<UnreadEnd>();
    this.#calls.set(stream, resolve);
    const headers = headerBlock({
      ":method": "POST",
      ":scheme": "http",
      ":path": path,
      ":authority": "localhost",
      "te": "trailers",
      "content-type": "application/grpc",
    });
    const body = Buffer.alloc(5 + message.length);
    body.writeUInt32BE(message.length, 1);
    body.set(message, 5);
    await this.#write([
      frame(HEADERS, END_HEADERS, stream, headers),
      frame(DATA, END_STREAM, stream, body),
    ]);
    return { stream, ended };
  }

  /** Gives a call up. */
  async cancel({ stream }: UnreadCall): Promise<void> {
    await this.#write([frame(RST_STREAM, 0, stream, Buffer.from([0, 0, 0, 8]))]);
  }

  /** Ends the connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#connection.close();
    } catch {
      // The server has closed it.
    }
    await this.#received;
  }

  async #write(frames: readonly Uint8Array[]): Promise<void> {
    const bytes = Buffer.concat(frames);
    for (let at = 0; at < bytes.length;) {
      at += await this.#connection.write(bytes.subarray(at));
    }
  }

  async #receive(): Promise<void> {
    let held = Buffer.alloc(0);
    try {
      for await (const chunk of this.#connection.readable.values({ preventCancel: true })) {
        held = Buffer.concat([held, chunk]);
        while (held.length >= HEAD_BYTES) {
          const length = HEAD_BYTES + held.readUIntBE(0, 3);
          if (held.length < length) break;
          await this.#take(held.subarray(0, length));
          held = held.subarray(length);
        }
      }
    } catch {
      // The connection was closed here or there.
    }
  }

  async #take(taken: Buffer): Promise<void> {
    const [type, flags, stream] = [taken[3]!, taken[4]!, taken.readUInt32BE(5)];
    // A server whose settings and pings are not answered ends the connection.
    if (type === SETTINGS && flags !== ACK) {
      await this.#write([frame(SETTINGS, ACK, 0, Buffer.alloc(0))]);
    } else if (type === PING && flags !== ACK) {
      await this.#write([frame(PING, ACK, 0, taken.subarray(HEAD_BYTES))]);
    } else if (type === RST_STREAM) this.#calls.get(stream)?.("reset");
    else if (type === HEADERS && (flags & END_STREAM) !== 0) this.#calls.get(stream)?.("status");
  }
}

function frame(type: number, flags: number, stream: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** HPACK's simplest form: literal fields without index or Huffman code, of less than 127 bytes. */
function headerBlock(headers: Readonly<Record<string, string>>): Buffer {
  const fields = Object.entries(headers).map(([name, value]) =>
    Buffer.from([0, name.length, ...Buffer.from(name), value.length, ...Buffer.from(value)])
  );
  return Buffer.concat(fields);
}

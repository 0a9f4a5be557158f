import type { Clock, ClockTimer } from "../component/mod.ts";
import { MAX_UNREAD_BYTES, MAX_UNREAD_BYTES_PER_CONNECTION, STALLED_MS } from "./limits.ts";

/** The stream that an answer goes out by. */
export interface AnswerStream {
  /** The same for all streams of one connection. */
  readonly connection: object;
  /** Whether nothing can be sent any more. */
  readonly isClosed: boolean;
  /** Calls back once the peer has taken all, has given up or is gone. */
  onClose(callback: () => void): void;
  /** Gives the call up, and lets go what is unsent. */
  reset(): void;
}

/** An answer that waits, or that its peer has not taken yet. */
interface Answer {
  readonly stream: AnswerStream;
  readonly connection: Connection;
  readonly send: () => number;
  bytes: number;
  sentAt: number;
}

/** What one connection has unread and waiting. */
interface Connection {
  unread: number;
  /** In the order of coming. */
  readonly waiting: Set<Answer>;
}

/** How much may be unread. */
export interface AnswerQueueOptions {
  /** The time. */
  readonly clock: Clock;
  /** Bytes unread on a connection beyond which no further answer is made for it. */
  readonly perConnection?: number;
  /** The same of all connections together. */
  readonly inAll?: number;
}

/**
 * Bounds the bytes of answers that peers have not taken. A call whose connection has too much unread
 * waits, and its answer is not made before earlier ones are taken: so a client with many calls at
 * once gets all of its answers, and one that reads none costs no more than the limit and one answer.
 *
 * Half of what may be unread in all is for connections that have nothing unread. When it is full all
 * the same, and others wait, an answer that was not taken for `STALLED_MS` is given up, with all that
 * its connection waits for.
 *
 * Life: `stop()` ends the watch for those.
 */
export class AnswerQueue {
  readonly #clock: Clock;
  readonly #perConnection: number;
  readonly #inAll: number;
  readonly #connections = new WeakMap<object, Connection>();
  /** Connections for which answers wait, the one that is next first. */
  readonly #waiting = new Set<Connection>();
  /** Answers not taken yet, the oldest first. */
  readonly #sent = new Set<Answer>();
  #unread = 0;
  /** Whether some wait for what others do not take. */
  #isStarved = false;
  #watch: ClockTimer | undefined;
  #isStopped = false;

  constructor(options: AnswerQueueOptions) {
    this.#clock = options.clock;
    this.#perConnection = options.perConnection ?? MAX_UNREAD_BYTES_PER_CONNECTION;
    this.#inAll = options.inAll ?? MAX_UNREAD_BYTES;
  }

  /** Bytes of answers that were sent and not taken. */
  get unread(): number {
    return this.#unread;
  }

  /** Calls `send`, which makes and sends an answer and tells its bytes, once there is room for it. */
  add(stream: AnswerStream, send: () => number): void {
    if (stream.isClosed) return;
    let connection = this.#connections.get(stream.connection);
    if (connection === undefined) {
      this.#connections.set(stream.connection, connection = { unread: 0, waiting: new Set() });
    }
    const answer: Answer = { stream, connection, send, bytes: 0, sentAt: 0 };
    connection.waiting.add(answer);
    this.#waiting.add(connection);
    stream.onClose(() => this.#remove(answer));
    this.#admit();
  }

  /** Gives nothing up any more. */
  stop(): void {
    this.#isStopped = true;
    this.#watch?.stop();
  }

  /** Sends what fits, one answer a connection in turn. */
  #admit(): void {
    this.#isStarved = false;
    for (const connection of this.#waiting) {
      if (!this.#fits(connection)) {
        this.#isStarved ||= connection.unread < this.#perConnection;
        continue;
      }
      this.#waiting.delete(connection);
      const [answer] = connection.waiting;
      connection.waiting.delete(answer!);
      // Behind the others, which this loop comes to before it.
      if (connection.waiting.size > 0) this.#waiting.add(connection);
      this.#send(answer!);
    }
    if (this.#isStarved) this.#watchStalled();
  }

  /** By what is unread already: how long an answer is shows only when it is made. */
  #fits({ unread }: Connection): boolean {
    if (unread === 0) return this.#unread < this.#inAll;
    return unread < this.#perConnection && this.#unread < this.#inAll / 2;
  }

  #send(answer: Answer): void {
    if (answer.stream.isClosed) return;
    answer.bytes = answer.send();
    answer.sentAt = this.#clock.monotonic();
    answer.connection.unread += answer.bytes;
    this.#unread += answer.bytes;
    this.#sent.add(answer);
  }

  #remove(answer: Answer): void {
    const { connection } = answer;
    if (this.#sent.delete(answer)) {
      connection.unread -= answer.bytes;
      this.#unread -= answer.bytes;
    } else if (connection.waiting.delete(answer) && connection.waiting.size === 0) {
      this.#waiting.delete(connection);
    }
    this.#admit();
  }

  #watchStalled(): void {
    const [oldest] = this.#sent;
    if (this.#watch !== undefined || this.#isStopped || oldest === undefined) return;
    const ms = Math.max(0, oldest.sentAt + STALLED_MS - this.#clock.monotonic());
    this.#watch = this.#clock.setTimeout(() => {
      this.#watch = undefined;
      this.#giveUpStalled();
    }, ms);
  }

  /**
   * One connection only: what waits may fit then, and is looked at again otherwise. What else it waits
   * for is given up with it, or its next answers would take the place again.
   */
  #giveUpStalled(): void {
    const [oldest] = this.#sent;
    if (!this.#isStarved || oldest === undefined) return;
    if (this.#clock.monotonic() - oldest.sentAt < STALLED_MS) return this.#watchStalled();
    const { connection } = oldest;
    const all = [oldest, ...connection.waiting];
    connection.waiting.clear();
    this.#waiting.delete(connection);
    for (const { stream } of all) stream.reset();
    this.#remove(oldest);
  }
}

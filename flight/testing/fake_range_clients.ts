import type { FlightRangeInfo } from "../flight_client.ts";
import type { BatchMetadata, FlightBatch, RangeRequest } from "../flight_dataset.ts";
import { FlightError } from "../flight_error.ts";
import type {
  EndpointWish,
  RangeClient,
  RangeClients,
  RangeClock,
  RangeLease,
} from "../range_clients.ts";
import { ledgerBatch, ledgerDataset } from "./made_up_datasets.ts";

/** A made-up server of ledgers; what it does is told before or while it is read. */
export class FakeServer {
  /** Ranges that were asked for, as first and last ledger. */
  readonly asked: [number, number | undefined][] = [];
  /** Bodies of the actions that were called, as text; `flow_signal` alone is known where it is. */
  readonly actions: string[] = [];
  knowsFlowSignals = true;
  /** Calls of getFlightInfo and getSchema. */
  calls = 0;
  /** Streams that run. */
  open = 0;
  /** Most streams at once; more are refused. */
  maxStreams = Infinity;
  first = 2;
  last = 1000;
  batchLedgers = 4;
  /** Bytes of each ledger's XDR. */
  xdrBytes = 100;
  /** Waits before each batch; may throw. */
  before: (firstLedger: number, signal: AbortSignal) => Promise<void> | void = () => {};
  /** Waits before a stream is over, however it ends. */
  closing: () => Promise<void> | void = () => {};
  /** Waits before each call that answers once; may throw. */
  beforeCall: () => Promise<void> | void = () => {};
  /** Further facts of a batch. */
  metadata: (first: number, last: number) => Partial<BatchMetadata> = () => ({});
  /** Parts in which a ledger comes. */
  parts: (ledger: number) => number = () => 1;

  #grown = Promise.withResolvers<void>();

  constructor(readonly endpoint: string) {}

  /** Has ledgers up to this one from now on. */
  grow(last: number): void {
    this.last = last;
    this.#grown.resolve();
    this.#grown = Promise.withResolvers<void>();
  }

  /** A connection to it. */
  client(): RangeClient {
    return {
      endpoint: this.endpoint,
      getSchema: async () => {
        this.calls++;
        await this.beforeCall();
        return ledgerDataset.schema;
      },
      getFlightInfo: async (request): Promise<FlightRangeInfo> => {
        this.calls++;
        await this.beforeCall();
        return {
          dataset: request.dataset,
          schema: ledgerDataset.schema,
          firstLedger: this.first,
          lastLedger: this.last,
          totalRecords: -1,
          ordered: true,
          endpoints: [{ ...request, startLedger: request.startLedger ?? this.first }],
        };
      },
      doGet: (request, signal) => this.#read(request, signal!),
      doAction: async (type, body) => {
        await this.beforeCall();
        if (!this.knowsFlowSignals) throw new FlightError("UNIMPLEMENTED", `No action "${type}".`);
        this.actions.push(new TextDecoder().decode(body as Uint8Array));
        return [];
      },
    };
  }

  async *#read(request: RangeRequest, signal: AbortSignal): AsyncGenerator<FlightBatch> {
    const { startLedger: start = this.first, endLedger } = request;
    this.asked.push([start, endLedger]);
    if (this.open >= this.maxStreams) throw new FlightError("RESOURCE_EXHAUSTED", "too many");
    this.open++;
    try {
      for (let first = start; first <= (endLedger || Infinity);) {
        // Taken before the look, so that it tells of what grows in between.
        const grown = this.#grown.promise;
        const last = this.#endOfBatch(first, Math.min(endLedger || Infinity, this.last));
        await unlessCancelled(this.before(first, signal), signal);
        if (last < first) {
          await unlessCancelled(grown, signal);
          continue;
        }
        yield* this.#batches(first, last);
        first = last + 1;
      }
    } finally {
      this.open--;
      const closing = this.closing();
      if (closing !== undefined) await closing;
    }
  }

  /** A ledger that comes in parts has batches of its own. */
  #endOfBatch(first: number, end: number): number {
    let last = Math.min(first, end);
    if (this.parts(last) > 1) return last;
    while (last < end && last - first + 1 < this.batchLedgers && this.parts(last + 1) === 1) last++;
    return last;
  }

  *#batches(first: number, last: number): Generator<FlightBatch> {
    const metadata = { first_ledger: first, last_ledger: last, tip: this.last };
    const parts = first === last ? this.parts(first) : 1;
    for (let part = 1; part <= parts; part++) {
      const batch = ledgerBatch(first, last, this.xdrBytes);
      const partial = part < parts ? { partial: true as const } : {};
      yield { batch, metadata: { ...metadata, ...this.metadata(first, last), ...partial } };
    }
  }
}

/** A made-up pool: any number of connections; an endpoint that failed is back after `downMs`. */
export class FakeRangeClients implements RangeClients {
  /** Leases that have not been given back. */
  leased = 0;
  /** The most there were at once. */
  most = 0;
  /** Endpoints that failed, in order. */
  readonly failed: string[] = [];
  /** Leases at once; who comes later waits. */
  max = Infinity;
  readonly #down = new Set<string>();
  readonly #waiting: (() => void)[] = [];
  #turn = 0;

  constructor(
    readonly servers: FakeServer[],
    private readonly clock: RangeClock,
    private readonly downMs = 100,
  ) {}

  async acquire(signal?: AbortSignal, wish: EndpointWish = {}): Promise<RangeLease> {
    for (;;) {
      const server = this.leased < this.max ? this.#choose(wish) : undefined;
      if (server !== undefined) return this.#lease(server);
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.push(resolve);
      await unlessCancelled(promise, signal);
    }
  }

  /** Whether connections that are in use are shared for short calls. */
  isSharing = false;

  pick(endpoint: string): RangeClient | undefined {
    if (!this.isSharing) return undefined;
    return this.servers.find((server) => server.endpoint === endpoint)?.client();
  }

  stats() {
    return {
      endpoints: this.servers.map(({ endpoint }) => ({
        endpoint,
        state: this.#down.has(endpoint) ? "unhealthy" : "healthy",
      })),
    };
  }

  #choose({ order, avoid }: EndpointWish): FakeServer | undefined {
    const up = this.servers.filter(({ endpoint }) => !this.#down.has(endpoint));
    const wanted = up.filter(({ endpoint }) => endpoint !== avoid);
    const list = wanted.length > 0 ? wanted : up;
    return list[order === "preferred" ? 0 : this.#turn++ % list.length];
  }

  #lease(server: FakeServer): RangeLease {
    this.leased++;
    this.most = Math.max(this.most, this.leased);
    let isBack = false;
    const giveBack = () => {
      if (isBack) throw new Error("A connection was given back twice.");
      isBack = true;
      this.leased--;
      this.#wake();
    };
    return {
      connection: server.client(),
      endpoint: server.endpoint,
      release: giveBack,
      fail: () => {
        this.#fail(server.endpoint);
        giveBack();
      },
    };
  }

  #fail(endpoint: string): void {
    this.failed.push(endpoint);
    this.#down.add(endpoint);
    this.clock.setTimeout(() => {
      this.#down.delete(endpoint);
      this.#wake();
    }, this.downMs);
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** What a call that its caller ends comes to. */
async function unlessCancelled<T>(value: Promise<T> | T, signal?: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(new FlightError("CANCELLED", "The call was cancelled by its caller."));
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([Promise.resolve(value), promise]);
  } finally {
    signal?.removeEventListener("abort", abort);
    promise.catch(() => {});
  }
}

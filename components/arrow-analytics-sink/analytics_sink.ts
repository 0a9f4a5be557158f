import {
  type FlightBatch,
  FlightClient,
  FlightError,
  FlightServer,
  flowSignalAction,
  MAX_PARALLEL_STREAMS,
  plainReason,
  RangeReader,
} from "../../flight/mod.ts";
import {
  type ClientSecurity,
  type ClockTimer,
  type Component,
  type ComponentContext,
  ComponentFlow,
  ConfigError,
  type HealthReport,
  type InHand,
  loadFlightSecurity,
  pipelineLatency,
  type ReadyInfo,
  UpstreamPool,
} from "../../flowctl/mod.ts";
import { CommitProgress } from "./commit_progress.ts";
import { IdentityError } from "./delta/mod.ts";
import { IngestQueue } from "./ingest_queue.ts";
import { RowsError } from "./rows/mod.ts";
import { addSinkMetrics, SINK_METRICS } from "./sink_metrics.ts";
import { storeOptions } from "./sink_settings.ts";
import { StoredDataset } from "./stored_dataset.ts";
import { AnalyticsStore, SequenceError } from "./tables/mod.ts";
import { UpstreamReader } from "./upstream_reader.ts";

/**
 * How long readers of the Flight server may finish when the sink stops; commits run beside it, and
 * all has to be over in five seconds.
 */
const SERVER_GRACE_MS = 1_000;

/**
 * Parts of MAX_INFLIGHT_BYTES: for events that wait for the disk, for those that were read ahead of
 * their turn, and for what is on its way to readers.
 */
const QUEUE_PART = 1 / 4;
const READ_AHEAD_PART = 1 / 8;
const READERS_PART = 3 / 8;

/**
 * The component arrow-analytics-sink: asks the processor for events from its cursor on, commits
 * them to the tables under OUTPUT_PATH, and serves what is committed over Flight.
 *
 * Life: `start` takes the lock, opens the tables and serves; reading goes on in the background
 * until END_LEDGER is committed (`finished`) or `stop`, which commits what has come so far.
 */
export class AnalyticsSink implements Component {
  readonly finished: Promise<void>;
  readonly #done = Promise.withResolvers<void>();
  readonly #reading = new AbortController();
  readonly #context: ComponentContext;
  readonly #flow: ComponentFlow;
  #store: AnalyticsStore | undefined;
  #server: FlightServer | undefined;
  /** Connections to the processors. */
  #processors: UpstreamPool<FlightClient> | undefined;
  #source: RangeReader | undefined;
  #reader: UpstreamReader | undefined;
  /** What has come and waits for the disk. */
  #queue: IngestQueue | undefined;
  /** What is on its way to a commit. */
  #progress: CommitProgress | undefined;
  #readerEnded: Promise<void> = Promise.resolve();
  #flushTimer: ClockTimer | undefined;
  #putting = false;
  /** Whether a client has taken the place of the processor. */
  #fedByClients = false;
  #warnedOfStart = false;

  constructor(context: ComponentContext) {
    this.#context = context;
    this.#flow = new ComponentFlow({
      ...context,
      inHand: () => this.#inHand(),
      readers: () => this.#server?.readers() ?? [],
      pool: () => this.#processors?.pool.stats(),
    });
    this.finished = this.#done.promise;
    // The host reads it after start; a failure before that must not count as unhandled.
    this.finished.catch(() => {});
  }

  /**
   * Throws ConfigError, StoreError when another process writes there, LogError and IdentityError
   * for tables that cannot be continued, FlightError for a port that cannot be listened on.
   */
  async start(): Promise<ReadyInfo> {
    const { config, log, metrics, clock } = this.#context;
    const security = await loadFlightSecurity(config, log);
    const options = await storeOptions(config, () => clock.now());
    const store = this.#store = await AnalyticsStore.open(options);
    this.#checkEnd(options.endLedger);
    this.#warnOfStart(options.startLedger);
    const maxMessageBytes = config.bytes("MAX_MESSAGE_BYTES");
    const source = this.#source = await this.#openUpstream(security.client);
    this.#flow.reportTo(
      (body) => source.tellLoad(body, this.#reading.signal),
      () => source.servers,
    );
    const progress = this.#progress = this.#newProgress(store);
    const queue = this.#queue = this.#newQueue(store);
    const reader = this.#reader = this.#newReader(source, store, queue, options.endLedger);
    this.#server = new FlightServer({
      bindAddress: config.string("BIND_ADDRESS"),
      port: config.integer("PORT"),
      datasets: [
        new StoredDataset(
          "ttp_event",
          store,
          options.parquet,
          maxMessageBytes,
          (batches, signal) => this.#put(batches, signal),
        ),
        new StoredDataset("ledger", store, options.parquet, maxMessageBytes),
      ],
      actions: [{
        type: "stats",
        description: "Figures of this sink, as in /health.",
        run: () => Promise.resolve(this.health().details),
      }, flowSignalAction((body) => this.#flow.take(body))],
      maxMessageBytes,
      maxInflightLedgers: config.integer("MAX_INFLIGHT"),
      maxInflightBytes: config.bytes("MAX_INFLIGHT_BYTES") * READERS_PART,
      ...security.server,
      onError: (error, where) => log.error("A Flight call failed", { error, where }),
    });
    addSinkMetrics(metrics, { store, reader, queue, progress, server: this.#server, clock });
    const { port } = await this.#server.start();
    this.#server.setServing(true);
    this.#flow.start();
    this.#flushTimer = clock.setInterval(() => this.#flush(), config.durationMs("FLUSH_INTERVAL"));
    this.#readerEnded = this.#read(store, reader);
    return {
      ports: { flight: port },
      upstream: this.#processors!.text,
      outputs: options.writers.map((writer) =>
        writer.format === "parquet" ? options.path : `${options.path}/${writer.format}`
      ),
      ...(store.identity === undefined ? {} : { network: store.identity.networkPassphrase }),
    };
  }

  health(): HealthReport {
    const totals = this.#store?.totals;
    const trouble = this.#fedByClients ? undefined : this.#reader?.trouble;
    const { clock } = this.#context;
    return {
      status: totals === undefined ? "starting" : trouble === undefined ? "healthy" : "degraded",
      progress: {
        ledger: totals?.cursor ?? null,
        tip: this.#reader?.tip ?? null,
        ledgers_total: totals?.ledgers ?? 0,
        events_total: totals?.events ?? 0,
        bytes_total: totals?.bytes ?? 0,
        processed_total: this.#store?.committed.events ?? 0,
        lag_seconds: this.#progress?.lagSeconds(clock.now()) ?? null,
        ...(this.#progress === undefined
          ? {}
          : { commit_age_seconds: this.#progress.commitAgeSeconds(clock.monotonic()) }),
      },
      flow: this.#flow.health(),
      details: {
        cursor: totals?.cursor ?? null,
        tip: this.#reader?.tip ?? null,
        ledgers_total: totals?.ledgers ?? 0,
        events_total: totals?.events ?? 0,
        events_by_type: totals?.eventsByType ?? {},
        files_total: totals?.files ?? 0,
        bytes_total: totals?.bytes ?? 0,
        fed_by: this.#fedByClients ? "clients" : "processor",
        ...(trouble === undefined ? {} : { error: trouble }),
      },
    };
  }

  /** Commits what has come and gives the lock back. */
  async stop(): Promise<void> {
    this.#flushTimer?.stop();
    this.#flow.stop();
    this.#reading.abort();
    this.#server?.setServing(false);
    const serverStopped = this.#server?.stop(SERVER_GRACE_MS);
    // Before the reader is waited for: an upstream that is silent must not hold the stop up.
    const processorsLeft = this.#processors?.stop(SERVER_GRACE_MS);
    await this.#readerEnded;
    // What waits is asked for again after the next start; writing it could take too long.
    await this.#queue?.drop();
    // The store is closed first: durable rows matter more than readers that are still served.
    await this.#store?.close();
    await Promise.all([serverStopped, processorsLeft]);
  }

  async #read(store: AnalyticsStore, reader: UpstreamReader): Promise<void> {
    try {
      // A run that was killed just before its end may have left small files.
      if (store.isFinished) await store.finish();
      await reader.run(this.#reading.signal);
      if (store.isFinished) this.#done.resolve();
    } catch (error) {
      this.#done.reject(error);
    }
  }

  /** Reads from the processors that are named, or that discovery finds. */
  async #openUpstream(security: ClientSecurity): Promise<RangeReader> {
    const { config, log, clock } = this.#context;
    const options = {
      ...security,
      maxMessageBytes: config.bytes("MAX_MESSAGE_BYTES"),
      connectTimeoutMs: config.durationMs("CONNECTION_POOL_CONNECT_TIMEOUT"),
      consumer: this.#flow.name,
    };
    const processors = this.#processors = await UpstreamPool.of(this.#context, {
      variable: "PROCESSOR_ENDPOINT",
      connect: (endpoint) => new FlightClient(endpoint, options),
      check: (client, signal) => client.checkServing(signal),
    });
    processors.start();
    return new RangeReader({
      clients: processors.pool,
      parallel: Math.min(MAX_PARALLEL_STREAMS, processors.maxConnections),
      bufferBytes: config.bytes("MAX_INFLIGHT_BYTES") * READ_AHEAD_PART,
      clock,
      onMove: (left, taken, error) => {
        if (this.#reader !== undefined) this.#reader.retries++;
        log.warn("A processor has failed; going on with the next one", {
          left,
          taken,
          reason: plainReason(error.message),
        });
      },
    });
  }

  #newProgress(store: AnalyticsStore): CommitProgress {
    const { metrics, clock } = this.#context;
    const latency = metrics.histogramOf(SINK_METRICS.latency);
    const progress = new CommitProgress({
      cursor: () => store.cursor,
      now: () => clock.monotonic(),
      onCommitted: pipelineLatency(metrics, clock, (seconds) => latency.observe(seconds)),
    });
    store.onCommit(() => progress.committed());
    return progress;
  }

  /** Takes a batch into the tables, and follows it to its commit. */
  async #append(store: AnalyticsStore, batch: FlightBatch): Promise<void> {
    this.#progress!.taking(batch);
    await store.append(batch);
    this.#progress!.taken(batch);
  }

  #newQueue(store: AnalyticsStore): IngestQueue {
    const { config, log, clock } = this.#context;
    return new IngestQueue({
      write: async (batch) => {
        try {
          await this.#append(store, batch);
        } catch (error) {
          // At the tip the reader may not come by for a while.
          this.#done.reject(error);
          throw error;
        }
        log.atLedger(batch.metadata.last_ledger);
      },
      maxLedgers: config.integer("MAX_INFLIGHT"),
      maxBytes: config.bytes("MAX_INFLIGHT_BYTES") * QUEUE_PART,
      now: () => clock.monotonic(),
      onChange: () => this.#flow.changed(),
      onWritten: (ledgers, writeMs, sinceMs) => this.#flow.done(ledgers, writeMs, sinceMs),
    });
  }

  /** What waits for the disk, and what readers have not taken. */
  #inHand(): InHand {
    const { ledgers = 0, bytes = 0, length = 0, fill = 0 } = this.#queue ?? {};
    const { inflightLedgers = 0, inflightBytes = 0 } = this.#server?.stats() ?? {};
    return {
      ledgers: ledgers + inflightLedgers,
      bytes: bytes + inflightBytes + (this.#source?.bufferedBytes ?? 0),
      waiting: length,
      fill,
    };
  }

  #newReader(
    source: RangeReader,
    store: AnalyticsStore,
    queue: IngestQueue,
    endLedger: number | undefined,
  ): UpstreamReader {
    const { log, clock } = this.#context;
    return new UpstreamReader({
      source,
      clock,
      random: Math.random,
      log,
      next: () => store.next,
      endLedger,
      onSchema: (schema, endpoint) => {
        const who = `The processor at ${endpoint}`;
        try {
          setIdentity(store, schema.metadata, who);
        } catch (error) {
          if (!(error instanceof IdentityError)) throw error;
          throw new IdentityError(`${who} serves other events. ${error.message}`, { cause: error });
        }
      },
      onBatch: (batch) => queue.push(batch),
      settle: () => queue.idle(),
      onBroken: () => store.dropParts(),
      isDone: () => store.isFinished,
    });
  }

  #flush(): void {
    // A failed commit ends the component: a restart goes on from the last good one.
    this.#store?.flush().catch((error) => this.#done.reject(error));
  }

  /** A range that ends before the tables begin is not done, however far the tables are. */
  #checkEnd(endLedger: number | undefined): void {
    const { config } = this.#context;
    const first = this.#store!.firstLedger;
    if (endLedger === undefined || first === undefined || endLedger >= first) return;
    throw new ConfigError(config.component, [{
      variable: "END_LEDGER",
      value: config.shown("END_LEDGER"),
      origin: config.origin("END_LEDGER"),
      rule: `must not be before ${first}, the first ledger of the tables in ` +
        `"${config.string("OUTPUT_PATH")}"; earlier ledgers need another OUTPUT_PATH`,
      example: `END_LEDGER=${first}`,
    }]);
  }

  #warnOfStart(startLedger: number | undefined): void {
    const first = this.#store!.firstLedger;
    if (startLedger === undefined || first === undefined || startLedger === first) return;
    if (this.#warnedOfStart) return;
    this.#warnedOfStart = true;
    this.#context.log.warn("START_LEDGER is not used: the tables have rows already", {
      start_ledger: startLedger,
      first_ledger: first,
      next_ledger: this.#store!.next,
    });
  }

  /** DoPut: the rows of a client, as long as no processor feeds this sink. */
  async #put(batches: AsyncIterable<FlightBatch>, signal: AbortSignal): Promise<void> {
    const { config, log } = this.#context;
    const store = this.#store!;
    if (config.isSet("PROCESSOR_ENDPOINT") || this.#reader!.hasAnswered) {
      throw new FlightError(
        "FAILED_PRECONDITION",
        "This sink is fed by a processor; only a sink without one takes batches of clients.",
      );
    }
    if (this.#putting) {
      throw new FlightError("FAILED_PRECONDITION", "Another client is writing to this sink.");
    }
    this.#putting = true;
    try {
      for await (const batch of batches) {
        if (signal.aborted) break;
        await this.#putBatch(store, batch);
        await this.#takeOver();
      }
      await store.flush();
      log.info("A client has written", { cursor: store.cursor });
      if (store.isFinished) this.#done.resolve();
    } finally {
      store.dropParts();
      this.#putting = false;
    }
  }

  /** From a client's first accepted batch on no processor is asked any more. */
  async #takeOver(): Promise<void> {
    if (this.#fedByClients) return;
    this.#fedByClients = true;
    this.#context.log.info(
      "A client writes to this sink: no processor is asked from now on, until a restart",
    );
    this.#reading.abort();
    await this.#readerEnded;
  }

  async #putBatch(store: AnalyticsStore, batch: FlightBatch): Promise<void> {
    const { first_ledger: first } = batch.metadata;
    const { next } = store;
    if (next !== undefined && first !== next && !store.isPartial) {
      throw new FlightError(
        "FAILED_PRECONDITION",
        `The next ledger to write is ${next}: the batch begins with ledger ${first}.`,
      );
    }
    // Clients that send the server's own schema say it in app_metadata instead.
    const facts = new Map(batch.batch.schema.metadata);
    for (const name of ["network_passphrase", "events_mode", "event_filters"]) {
      const value = batch.metadata[name];
      if (typeof value === "string") facts.set(name, value);
    }
    try {
      setIdentity(store, facts, "The client");
      await this.#append(store, batch);
    } catch (error) {
      if (error instanceof IdentityError) {
        throw new FlightError("FAILED_PRECONDITION", error.message, { cause: error });
      }
      if (error instanceof RowsError || error instanceof SequenceError) {
        throw new FlightError("INVALID_ARGUMENT", error.message, { cause: error });
      }
      this.#done.reject(error);
      throw error;
    }
  }
}

/** Takes network, events mode and filters from metadata. Throws IdentityError, RowsError. */
function setIdentity(store: AnalyticsStore, metadata: Map<string, string>, who: string): void {
  const passphrase = metadata.get("network_passphrase");
  if (passphrase === undefined || passphrase === "") {
    throw new RowsError(
      `${who} does not say which network its events are of: the metadata of the schema, or of ` +
        `each batch, must have "network_passphrase".`,
    );
  }
  store.setIdentity(passphrase, metadata.get("events_mode"), metadata.get("event_filters"));
}

import {
  FlightClient,
  FlightError,
  FlightServer,
  flowSignalAction,
  InflightBudget,
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
  type ConfigProblem,
  type HealthReport,
  type InHand,
  loadFlightSecurity,
  pipelineLatency,
  type ReadyInfo,
  UpstreamPool,
} from "../../flowctl/mod.ts";
import { EventBatch } from "./event_batch.ts";
import { EventDataset, SOURCE_DATASET } from "./event_dataset.ts";
import { EventFilter, type EventFilterOptions } from "./event_filter.ts";
import { LedgerThreads } from "./ledger_threads.ts";
import { addProcessorMetrics } from "./processor_metrics.ts";
import { ProcessorStats } from "./processor_stats.ts";
import type { EventsMode } from "./token_transfer/mod.ts";
import { SourceError } from "./source_error.ts";
import { verifyAction } from "./verify_action.ts";

/** Pause before the source is asked again at start, doubling up to the longest. */
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;
/**
 * Readers at once: each may hold its ledgers, the jobs made of them and its batches in flight. With
 * two threads and readers that stall over ledgers of 1.3 MB, five took 463 MiB and six 517; the
 * component must stay below 512.
 */
const MAX_READERS = 4;
/**
 * Part of MAX_INFLIGHT that may be worked on at once, of which half is for the first batch of each
 * reader: below the usual threshold, since that all threads have work is no overload.
 */
const JOBS_PART = 3 / 4;
/** Part of MAX_INFLIGHT that may be on its way to readers. */
const READERS_PART = 1 / 2;
/**
 * Parts of MAX_INFLIGHT_BYTES: for ledgers that are worked on, for those that were read ahead of their
 * turn, and for events on their way to readers.
 */
const JOBS_BYTES_PART = 3 / 8;
const READ_AHEAD_PART = 1 / 4;
const READERS_BYTES_PART = 3 / 8;
/** Jobs of one stream beyond those that threads are at, so that none waits for work. */
const SPARE_JOBS = 1;

/**
 * The component ttp-arrow-processor: the source's ledgers in, their token transfers out.
 *
 * Life: `start` waits for the source, which tells the network, and then listens; `stop` ends the streams,
 * the threads and the connection. It keeps nothing: readers say where they go on.
 */
export class TtpArrowProcessor implements Component {
  readonly #context: ComponentContext;
  readonly #stats = new ProcessorStats();
  readonly #flow: ComponentFlow;
  /** Ledgers that threads are given, and their bytes. */
  readonly #inHand: InflightBudget;
  #sources: UpstreamPool<FlightClient> | undefined;
  #upstream: RangeReader | undefined;
  #threads: LedgerThreads | undefined;
  #server: FlightServer | undefined;
  #statsTimer: ClockTimer | undefined;

  constructor(context: ComponentContext) {
    const { config } = context;
    this.#context = context;
    this.#inHand = new InflightBudget(config.bytes("MAX_INFLIGHT_BYTES") * JOBS_BYTES_PART, {
      maxLedgers: config.integer("MAX_INFLIGHT") * JOBS_PART,
      streamPart: 1,
    });
    this.#flow = new ComponentFlow({
      ...context,
      inHand: () => this.#allInHand(),
      readers: () => this.#server?.readers() ?? [],
      pool: () => this.#sources?.pool.stats(),
    });
  }

  /**
   * Throws ConfigError for files and filters that cannot be used, SourceError for a source that does
   * not serve its ledgers, FlightError for a port that is taken.
   */
  async start(): Promise<ReadyInfo> {
    const { config, log, metrics, clock } = this.#context;
    const security = await loadFlightSecurity(config, log);
    const filter = configuredFilter(this.#context);
    const upstream = this.#upstream = await this.#openUpstream(security.client);
    this.#flow.reportTo(
      (body) => upstream.tellLoad(body, this.#context.signal),
      () => upstream.servers,
    );
    const networkPassphrase = await this.#network(upstream);
    const mode = config.string("EVENTS_MODE") as EventsMode;
    const threadCount = Math.min(
      config.integer("PROCESSOR_THREADS"),
      navigator.hardwareConcurrency,
    );
    const threads = new LedgerThreads({
      networkPassphrase,
      mode,
      filter,
      batchLedgers: config.integer("BATCH_SIZE"),
      verifyEvents: config.boolean("VERIFY_EVENTS"),
    }, threadCount);
    this.#threads = threads;
    const ledgers = {
      upstream,
      threads,
      networkPassphrase,
      stats: this.#stats,
      jobsPerStream: threadCount + SPARE_JOBS,
      inHand: this.#inHand,
      flow: this.#flow,
      onSent: pipelineLatency(metrics, clock),
      // Threads work side by side, so that together they are done with it so much sooner.
      onDone: (ledgers: number, workMs: number, sinceMs: number) =>
        this.#flow.done(ledgers, workMs / threadCount, sinceMs),
    };
    const empty = new EventBatch(networkPassphrase, mode, filter).finish();
    const dataset = new EventDataset({ ...ledgers, empty });
    this.#server = new FlightServer({
      bindAddress: config.string("BIND_ADDRESS"),
      port: config.integer("PORT"),
      datasets: [dataset],
      actions: [
        {
          type: "stats",
          description: "Figures of this processor, as in /health.",
          run: () => Promise.resolve(this.health().details),
        },
        verifyAction(ledgers),
        flowSignalAction((body) => this.#flow.take(body)),
      ],
      maxMessageBytes: config.bytes("MAX_MESSAGE_BYTES"),
      maxInflightLedgers: config.integer("MAX_INFLIGHT") * READERS_PART,
      maxInflightBytes: config.bytes("MAX_INFLIGHT_BYTES") * READERS_BYTES_PART,
      maxDoGetStreams: MAX_READERS,
      ...security.server,
      onError: (error, where) => log.error("A Flight call failed", { error, where }),
    });
    addProcessorMetrics(metrics, {
      stats: this.#stats,
      threads,
      server: this.#server,
      clock,
      inHand: this.#inHand,
    });
    const { port } = await this.#server.start();
    this.#server.setServing(true);
    this.#flow.start();
    this.#statsTimer = clock.setInterval(
      this.#logStats(),
      config.durationMs("STATS_INTERVAL"),
    );
    return { ports: { flight: port }, upstream: this.#sources!.text, network: networkPassphrase };
  }

  health(): HealthReport {
    const stats = this.#stats;
    return {
      status: this.#server === undefined
        ? "starting"
        : stats.lastError === undefined
        ? "healthy"
        : "degraded",
      progress: {
        // 0 stands for none: ledger 0 does not exist.
        ledger: stats.lastLedger || null,
        tip: stats.tip || null,
        ledgers_total: stats.ledgers,
        events_total: stats.events,
        errors_total: stats.decodeErrors,
        lag_seconds: stats.lagSeconds(this.#context.clock.now()) ?? null,
      },
      flow: this.#flow.health(),
      details: {
        last_ledger: stats.lastLedger,
        tip: stats.tip,
        ledgers_total: stats.ledgers,
        events_total: stats.events,
        events_by_type: stats.byTypeName,
        rows_sent_total: stats.rowsSent,
        batches_total: stats.batchesSent,
        decode_errors_total: stats.decodeErrors,
        verified_ledgers_total: stats.verifiedLedgers,
        balance_mismatches_total: stats.balanceMismatches,
        active_streams: stats.activeStreams,
        threads: this.#threads?.size ?? 0,
        ...(stats.lastError === undefined ? {} : { error: stats.lastError }),
      },
    };
  }

  async stop(): Promise<void> {
    this.#statsTimer?.stop();
    this.#flow.stop();
    this.#server?.setServing(false);
    await this.#server?.stop();
    this.#threads?.stop();
    await this.#sources?.stop();
  }

  /** Ledgers that threads are given, or readers, and that these have not finished. */
  #allInHand(): InHand {
    const { ledgers, used } = this.#inHand;
    const { inflightLedgers = 0, inflightBytes = 0 } = this.#server?.stats() ?? {};
    return {
      ledgers: ledgers + inflightLedgers,
      bytes: used + inflightBytes + (this.#upstream?.bufferedBytes ?? 0),
      waiting: this.#threads?.waiting ?? 0,
      fill: 0,
    };
  }

  /** Reads from the sources that are named, or that discovery finds. */
  async #openUpstream(security: ClientSecurity): Promise<RangeReader> {
    const { config, log, clock } = this.#context;
    const options = {
      ...security,
      maxMessageBytes: config.bytes("MAX_MESSAGE_BYTES"),
      connectTimeoutMs: config.durationMs("CONNECTION_POOL_CONNECT_TIMEOUT"),
      consumer: this.#flow.name,
    };
    const sources = this.#sources = await UpstreamPool.of(this.#context, {
      variable: "SOURCE_ENDPOINT",
      connect: (endpoint) => new FlightClient(endpoint, options),
      check: (client, signal) => client.checkServing(signal),
    });
    sources.start();
    return new RangeReader({
      clients: sources.pool,
      parallel: Math.min(MAX_PARALLEL_STREAMS, sources.maxConnections),
      bufferBytes: config.bytes("MAX_INFLIGHT_BYTES") * READ_AHEAD_PART,
      clock,
      onMove: (left, taken, error) => {
        this.#stats.upstreamRetries++;
        log.warn("A source has failed; going on with the next one", {
          left,
          taken,
          reason: plainReason(error.message),
        });
      },
    });
  }

  /** The network that the source serves; waits until the source is there. */
  async #network(upstream: RangeReader): Promise<string> {
    const { log, clock, signal } = this.#context;
    for (let pause = FIRST_RETRY_MS;; pause = Math.min(pause * 2, LONGEST_RETRY_MS)) {
      try {
        const schema = await upstream.getSchema(SOURCE_DATASET);
        const passphrase = schema.metadata.get("network_passphrase");
        if (passphrase !== undefined) return passphrase;
        throw new FlightError(
          "FAILED_PRECONDITION",
          "It does not tell its network: its schema lacks network_passphrase.",
        );
      } catch (error) {
        if (!(error instanceof FlightError)) throw error;
        if (error.code !== "UNAVAILABLE") throw new SourceError(upstream.endpoint, error);
        this.#stats.upstreamRetries++;
        log.warn("The source is not there yet; asking again", {
          endpoint: this.#sources!.text,
          reason: plainReason(error.message),
        });
        await clock.sleep(pause, signal);
      }
    }
  }

  /** Writes a record with counts and rates since the last one. */
  #logStats(): () => void {
    const { log, clock } = this.#context;
    let ledgers = 0;
    let events = 0;
    let since = clock.monotonic();
    return () => {
      const now = clock.monotonic();
      const seconds = (now - since) / 1000;
      const perSecond = (count: number) => Math.round(count / seconds * 10) / 10;
      log.info("Progress", {
        last_ledger: this.#stats.lastLedger,
        ledgers_per_second: perSecond(this.#stats.ledgers - ledgers),
        events_per_second: perSecond(this.#stats.events - events),
        streams: this.#stats.activeStreams,
      });
      ledgers = this.#stats.ledgers;
      events = this.#stats.events;
      since = now;
    };
  }
}

/** The filter of the configuration. Throws ConfigError for values that no event can have. */
function configuredFilter({ config }: ComponentContext): EventFilterOptions {
  const min = config.optionalString("MIN_AMOUNT");
  const max = config.optionalString("MAX_AMOUNT");
  const minAmount = min === undefined ? {} : { minAmount: BigInt(min) };
  const maxAmount = max === undefined ? {} : { maxAmount: BigInt(max) };
  const parts: [string, EventFilterOptions][] = [
    ["EVENT_TYPES", { eventTypes: config.list("EVENT_TYPES") }],
    ["ASSET_FILTERS", { assets: config.list("ASSET_FILTERS") }],
    ["ACCOUNT_FILTERS", { accounts: config.list("ACCOUNT_FILTERS") }],
    ["MIN_AMOUNT", minAmount],
    ["MAX_AMOUNT", { ...minAmount, ...maxAmount }],
  ];
  const problems: ConfigProblem[] = [];
  for (const [variable, part] of parts) {
    try {
      new EventFilter(part);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      problems.push({
        variable,
        value: config.shown(variable),
        origin: config.origin(variable),
        rule: `cannot be used: ${error.message}`,
        example: FILTER_EXAMPLES[variable] ?? "",
      });
    }
  }
  if (problems.length > 0) throw new ConfigError(config.component, problems);
  const filter = Object.assign({}, ...parts.map(([, part]) => part)) as EventFilterOptions;
  return { ...filter, includeFailed: config.boolean("INCLUDE_FAILED") };
}

const FILTER_EXAMPLES: Readonly<Record<string, string>> = {
  EVENT_TYPES: "EVENT_TYPES=transfer,mint",
  ASSET_FILTERS: "ASSET_FILTERS=native,USDC",
  ACCOUNT_FILTERS: "ACCOUNT_FILTERS=GAAZI4TCR3TY5OJHCTJC2A4QSY6CJWJH5IAJTGKIN2ER7LBNVKOCCWN7",
  MIN_AMOUNT: "MIN_AMOUNT=1",
  MAX_AMOUNT: "MAX_AMOUNT=1000000000",
};

import { stellarLedgerSchema, withNetwork } from "../../arrow/mod.ts";
import { FlightServer, flowSignalAction } from "../../flight/mod.ts";
import {
  type ClockTimer,
  type Component,
  type ComponentContext,
  ComponentFlow,
  ConfigError,
  type HealthReport,
  loadFlightSecurity,
  pipelineLatency,
  type ReadyInfo,
} from "../../flowctl/mod.ts";
import { networkId } from "../../stellar/mod.ts";
import type { LedgerBackend, OpenBackend } from "./backends/mod.ts";
import { LedgerDataset } from "./ledger_dataset.ts";
import type { VerifyLevel } from "./ledger_verifier.ts";
import { detectNetwork, NetworkError, type StatedPassphrase } from "./network_detection.ts";
import { Quarantine } from "./quarantine.ts";
import { addSourceMetrics } from "./source_metrics.ts";
import { SourceStats } from "./source_stats.ts";
import { verifyAction } from "./verify_action.ts";

/** How often the tip is looked at for `/health` and `/metrics` while nobody reads. */
const TIP_INTERVAL_MS = 5_000;

/**
 * The component stellar-arrow-source: a backend's ledgers, served as `stellar_ledger` over Flight.
 *
 * Life: `start` opens the backend, finds out the network and listens; `stop` ends the streams and
 * then the backend. It keeps nothing: readers say where they go on.
 */
export class StellarArrowSource implements Component {
  readonly finished: Promise<void>;
  readonly #context: ComponentContext;
  readonly #openBackend: OpenBackend;
  readonly #stats = new SourceStats();
  readonly #flow: ComponentFlow;
  readonly #failed = Promise.withResolvers<void>();
  #backend: LedgerBackend | undefined;
  #quarantine: Quarantine | undefined;
  #server: FlightServer | undefined;
  #tipTimer: ClockTimer | undefined;
  #tipError: string | undefined;

  constructor(context: ComponentContext, openBackend: OpenBackend) {
    this.#context = context;
    this.#openBackend = openBackend;
    this.#flow = new ComponentFlow({
      ...context,
      inHand: () => {
        const { inflightLedgers = 0, inflightBytes = 0 } = this.#server?.stats() ?? {};
        return { ledgers: inflightLedgers, bytes: inflightBytes, waiting: 0, fill: 0 };
      },
      readers: () => this.#server?.readers() ?? [],
    });
    this.finished = this.#failed.promise;
    // The host reads it after start; a failure before that must not count as unhandled.
    this.finished.catch(() => {});
  }

  /**
   * Throws ConfigError for what another configuration would cure, LakeError for a lake that cannot
   * be read, FlightError for a port that cannot be listened on.
   */
  async start(): Promise<ReadyInfo> {
    const { config, log, metrics, clock } = this.#context;
    const security = await loadFlightSecurity(config, log);
    const backend = await this.#openBackend(this.#context);
    this.#backend = backend;
    backend.failed?.catch((error: unknown) => this.#failed.reject(error));
    const passphrase = await this.#network(backend);
    const id = networkId(passphrase);
    const { lake } = backend;
    const quarantine = config.string("ON_BAD_LEDGER") === "quarantine"
      ? new Quarantine(config.string("QUARANTINE_PATH"))
      : undefined;
    this.#quarantine = quarantine;
    const dataset = new LedgerDataset(lake, {
      schema: withNetwork(stellarLedgerSchema, passphrase),
      networkId: id,
      startLedger: config.optionalInteger("START_LEDGER"),
      endLedger: config.integer("END_LEDGER"),
      batchSize: config.integer("BATCH_SIZE"),
      compressed: config.string("COMPRESSION") === "zstd",
      verify: config.string("VERIFY_LEDGERS") as VerifyLevel,
      allowGaps: config.boolean("ALLOW_GAPS"),
      flow: this.#flow,
      now: () => clock.now(),
      onSent: pipelineLatency(metrics, clock),
      onWaiting: (ledger, tip) =>
        log.info("A reader asks for a ledger that is not there yet: waiting", { ledger, tip }),
      ...(quarantine === undefined ? {} : { quarantine }),
      onBadLedgers: (first, last, reason) =>
        log.error("Ledgers were put into quarantine", { first, last, reason }),
    }, this.#stats);
    this.#server = new FlightServer({
      bindAddress: config.string("BIND_ADDRESS"),
      port: config.integer("PORT"),
      datasets: [dataset],
      actions: [
        {
          type: "stats",
          description: "Figures of this source, as in /health.",
          run: () => Promise.resolve(this.health().details),
        },
        verifyAction(lake, id),
        flowSignalAction((body) => this.#flow.take(body)),
      ],
      maxMessageBytes: config.bytes("MAX_MESSAGE_BYTES"),
      maxInflightLedgers: config.integer("MAX_INFLIGHT"),
      maxInflightBytes: config.bytes("MAX_INFLIGHT_BYTES"),
      ...security.server,
      onError: (error, where) => log.error("A Flight call failed", { error, where }),
    });
    addSourceMetrics(metrics, {
      stats: this.#stats,
      lake,
      quarantine,
      server: this.#server,
      clock,
      limits: {
        ledgers: config.integer("MAX_INFLIGHT"),
        bytes: config.bytes("MAX_INFLIGHT_BYTES"),
      },
    });
    const { port } = await this.#server.start();
    this.#server.setServing(true);
    this.#flow.start();
    this.#tipTimer = clock.setInterval(() => void this.#lookAtTip(backend), TIP_INTERVAL_MS);
    return { ports: { flight: port }, upstream: backend.upstream, network: passphrase };
  }

  health(): HealthReport {
    const bounds = this.#backend?.lake.knownBounds;
    const error = this.#tipError ?? this.#stats.lastError;
    return {
      status: this.#server === undefined
        ? "starting"
        : error === undefined
        ? "healthy"
        : "degraded",
      progress: {
        // 0 stands for none: ledger 0 does not exist.
        ledger: this.#stats.lastLedgerSent || null,
        tip: bounds?.last ?? null,
        ledgers_total: this.#stats.ledgers,
        events_total: null,
        bytes_total: this.#stats.bytes,
        errors_total: this.#quarantine?.total ?? 0,
        lag_seconds: this.#stats.lagSeconds(this.#context.clock.now()) ?? null,
      },
      flow: this.#flow.health(),
      details: {
        last_ledger_sent: this.#stats.lastLedgerSent,
        first: bounds?.first,
        tip: bounds?.last,
        ledgers_total: this.#stats.ledgers,
        batches_total: this.#stats.batches,
        bytes_total: this.#stats.bytes,
        bad_ledgers_total: this.#quarantine?.total ?? 0,
        active_streams: this.#stats.activeStreams,
        ...(error === undefined ? {} : { error }),
      },
    };
  }

  async stop(): Promise<void> {
    this.#tipTimer?.stop();
    this.#flow.stop();
    this.#server?.setServing(false);
    await this.#server?.stop();
    await this.#backend?.stop();
  }

  /** What is stated by the user and the backend, held against the ledgers themselves. */
  async #network(backend: LedgerBackend): Promise<string> {
    const { config } = this.#context;
    const given = config.optionalString("NETWORK_PASSPHRASE");
    const stated: StatedPassphrase[] = [];
    if (given !== undefined) stated.push({ passphrase: given, by: "NETWORK_PASSPHRASE" });
    if (backend.passphrase !== undefined) {
      stated.push({ passphrase: backend.passphrase, by: `the description of ${backend.upstream}` });
    }
    try {
      return await detectNetwork(backend.lake, stated, {
        start: config.optionalInteger("START_LEDGER"),
        signal: this.#context.signal,
      });
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      throw new ConfigError(config.component, [{
        variable: "NETWORK_PASSPHRASE",
        ...(given === undefined ? {} : { value: given }),
        origin: config.origin("NETWORK_PASSPHRASE"),
        rule: `must be the passphrase of the ledgers' network: ${error.message.replace(/\.$/, "")}`,
        example: `NETWORK_PASSPHRASE="${error.example}"`,
      }]);
    }
  }

  async #lookAtTip(backend: LedgerBackend): Promise<void> {
    try {
      await backend.lake.bounds();
      this.#tipError = undefined;
    } catch (error) {
      this.#stats.lakeFailures++;
      this.#tipError = error instanceof Error ? error.message : String(error);
    }
  }
}

import { IngestQueue } from "../../components/arrow-analytics-sink/mod.ts";
import { type FlightBatch, FlightClient, tellFlowSignal } from "../../flight/mod.ts";
import { ComponentFlow, createLogger, realClock } from "../../flowctl/mod.ts";

/** What a slow consumer reads, and how slow it is. */
export interface SlowConsumerOptions {
  readonly endpoint: string;
  /** Its name at the producer. */
  readonly name: string;
  readonly startLedger: number;
  /** 0 follows the tip. */
  readonly endLedger: number;
  /** Ledgers that may wait for its disk. */
  readonly maxInflight: number;
  /** Time that its disk takes for a ledger, in milliseconds; may be changed while it runs. */
  msPerLedger: number;
}

/**
 * A consumer of `ttp_event` with the sink's own queue and flow control, and a disk that takes as long
 * as the test says. It keeps which ledgers came, in their order.
 */
export class SlowConsumer implements AsyncDisposable {
  readonly ledgers: number[] = [];
  readonly flow: ComponentFlow;
  /** Most ledgers that ever waited. */
  mostWaiting = 0;
  /** Resolves when all has come, rejects when it cannot. */
  readonly finished: Promise<void>;
  readonly #client: FlightClient;
  readonly #queue: IngestQueue;
  readonly #leaving = new AbortController();

  constructor(readonly options: SlowConsumerOptions) {
    const { endpoint, name, maxInflight } = options;
    const values: Readonly<Record<string, number | string>> = {
      MAX_INFLIGHT: maxInflight,
      MAX_INFLIGHT_BYTES: 64 * 1024 * 1024,
      FLOW_CONTROL_BACKPRESSURE_THRESHOLD: 0.8,
      FLOW_CONTROL_RECOVERY_THRESHOLD: 0.6,
      FLOW_CONTROL_POLICY: "slowest",
      FLOWCTL_COMPONENT_ID: name,
    };
    const number = (variable: string) => values[variable] as number;
    this.flow = new ComponentFlow({
      config: {
        component: name,
        integer: number,
        bytes: number,
        number,
        string: (variable) => String(values[variable]),
        optionalString: (variable) => values[variable] as string,
      },
      clock: realClock,
      log: createLogger({
        component: name,
        level: "error",
        format: "text",
        clock: realClock,
        write: () => {},
      }),
      inHand: () => {
        const { ledgers, bytes, length, fill } = this.#queue;
        return { ledgers, bytes, waiting: length, fill };
      },
    });
    this.#queue = new IngestQueue({
      write: (batch) => this.#write(batch),
      maxLedgers: maxInflight,
      maxBytes: number("MAX_INFLIGHT_BYTES"),
      now: () => performance.now(),
      onChange: () => {
        this.mostWaiting = Math.max(this.mostWaiting, this.#queue.ledgers);
        this.flow.changed();
      },
      onWritten: (ledgers, writeMs, sinceMs) => this.flow.done(ledgers, writeMs, sinceMs),
    });
    this.#client = new FlightClient(endpoint, { consumer: name });
    this.flow.start();
    this.flow.reportTo((body) => tellFlowSignal(this.#client, body, this.#leaving.signal));
    this.finished = this.#read();
    // A test that fails before it waits must show its own failure.
    this.finished.catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.flow.stop();
    this.#leaving.abort();
    await this.finished.catch(() => {});
    await this.#queue.drop();
    this.#client.close();
  }

  async #read(): Promise<void> {
    const { startLedger, endLedger } = this.options;
    const range = { dataset: "ttp_event", startLedger, endLedger };
    for await (const batch of this.#client.doGet(range, this.#leaving.signal)) {
      await this.#queue.push(batch);
    }
    await this.#queue.idle();
  }

  async #write({ metadata }: FlightBatch): Promise<void> {
    const { first_ledger, last_ledger } = metadata;
    const ms = this.options.msPerLedger * (last_ledger - first_ledger + 1);
    if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
    for (let ledger = first_ledger; ledger <= last_ledger; ledger++) this.ledgers.push(ledger);
  }
}

import { Field, type RecordBatch, Schema } from "apache-arrow";
import {
  BinaryColumn,
  DictionaryColumn,
  LEDGER_ENCODINGS,
  type LedgerEncoding,
  RecordBatchBuilder,
  stellarLedgerSchema,
  Uint32Column,
  withNetwork,
} from "../../arrow/mod.ts";
import {
  type FlightBatch,
  FlightClient,
  type FlightDataset,
  FlightError,
  FlightServer,
  RangeReader,
  type RangeRequest,
} from "../../flight/mod.ts";
import { ConnectionPool } from "../../flowctl/mod.ts";
import { encodeBatch } from "../../stellar/lake/mod.ts";

/** A ledger that the source of a test has. */
export interface TestLedger {
  readonly sequence: number;
  readonly bytes: Uint8Array;
}

const COLUMNS = ["sequence", "ledger_xdr", "ledger_xdr_encoding"];

/** The part of the source that the processor sees: ledgers of a range, two a batch. */
export class TestSource implements FlightDataset {
  readonly name = "stellar_ledger";
  readonly schema: Schema;
  /** Streams that are open. */
  open = 0;
  /** Ledgers that the lake lacks after its last one, as a batch without rows tells. */
  trailing = 0;
  /** What the next stream does after its ledgers: end, wait for the tip, or fail. */
  after: "end" | "wait" | FlightError = "end";

  constructor(
    readonly ledgers: readonly TestLedger[],
    passphrase: string,
    readonly encoding: LedgerEncoding = "xdr",
  ) {
    const fields = stellarLedgerSchema.fields.filter(({ name }) => COLUMNS.includes(name));
    const plain = new Schema(fields.map((field: Field) => field), stellarLedgerSchema.metadata);
    this.schema = withNetwork(plain, passphrase);
  }

  bounds() {
    return Promise.resolve({ first: this.ledgers[0]!.sequence, last: this.#tip });
  }

  async *read(
    { startLedger = 0, endLedger = Infinity }: RangeRequest,
    signal: AbortSignal,
  ): AsyncGenerator<FlightBatch, void, void> {
    this.open++;
    try {
      const wanted = this.ledgers.filter(({ sequence }) =>
        sequence >= startLedger && sequence <= endLedger
      );
      let next = wanted[0]?.sequence ?? startLedger;
      for (let i = 0; i < wanted.length; i += 2) {
        const ledgers = wanted.slice(i, i + 2);
        const { sequence } = ledgers[0]!;
        const missing = sequence > next ? { missing: [[next, sequence - 1]] } : {};
        const { batch, metadata } = this.#batch(ledgers);
        yield { batch, metadata: { ...metadata, first_ledger: next, ...missing } };
        next = metadata.last_ledger + 1;
      }
      if (this.trailing > 0) yield this.#uncovered(next, next + this.trailing - 1);
      if (this.after instanceof FlightError) throw this.after;
      if (this.after === "end") return;
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    } finally {
      this.open--;
    }
  }

  get #tip(): number {
    return this.ledgers.at(-1)!.sequence;
  }

  #uncovered(first: number, last: number): FlightBatch {
    const metadata = {
      first_ledger: first,
      last_ledger: last,
      tip: last,
      missing: [[first, last]],
    };
    return { batch: this.#recordBatch([]), metadata };
  }

  #batch(ledgers: readonly TestLedger[]): FlightBatch {
    return {
      batch: this.#recordBatch(ledgers),
      metadata: {
        first_ledger: ledgers[0]!.sequence,
        last_ledger: ledgers.at(-1)!.sequence,
        tip: this.#tip,
      },
    };
  }

  #recordBatch(ledgers: readonly TestLedger[]): RecordBatch {
    const sequence = new Uint32Column();
    const xdr = new BinaryColumn();
    const encoding = new DictionaryColumn(LEDGER_ENCODINGS);
    const builder = new RecordBatchBuilder(this.schema, [sequence, xdr, encoding]);
    for (const ledger of ledgers) {
      const stored = this.encoding === "xdr"
        ? ledger.bytes
        : encodeBatch(ledger.sequence, [ledger.bytes]);
      sequence.append(ledger.sequence);
      xdr.appendBytes(stored, 0, stored.length);
      encoding.append(LEDGER_ENCODINGS.indexOf(this.encoding));
    }
    return builder.finish();
  }
}

/** Serves a source on a free port of this machine. */
export async function serveSource(
  source: TestSource,
): Promise<{ server: FlightServer; endpoint: string }> {
  const server = new FlightServer({ bindAddress: "127.0.0.1", port: 0, datasets: [source] });
  const { port } = await server.start();
  return { server, endpoint: `127.0.0.1:${port}` };
}

/** Reads from a source as the processor does; `stop` closes its connections. */
export function readerOf(endpoint: string): { reader: RangeReader; stop: () => Promise<void> } {
  const clients = new ConnectionPool<FlightClient>({
    endpoints: [endpoint],
    connect: (at) => new FlightClient(at),
    check: (client, signal) => client.checkServing(signal),
  });
  const reader = new RangeReader({ clients, parallel: 2, bufferBytes: 1_000_000 });
  return { reader, stop: () => clients.stop() };
}

import type {
  sendUnaryData,
  ServerDuplexStream,
  ServerUnaryCall,
  ServerWritableStream,
  UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { Metadata } from "@grpc/grpc-js";
import { encapsulateSchema, schemaDifference } from "../arrow/mod.ts";
import {
  type BearerToken,
  GrpcError,
  resetStream,
  toGrpcFailure,
  untilAborted,
} from "../grpc/mod.ts";
import type { InflightBudget } from "./inflight_budget.ts";
import type { FlightAction, FlightDataset, RangeRequest } from "./flight_dataset.ts";
import type { FlightData } from "./flight_data.ts";
import { FlightError } from "./flight_error.ts";
import {
  type ActionMessage,
  type ActionType,
  type BytesMessage,
  decodeFlightDescriptor,
  type FlightDescriptor,
  type FlightInfo,
  type HandshakeMessage,
} from "./messages.ts";
import { consumerOf } from "./flow_consumer.ts";
import { encodeInBandError, wantsInBandErrors } from "./in_band_error.ts";
import { descriptorOf, requestOf } from "./range_descriptor.ts";
import { receiveBatches } from "./receive_batches.ts";
import { sendBatches } from "./send_batches.ts";
import { StreamReaders } from "./stream_readers.ts";
import { decodeTicket, encodeTicket } from "./ticket.ts";

/** What the handlers need of their server. */
export interface FlightHandlersOptions {
  datasets: readonly FlightDataset[];
  actions: readonly FlightAction[];
  token: BearerToken | undefined;
  budget: InflightBudget;
  maxInflightBytesPerStream: number;
  maxMessageBytes: number;
  maxDoGetStreams: number;
  actionTimeoutMs: number;
  onError: (error: unknown, where: string) => void;
}

/** A stream that is answered: grpc-js' calls have more types than this needs. */
interface StreamCall {
  metadata: Metadata;
  cancelled: boolean;
  write(message: never): boolean;
  end(): void;
  on(event: "cancelled", listener: () => void): unknown;
  emit(event: "error", error: Error): unknown;
}

/** A call that is answered with a stream, while it runs. */
interface RunningStream {
  /** Whether it follows the tip, and so never ends by itself. */
  follows: boolean;
  /** Ends it; its client is told the reason. */
  abort(reason: FlightError): void;
}

const EMPTY = new Uint8Array(0);

/** The methods of Flight over a set of datasets and actions. */
export class FlightHandlers {
  readonly stats = { bytesSent: 0, batchesSent: 0 };
  readonly readers = new StreamReaders();
  readonly #options: FlightHandlersOptions;
  readonly #running = new Set<RunningStream>();
  #doGets = 0;
  #stopping = false;
  #onIdle: (() => void)[] = [];

  constructor(options: FlightHandlersOptions) {
    this.#options = options;
  }

  /** DoGet and DoPut streams that run. */
  get streams(): number {
    return this.#running.size;
  }

  /** Refuses new calls and ends the streams that follow the tip: these would never finish. */
  endFollowers(): void {
    this.#stopping = true;
    for (const running of this.#running) {
      if (running.follows) running.abort(stoppingError());
    }
  }

  /** Ends all streams. */
  endAll(): void {
    for (const running of this.#running) running.abort(stoppingError());
  }

  /** Resolves when no stream runs. */
  idle(): Promise<void> {
    if (this.#running.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  /** Handlers for grpc-js, one a method. */
  implementation(): UntypedServiceImplementation {
    return {
      Handshake: this.#handshake,
      ListFlights: this.#answerStream("ListFlights", this.#listFlights),
      GetFlightInfo: this.#answerOnce("GetFlightInfo", this.#getFlightInfo),
      PollFlightInfo: this.#answerOnce("PollFlightInfo", this.#getFlightInfo),
      GetSchema: this.#answerOnce("GetSchema", this.#getSchema),
      DoGet: this.#answerStream("DoGet", this.#doGet),
      DoPut: this.#answerStream("DoPut", this.#doPut),
      DoExchange: this.#answerStream("DoExchange", this.#doExchange),
      DoAction: this.#answerStream("DoAction", this.#doAction),
      ListActions: this.#answerStream("ListActions", this.#listActions),
    };
  }

  /** A handler of a stream that runs only when the call carries the server's token. */
  guardStream<Call extends StreamCall>(handler: (call: Call) => void): (call: Call) => void {
    return (call) => {
      try {
        this.#options.token?.check(call.metadata);
        handler(call);
      } catch (error) {
        call.emit("error", this.#failure(error, "reflection"));
      }
    };
  }

  readonly #handshake = (call: ServerDuplexStream<HandshakeMessage, HandshakeMessage>) => {
    let payload: Uint8Array = EMPTY;
    call.on("data", (message: HandshakeMessage) => payload = message.payload);
    call.on("cancelled", () => call.end());
    // Not all clients end their side first, so the answer goes out with the first message too.
    let answered = false;
    const answer = () => {
      if (answered) return;
      answered = true;
      try {
        const { token } = this.#options;
        if (token === undefined) {
          throw new FlightError("UNIMPLEMENTED", "This server asks for no token.");
        }
        const text = token.fromHandshake(call.metadata, payload);
        const metadata = new Metadata();
        metadata.set("authorization", `Bearer ${text}`);
        call.sendMetadata(metadata);
        call.write({ payload: new TextEncoder().encode(text) });
        call.end();
      } catch (error) {
        call.emit("error", this.#failure(error, "Handshake"));
      }
    };
    call.on("data", answer);
    call.on("end", answer);
  };

  readonly #listFlights = async (call: ServerWritableStream<BytesMessage, FlightInfo>) => {
    for (const dataset of this.#options.datasets) {
      call.write(await this.#info(dataset, { dataset: dataset.name }, true));
    }
  };

  readonly #getFlightInfo = async (descriptor: FlightDescriptor): Promise<FlightInfo> => {
    const request = requestOf(descriptor);
    return await this.#info(this.#dataset(request.dataset), request, false);
  };

  readonly #getSchema = (descriptor: FlightDescriptor): Promise<BytesMessage> => {
    const dataset = this.#dataset(requestOf(descriptor).dataset);
    return Promise.resolve({ value: encapsulateSchema(dataset.schema) });
  };

  readonly #doGet = async (
    call: ServerWritableStream<BytesMessage, FlightData>,
    signal: AbortSignal,
    running: RunningStream,
  ) => {
    this.#takePlace();
    const { budget, maxInflightBytesPerStream, maxMessageBytes } = this.#options;
    const share = budget.share(maxInflightBytesPerStream, () => {
      running.abort(stalledError());
      resetStream(call);
    });
    try {
      const consumer = consumerOf(call.metadata);
      this.readers.add(share, consumer);
      const request = decodeTicket(call.request.value);
      const dataset = this.#dataset(request.dataset);
      running.follows = !request.endLedger;
      await sendBatches(call, dataset.read(request, signal, { consumer }), {
        schema: dataset.schema,
        signal,
        budget,
        share,
        maxMessageBytes,
        stats: this.stats,
      });
    } catch (error) {
      if (call.cancelled || !wantsInBandErrors(call.metadata)) throw error;
      if (!(error instanceof FlightError)) this.#options.onError(error, "DoGet");
      call.write(encodeInBandError(error));
    } finally {
      this.readers.delete(share);
      this.#doGets--;
    }
  };

  /** Counts a DoGet in, if need be in the place of one that has stalled. */
  #takePlace(): void {
    const { maxDoGetStreams, budget } = this.#options;
    if (this.#doGets >= maxDoGetStreams && !budget.endStalled()) {
      throw new FlightError(
        "RESOURCE_EXHAUSTED",
        `This server serves ${maxDoGetStreams} streams at once, and all are being read. ` +
          "Ask again when one has ended.",
      );
    }
    this.#doGets++;
  }

  readonly #doPut = async (
    call: ServerDuplexStream<FlightData, BytesMessage>,
    signal: AbortSignal,
  ) => {
    // Destroying the stream on return would take the answer's side with it.
    const frames: AsyncIterator<FlightData> = call.iterator({ destroyOnReturn: false });
    const first = await frames.next();
    const descriptor = first.done ? undefined : first.value.descriptor;
    if (first.done || descriptor === undefined) {
      throw new FlightError(
        "INVALID_ARGUMENT",
        "The first message of a DoPut must carry a descriptor that names the dataset.",
      );
    }
    const dataset = this.#dataset(requestOf(decodeFlightDescriptor(descriptor)).dataset);
    if (dataset.put === undefined) {
      throw new FlightError("UNIMPLEMENTED", `Dataset "${dataset.name}" takes no writes.`);
    }
    const counts = { batches: 0, rows: 0 };
    const batches = receiveBatches(startingWith(first.value, frames), {
      badMessage: "INVALID_ARGUMENT",
      onSchema: (schema) => {
        const difference = schemaDifference(dataset.schema, schema);
        if (difference === undefined) return;
        throw new FlightError("INVALID_ARGUMENT", `For "${dataset.name}" ${difference}.`);
      },
    });
    const counted = async function* () {
      for await (const received of batches) {
        counts.batches++;
        counts.rows += received.batch.numRows;
        yield received;
      }
    };
    await dataset.put(counted(), signal);
    call.write({ value: new TextEncoder().encode(JSON.stringify(counts)) });
  };

  readonly #doExchange = (_call: ServerDuplexStream<FlightData, FlightData>): Promise<void> => {
    throw new FlightError("UNIMPLEMENTED", "DoExchange is not served here.");
  };

  readonly #doAction = async (
    call: ServerWritableStream<ActionMessage, BytesMessage>,
    signal: AbortSignal,
    running: RunningStream,
  ) => {
    const { type, body } = call.request;
    const action = this.#options.actions.find((a) => a.type === type);
    if (action === undefined) {
      const known = this.#options.actions.map((a) => a.type).join(", ") || "none";
      throw new FlightError("UNIMPLEMENTED", `No action "${type}" here: there are ${known}.`);
    }
    const { actionTimeoutMs } = this.#options;
    const timer = setTimeout(() => {
      const text = `Action "${type}" took longer than ${actionTimeoutMs} ms. Ask for less at once.`;
      running.abort(new FlightError("DEADLINE_EXCEEDED", text));
    }, actionTimeoutMs);
    try {
      const answer = await untilAborted(action.run(body, signal), signal);
      if (answer === undefined) return;
      call.write({ value: new TextEncoder().encode(JSON.stringify(answer)) });
    } finally {
      clearTimeout(timer);
    }
  };

  readonly #listActions = (call: ServerWritableStream<unknown, ActionType>) => {
    for (const { type, description } of this.#options.actions) call.write({ type, description });
    return Promise.resolve();
  };

  /** A handler that answers once: checks the token, sends errors. */
  #answerOnce<Q, S>(where: string, handler: (request: Q) => Promise<S>) {
    return (call: ServerUnaryCall<Q, S>, done: sendUnaryData<S>) => {
      const answer = async () => {
        this.#admit(call.metadata);
        return await handler(call.request);
      };
      answer().then((value) => done(null, value), (error) => done(this.#failure(error, where)));
    };
  }

  /** A handler that answers with a stream: token, errors, cancelling, counting. */
  #answerStream<Call extends StreamCall>(
    where: string,
    handler: (call: Call, signal: AbortSignal, running: RunningStream) => Promise<void>,
  ) {
    return (call: Call) => {
      const controller = new AbortController();
      const running: RunningStream = {
        follows: false,
        abort: (reason) => controller.abort(reason),
      };
      const run = async () => {
        this.#admit(call.metadata);
        this.#running.add(running);
        call.on("cancelled", () => {
          controller.abort(new FlightError("CANCELLED", "The client ended the call."));
        });
        await handler(call, controller.signal, running);
      };
      run().then(
        () => call.end(),
        (error) => {
          if (!call.cancelled) call.emit("error", this.#failure(error, where));
        },
      ).finally(() => {
        this.#running.delete(running);
        // Whatever of the dataset still waits for the signal is let go.
        controller.abort(new FlightError("CANCELLED", "The call has ended."));
        if (this.#running.size > 0) return;
        for (const resolve of this.#onIdle.splice(0)) resolve();
      });
    };
  }

  #admit(metadata: Metadata): void {
    this.#options.token?.check(metadata);
    if (this.#stopping) throw stoppingError();
  }

  #failure(error: unknown, where: string) {
    if (!(error instanceof GrpcError)) this.#options.onError(error, where);
    return toGrpcFailure(error);
  }

  #dataset(name: string): FlightDataset {
    const dataset = this.#options.datasets.find((d) => d.name === name);
    if (dataset !== undefined) return dataset;
    const known = this.#options.datasets.map((d) => d.name).join(", ") || "none";
    throw new FlightError("NOT_FOUND", `No dataset "${name}" here: there are ${known}.`);
  }

  /** FlightInfo of a range. `lenient`: bounds that cannot be told now are left out. */
  async #info(
    dataset: FlightDataset,
    request: RangeRequest,
    lenient: boolean,
  ): Promise<FlightInfo> {
    const bounds = await dataset.bounds().catch((error) => {
      if (!lenient) throw error;
      if (!(error instanceof FlightError)) this.#options.onError(error, "ListFlights");
      return undefined;
    });
    const { startLedger, endLedger } = request;
    if (bounds && startLedger !== undefined && startLedger < bounds.first) {
      throw new FlightError(
        "OUT_OF_RANGE",
        `Dataset "${dataset.name}" begins with ledger ${bounds.first}: ${startLedger} was asked for.`,
      );
    }
    const bounded = Boolean(endLedger);
    // Descriptions of datasets are not read from.
    const ranges = await (lenient ? undefined : dataset.endpoints?.(request)) ?? [request];
    const whole = startLedger === undefined && !bounded && request.filters === undefined;
    const total = whole ? bounds?.totalRecords : await dataset.countRecords?.(request);
    const appMetadata = bounds === undefined ? {} : {
      first_ledger: bounds.first,
      ...(bounds.last !== undefined && { last_ledger: bounds.last }),
    };
    return {
      schema: encapsulateSchema(dataset.schema),
      descriptor: descriptorOf(request),
      endpoints: ranges.map((range) => ({ ticket: encodeTicket(range), locations: [] })),
      totalRecords: total ?? -1,
      totalBytes: -1,
      ordered: true,
      appMetadata: new TextEncoder().encode(JSON.stringify(appMetadata)),
    };
  }
}

function stalledError(): FlightError {
  return new FlightError(
    "UNAVAILABLE",
    "Nothing was taken of this stream for a while, and others waited. " +
      "Ask again from the ledger after the last one received.",
  );
}

function stoppingError(): FlightError {
  return new FlightError(
    "UNAVAILABLE",
    "The server is stopping. Ask again from the ledger after the last one received.",
  );
}

async function* startingWith<T>(first: T, rest: AsyncIterator<T>): AsyncGenerator<T> {
  yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

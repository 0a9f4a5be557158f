import type { sendUnaryData, ServerUnaryCall, ServerWritableStream } from "@grpc/grpc-js";
import { GrpcError, toGrpcFailure } from "./grpc_error.ts";
import { type Codec, grpcMethod } from "./grpc_method.ts";
import { ProtoReader, ProtoWriter } from "./protobuf.ts";

/** Full name of the health service. */
export const HEALTH_SERVICE = "grpc.health.v1.Health";

/** HealthCheckResponse.ServingStatus. */
export const ServingStatus = { SERVING: 1, NOT_SERVING: 2, SERVICE_UNKNOWN: 3 } as const;

/** HealthCheckRequest: 1 service; empty asks for the whole server. */
const request: Codec<{ service: string }> = {
  encode: (m) => new ProtoWriter().string(1, m.service).finish(),
  decode: (bytes) => {
    const m = { service: "" };
    const reader = new ProtoReader(bytes, "HealthCheckRequest");
    for (let field; (field = reader.next()) !== 0;) if (field === 1) m.service = reader.string();
    return m;
  },
};

/** HealthCheckResponse: 1 status. */
const response: Codec<{ status: number }> = {
  encode: (m) => new ProtoWriter().integer(1, m.status).finish(),
  decode: (bytes) => {
    const m = { status: 0 };
    const reader = new ProtoReader(bytes, "HealthCheckResponse");
    for (let field; (field = reader.next()) !== 0;) if (field === 1) m.status = reader.integer();
    return m;
  },
};

/** The methods of proto/grpc/health/v1/health.proto. */
export const healthMethods = {
  Check: grpcMethod(HEALTH_SERVICE, "Check", request, response),
  Watch: grpcMethod(HEALTH_SERVICE, "Watch", request, response, { response: true }),
};

type Watcher = ServerWritableStream<{ service: string }, { status: number }>;

/** The gRPC health service of one server: it serves as a whole or not. It asks for no token. */
export class HealthService {
  #serving = true;
  readonly #services: readonly string[];
  readonly #watchers = new Map<Watcher, number>();

  /** `services`: full names of what the server serves. */
  constructor(services: readonly string[]) {
    this.#services = ["", ...services];
  }

  /** Says so to whoever asks or watches. */
  setServing(serving: boolean): void {
    this.#serving = serving;
    for (const [call, last] of this.#watchers) {
      const status = this.#status(call.request.service);
      if (status === last) continue;
      this.#watchers.set(call, status);
      call.write({ status });
    }
  }

  /** Ends the watches. */
  stop(): void {
    for (const call of this.#watchers.keys()) call.end();
    this.#watchers.clear();
  }

  /** Handlers for grpc-js. */
  readonly handlers = {
    Check: (
      call: ServerUnaryCall<{ service: string }, { status: number }>,
      done: sendUnaryData<{ status: number }>,
    ) => {
      const status = this.#status(call.request.service);
      if (status !== ServingStatus.SERVICE_UNKNOWN) return done(null, { status });
      const text = `No service "${call.request.service}" here: there are ${
        this.#services.slice(1).join(", ")
      }.`;
      done(toGrpcFailure(new GrpcError("NOT_FOUND", text)));
    },
    Watch: (call: Watcher) => {
      const status = this.#status(call.request.service);
      this.#watchers.set(call, status);
      call.on("cancelled", () => {
        this.#watchers.delete(call);
        call.end();
      });
      call.write({ status });
    },
  };

  #status(service: string): number {
    if (!this.#services.includes(service)) return ServingStatus.SERVICE_UNKNOWN;
    return this.#serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
  }
}

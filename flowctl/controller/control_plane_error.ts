import type { GrpcErrorCode } from "../../grpc/mod.ts";

/** A call to a control plane that failed; the sentence names the control plane. */
export class ControlPlaneError extends Error {
  /** The class's name. */
  override readonly name = "ControlPlaneError";

  /**
   * @param code gRPC's, with NOT_FOUND for whatever a control plane says of a service that it does
   * not know
   * @param reason what was wrong, without the control plane's name
   */
  constructor(
    readonly code: GrpcErrorCode,
    readonly endpoint: string,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`Control plane ${endpoint}: ${reason}`, options);
  }
}

import { AutoClient } from "./auto_client.ts";
import type { ConnectOptions } from "./connect_control_plane.ts";
import type { ControlPlaneClient } from "./control_plane_client.ts";
import { GrpcChannel } from "./grpc_channel.ts";
import { LegacyClient } from "./legacy_client.ts";
import { V1Client } from "./v1_client.ts";

/** A client of the protocol asked for. Importing this module loads gRPC. */
export function openClient({ endpoint, protocol, ...options }: ConnectOptions): ControlPlaneClient {
  const channel = new GrpcChannel(endpoint, options);
  if (protocol === "v1") return new V1Client(channel);
  if (protocol === "legacy") return new LegacyClient(channel);
  return new AutoClient(new V1Client(channel), new LegacyClient(channel));
}

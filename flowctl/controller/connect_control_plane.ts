import type { ClientSecurity } from "../component/mod.ts";
import type { ControlPlaneClient, ControlPlaneProtocol } from "./control_plane_client.ts";

/** Which control plane, and how it is spoken to. */
export interface ConnectOptions extends ClientSecurity {
  /** Its `host:port`; with TLS the host is the name in its certificate. */
  readonly endpoint: string;
  /** `auto`, the default, tries v1 first and the older protocol where there is none. */
  readonly protocol?: ControlPlaneProtocol | "auto";
}

/**
 * A client of a control plane, which connects with its first call. gRPC is loaded here and not
 * before: who imports flowctl for something else must not wait for it.
 *
 * ```ts
 * import { connectControlPlane, ControlPlane } from "@obsrvr/stellar-components/flowctl";
 *
 * await using controlPlane = new ControlPlane({ port: 0 });
 * const { port } = await controlPlane.start();
 * const client = await connectControlPlane({ endpoint: `127.0.0.1:${port}` });
 * for (const { id, status, endpoint } of await client.list()) console.log(id, status, endpoint);
 * client.close();
 * ```
 */
export async function connectControlPlane(options: ConnectOptions): Promise<ControlPlaneClient> {
  const { openClient } = await import("./open_client.ts");
  return openClient(options);
}

import {
  connectControlPlane,
  type ConnectOptions,
  ControlPlaneError,
  describeError,
  loadControlPlaneSecurity,
  type ResolvedConfig,
} from "../../flowctl/mod.ts";

/** A service that nobody registers: whoever does not know it is a control plane. */
const NOBODY = "nobody-of-this-name";

/**
 * Why what listens at a component's FLOWCTL_ENDPOINT does not answer it as a control plane does, as
 * it is another program, or asks for another token; `undefined` when it does. Whether anything
 * listens there is asked before. Takes as long as a call may.
 */
export async function controlPlaneTrouble(
  config: ResolvedConfig,
  connect: (options: ConnectOptions) => ReturnType<typeof connectControlPlane> =
    connectControlPlane,
): Promise<string | undefined> {
  try {
    // Nothing is logged here, and no sentence of a client holds its token.
    const security = await loadControlPlaneSecurity(config, { addSecret: () => {} });
    const endpoint = config.string("FLOWCTL_ENDPOINT");
    const protocol = config.string("FLOWCTL_PROTOCOL") as NonNullable<ConnectOptions["protocol"]>;
    const client = await connect({ endpoint, protocol, ...security });
    try {
      await client.status(NOBODY);
    } finally {
      client.close();
    }
  } catch (error) {
    if (!(error instanceof ControlPlaneError)) return describeError(error);
    return error.code === "NOT_FOUND" ? undefined : error.reason;
  }
  return undefined;
}

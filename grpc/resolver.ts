import { experimental } from "@grpc/grpc-js";

/** Scheme of the targets whose name is passed on as it is. */
const SCHEME = "named";

/** Port of a target without one; FlightClient always gives one. */
const DEFAULT_PORT = 443;

type ResolverListener = ConstructorParameters<
  Parameters<typeof experimental.registerResolver>[1]
>[1];
type Target = ConstructorParameters<Parameters<typeof experimental.registerResolver>[1]>[0];

/**
 * Gives a target's own name as its address. grpc-js' dns resolver looks the name up itself, and
 * so needs net permission for the bare name and for whatever address it finds; connecting by name
 * needs exactly `host:port`.
 */
class NamedResolver {
  readonly #target: Target;
  readonly #listener: ResolverListener;
  #told = false;

  constructor(target: Target, listener: ResolverListener) {
    this.#target = target;
    this.#listener = listener;
  }

  updateResolution(): void {
    if (this.#told) return;
    this.#told = true;
    const parsed = experimental.splitHostPort(this.#target.path);
    const host = parsed?.host ?? this.#target.path;
    const port = parsed?.port ?? DEFAULT_PORT;
    // The listener must not be called before updateResolution returns.
    queueMicrotask(() => {
      this.#listener({ ok: true, value: [{ addresses: [{ host, port }] }] }, {}, null, "");
    });
  }

  destroy(): void {
    this.#told = false;
  }

  static getDefaultAuthority(target: Target): string {
    return target.path;
  }
}

/** The grpc-js target of `host:port`; makes its scheme known to grpc-js. */
export function namedTarget(endpoint: string): string {
  // Registering again replaces the same class, so that nothing is done at import time.
  experimental.registerResolver(SCHEME, NamedResolver);
  return `${SCHEME}:${endpoint}`;
}

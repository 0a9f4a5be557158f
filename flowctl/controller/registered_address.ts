import { pipelineHost, type ResolvedConfig } from "../config/mod.ts";

/** `host` or `host:port`, an IPv6 address in brackets. */
const ADVERTISED = /^(\[.+\]|[^:]+)(?::0*(\d+))?$/;

/** Where a component tells the control plane that it is reached. */
export class RegisteredAddress {
  readonly #values: ResolvedConfig["values"];
  readonly #host: string | undefined;
  readonly #port: string | undefined;

  /** @param values of a component's variables, of which none needs to be declared */
  constructor(values: ResolvedConfig["values"]) {
    this.#values = values;
    [, this.#host, this.#port] = ADVERTISED.exec(String(values.ADVERTISE_ADDRESS ?? "")) ?? [];
  }

  /** `host:port` of the Flight server; the port that is advertised stands for its own. */
  flight(port: number): string {
    const host = this.#host ?? this.#boundHost(this.#values.TLS_CERT_FILE !== undefined);
    return `${host}:${this.#port ?? port}`;
  }

  /** `host:port` of the HTTP server, which is never behind the port that is advertised. */
  health(port: number): string {
    return `${this.#host ?? this.#boundHost(false)}:${port}`;
  }

  /** What it listens on, or loopback where that is every address. */
  #boundHost(tls: boolean): string {
    const address = String(this.#values.BIND_ADDRESS ?? "127.0.0.1");
    return pipelineHost(address, tls) ?? (address.includes(":") ? `[${address}]` : address);
  }
}

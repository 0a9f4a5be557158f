/**
 * Stands between clients and a server: counts the connections, and can hold all bytes back as a peer does
 * that stands still (its kernel still accepts connections and takes bytes).
 */
export class TcpRelay implements AsyncDisposable {
  /** Connections accepted since the beginning. */
  accepted = 0;
  readonly #target: number;
  readonly #listener: Deno.TcpListener;
  readonly #open = new Set<Deno.TcpConn>();
  readonly #running = new Set<Promise<unknown>>();
  #passes = Promise.resolve();
  #resume = () => {};

  /** Leads to a port of this machine. */
  constructor(target: number) {
    this.#target = target;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.#run(this.#accept());
  }

  /** Where clients connect. */
  get endpoint(): string {
    return `127.0.0.1:${this.#listener.addr.port}`;
  }

  /** Connections of clients that are open. */
  get open(): number {
    return this.#open.size;
  }

  /** Lets nothing through until `resume()`. */
  pause(): void {
    this.#passes = new Promise((resolve) => this.#resume = resolve);
  }

  /** Lets everything through again. */
  resume(): void {
    this.#resume();
    this.#passes = Promise.resolve();
  }

  /** Closes all connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.resume();
    this.#listener.close();
    for (const client of this.#open) close(client);
    await Promise.all(this.#running);
  }

  async #accept(): Promise<void> {
    for await (const client of this.#listener) {
      this.accepted++;
      this.#open.add(client);
      this.#run(this.#relay(client).finally(() => this.#open.delete(client)));
    }
  }

  async #relay(client: Deno.TcpConn): Promise<void> {
    let server: Deno.TcpConn | undefined;
    try {
      server = await Deno.connect({ hostname: "127.0.0.1", port: this.#target });
      await Promise.race([this.#pass(client, server), this.#pass(server, client)]);
    } catch {
      // The server is away: its client is told by the end of the connection.
    }
    close(client);
    if (server !== undefined) close(server);
  }

  async #pass(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
    const buffer = new Uint8Array(64 * 1024);
    try {
      for (let read = await from.read(buffer); read !== null; read = await from.read(buffer)) {
        await this.#passes;
        for (let at = 0; at < read;) at += await to.write(buffer.subarray(at, read));
      }
    } catch {
      // Closed by the other direction.
    }
  }

  #run(work: Promise<unknown>): void {
    const counted = work.finally(() => this.#running.delete(counted));
    this.#running.add(counted);
  }
}

function close(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // It was closed before.
  }
}

import { FakeClock } from "../component/mod.ts";
import { ConnectionPool, type ConnectionPoolOptions, type PoolEvent } from "./mod.ts";

/** How a peer answers. */
export type Answer = "serves" | "refuses" | "hangs" | "throws";

/** A connection to nowhere. */
export class FakeConnection {
  checks = 0;
  closes = 0;

  constructor(readonly endpoint: string, readonly peers: FakePeers) {}

  get isClosed(): boolean {
    return this.closes > 0;
  }

  close(): void {
    this.closes++;
    // Whoever closes a connection does not care what is wrong with it.
    throw new Error(`cannot close ${this.endpoint}`);
  }
}

/** Peers that answer as a test says, and all connections that were made to them. */
export class FakePeers {
  readonly made: FakeConnection[] = [];
  readonly answers = new Map<string, Answer>();

  /** The connections that are open, to all peers or to one. */
  open(endpoint?: string): FakeConnection[] {
    return this.made.filter((each) =>
      !each.isClosed && (endpoint === undefined || each.endpoint === endpoint)
    );
  }

  connect = (endpoint: string): FakeConnection => {
    if (this.answers.get(endpoint) === "throws") throw new Error(`bad address ${endpoint}`);
    const connection = new FakeConnection(endpoint, this);
    this.made.push(connection);
    return connection;
  };

  check = (connection: FakeConnection): Promise<void> => {
    connection.checks++;
    const answer = this.answers.get(connection.endpoint);
    // As a signal that is not heeded, too.
    if (answer === "hangs") return new Promise(() => {});
    if (answer === "refuses") return Promise.reject(new Error("connection refused"));
    return Promise.resolve();
  };
}

/** A pool over fake peers and time, and what it told. */
export function fakePool(options: Partial<ConnectionPoolOptions<FakeConnection>> = {}) {
  const clock = new FakeClock();
  const peers = new FakePeers();
  const events: PoolEvent[] = [];
  const pool = new ConnectionPool<FakeConnection>({
    endpoints: ["a:1"],
    connect: peers.connect,
    check: peers.check,
    min: 0,
    clock,
    random: () => 1,
    onEvent: (event) => events.push(event),
    ...options,
  });
  /** Lets what is under way come to its end. */
  const settle = () => clock.advance(0);
  const told = () =>
    events.splice(0).map((event) =>
      event.type === "moved" ? `moved ${event.from} ${event.to}` : `${event.type} ${event.endpoint}`
    );
  return { clock, peers, events, pool, settle, told };
}

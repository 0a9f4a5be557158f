import { connectControlPlane, type ConnectOptions } from "./connect_control_plane.ts";
import type { ControlPlaneClient } from "./control_plane_client.ts";

/**
 * A client over gRPC that knows when all its calls have ended: a test that lets the clock go by
 * waits for them in between, as they take real time.
 */
export class CountedClient {
  #calls: Promise<unknown>[] = [];

  /** For a controller to connect with. */
  readonly connect = async (options: ConnectOptions): Promise<ControlPlaneClient> => {
    const client = await connectControlPlane(options);
    return new Proxy(client, {
      get: (target, name) => {
        const value = Reflect.get(target, name);
        if (typeof value !== "function") return value;
        return (...args: unknown[]) => {
          const result = value.apply(target, args);
          if (result instanceof Promise) this.#calls.push(result);
          return result;
        };
      },
    });
  };

  /** Resolves when the calls made so far, and those that follow from them, have ended. */
  async ended(settle: () => Promise<void>): Promise<void> {
    do {
      const calls = this.#calls;
      this.#calls = [];
      await Promise.allSettled(calls);
      await settle();
    } while (this.#calls.length > 0);
  }
}

import { type FlightBatch, FlightClient } from "../../flight/mod.ts";
import {
  type ComponentContext,
  createLogger,
  loadConfig,
  MetricsRegistry,
  parseDeclaration,
  realClock,
} from "../../flowctl/mod.ts";
import { openBackend } from "./backends/mod.ts";
import { StellarArrowSource } from "./stellar_arrow_source.ts";

const declaration = parseDeclaration(
  await Deno.readTextFile(new URL("./component.yaml", import.meta.url)),
);
/** A source in this process, with a client of its own, for tests. */
export class RunningSource implements AsyncDisposable {
  private constructor(
    readonly source: StellarArrowSource,
    readonly context: ComponentContext,
    readonly client: FlightClient,
    readonly network: string | undefined,
  ) {}

  static context(variables: Record<string, string>): ComponentContext {
    const all: Record<string, string> = { SOURCE_TYPE: "filesystem", PORT: "0", ...variables };
    const config = loadConfig({
      declaration,
      env: { get: (name: string) => all[name] },
      profile: "local",
    });
    return {
      declaration,
      config,
      log: createLogger({
        component: declaration.name,
        level: "error",
        format: "text",
        clock: realClock,
        write: () => {},
      }),
      metrics: new MetricsRegistry(),
      signal: new AbortController().signal,
      clock: realClock,
    };
  }

  static async start(variables: Record<string, string>): Promise<RunningSource> {
    const context = RunningSource.context(variables);
    const source = new StellarArrowSource(context, openBackend);
    const { ports, network } = await source.start();
    const client = new FlightClient(`127.0.0.1:${ports["flight"]}`);
    return new RunningSource(source, context, client, network);
  }

  async read(startLedger?: number, endLedger?: number): Promise<FlightBatch[]> {
    const batches: FlightBatch[] = [];
    const request = {
      dataset: "stellar_ledger",
      ...(startLedger === undefined ? {} : { startLedger }),
      ...(endLedger === undefined ? {} : { endLedger }),
    };
    for await (const batch of this.client.doGet(request)) batches.push(batch);
    return batches;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client[Symbol.asyncDispose]();
    await this.source.stop();
  }
}

import { join } from "@std/path";
import { type ComponentContext, ConfigError } from "../../../flowctl/mod.ts";
import {
  FilesystemLake,
  LAKE_CONFIG_NAME,
  parseBatchName,
  parsePartitionName,
} from "../../../stellar/lake/mod.ts";
import { SimulatedNetwork, SimulationError } from "../../../stellar/simulated/mod.ts";
import type { LedgerBackend } from "./ledger_backend.ts";
import { lakeOptions } from "./lake_options.ts";

/** The variable that cures an error of the simulation. */
const VARIABLES: Readonly<Partial<Record<SimulationError["code"], string>>> = {
  protocol: "SIMULATED_PROTOCOL",
  transactions: "SIMULATED_TRANSACTIONS",
};

/**
 * Ledgers of a simulated network that runs in this process and keeps them in a lake below
 * STORAGE_PATH (SOURCE_TYPE=simulated). It begins with a history and goes on where it was after a
 * restart.
 *
 * Throws ConfigError for an option that the simulation does not take, SimulationError or LakeError
 * when its folder cannot be used.
 */
export async function openSimulatedBackend(context: ComponentContext): Promise<LedgerBackend> {
  const { config } = context;
  const seed = config.string("SIMULATED_SEED");
  await refuseRealLake(context);
  const dir = join(config.string("STORAGE_PATH"), `simulated-${seed}`);
  const network = await openNetwork(context, seed, dir);
  try {
    const lake = await FilesystemLake.open(dir, lakeOptions(context));
    const { promise: failed, reject } = Promise.withResolvers<never>();
    network.finished.catch(reject);
    return {
      upstream: `simulated network, seed ${seed}, in ${dir}`,
      lake,
      passphrase: network.passphrase,
      failed,
      stop: () => network.stop(),
    };
  } catch (error) {
    await network.stop();
    throw error;
  }
}

/** Simulated ledgers have no business in a folder that holds a lake: its owner meant to read it. */
async function refuseRealLake({ config }: ComponentContext): Promise<void> {
  const folder = config.string("STORAGE_PATH");
  for await (const entry of readFolder(folder)) {
    const isLake = entry.name === LAKE_CONFIG_NAME ||
      parsePartitionName(entry.name) !== undefined || parseBatchName(entry.name) !== undefined;
    if (!isLake) continue;
    throw new ConfigError(config.component, [{
      variable: "SOURCE_TYPE",
      value: config.shown("SOURCE_TYPE"),
      origin: config.origin("SOURCE_TYPE"),
      rule:
        `cannot be simulated here: STORAGE_PATH ${folder} holds a lake of ledgers (${entry.name})`,
      example: "SOURCE_TYPE=filesystem to read it",
    }]);
  }
}

async function* readFolder(folder: string): AsyncGenerator<Deno.DirEntry> {
  try {
    yield* Deno.readDir(folder);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function openNetwork(
  { config, clock }: ComponentContext,
  seed: string,
  dir: string,
): Promise<SimulatedNetwork> {
  try {
    return await SimulatedNetwork.open({
      dir,
      seed,
      clock,
      protocol: config.optionalInteger("SIMULATED_PROTOCOL"),
      transactionsPerLedger: config.optionalInteger("SIMULATED_TRANSACTIONS"),
      ledgerIntervalMs: config.durationMs("SIMULATED_LEDGER_INTERVAL"),
    });
  } catch (error) {
    const variable = error instanceof SimulationError ? VARIABLES[error.code] : undefined;
    if (variable === undefined) throw error;
    throw new ConfigError(config.component, [{
      variable,
      value: config.shown(variable),
      origin: config.origin(variable),
      rule: (error as Error).message,
      example: "",
    }]);
  }
}

import { createHash } from "node:crypto";
import { deserialize, serialize } from "node:v8";
import { join } from "@std/path";
import { SimulationError, type SimulationState } from "./ledger_simulator.ts";

/** Folder inside the lake's that holds what the simulation needs to go on; no lake reads it. */
const FOLDER = ".simulation";
const RECORD_NAME = "network.json";
/**
 * Raised whenever the same options would give other ledgers than before, so that a lake of an
 * earlier generation is refused, not continued with ledgers that do not fit.
 */
const GENERATION = 1;
/** Snapshots kept: if the newest is damaged, the one before it still bounds the time to restart. */
const SNAPSHOTS_KEPT = 2;
const DIGEST_BYTES = 32;
const SNAPSHOT_NAME = /^snapshot-([1-9][0-9]{0,9})\.bin$/;

/** What makes two simulated networks the same one. */
export interface NetworkRecord {
  readonly seed: string;
  readonly protocol: number;
  readonly transactionsPerLedger: number;
  readonly metaVersion: number;
}

/**
 * Keeps the options and some snapshots of a simulated network beside its ledgers. A snapshot only
 * saves time: without a usable one the network is simulated anew from its seed, to the same state.
 *
 * Snapshot file: SHA-256 of the rest (32 bytes), then the state as a structured clone.
 */
export class SimulationStore {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Opens the store in a lake's folder, or makes it.
   * Throws SimulationError (`network`) when the folder belongs to a network of other options.
   */
  static async open(lakeDir: string, record: NetworkRecord): Promise<SimulationStore> {
    const folder = join(lakeDir, FOLDER), path = join(folder, RECORD_NAME);
    await Deno.mkdir(folder, { recursive: true });
    const wanted = { generation: GENERATION, ...record };
    const text = await readIfThere(path);
    if (text === undefined) {
      await replaceFile(path, new TextEncoder().encode(JSON.stringify(wanted)));
    } else refuseOther(new TextDecoder().decode(text), wanted, path, lakeDir);
    return new SimulationStore(folder);
  }

  /** The newest whole snapshot that is not beyond a ledger. */
  async load(lastLedger: number): Promise<SimulationState | undefined> {
    for (const sequence of await this.#sequences()) {
      if (sequence > lastLedger) continue;
      const state = await this.#read(sequence);
      if (state !== undefined) return state;
    }
    return undefined;
  }

  /** Writes a snapshot and removes those that are too old to be of use. */
  async save(state: SimulationState): Promise<void> {
    const body = new Uint8Array(serialize(state));
    const file = new Uint8Array(DIGEST_BYTES + body.length);
    file.set(digestOf(body));
    file.set(body, DIGEST_BYTES);
    await replaceFile(this.#path(state.world.ledger), file);
    for (const sequence of (await this.#sequences()).slice(SNAPSHOTS_KEPT)) {
      await Deno.remove(this.#path(sequence)).catch(() => {});
    }
  }

  /** Undefined when the file is damaged, or of a V8 that this one does not understand. */
  async #read(sequence: number): Promise<SimulationState | undefined> {
    const file = await readIfThere(this.#path(sequence));
    if (file === undefined || file.length <= DIGEST_BYTES) return undefined;
    const body = file.subarray(DIGEST_BYTES);
    if (digestOf(body).some((byte, i) => byte !== file[i])) return undefined;
    try {
      const state = deserialize(body) as SimulationState;
      return state.world.ledger === sequence ? state : undefined;
    } catch {
      return undefined;
    }
  }

  /** Ledgers of the snapshots, newest first. */
  async #sequences(): Promise<number[]> {
    const found: number[] = [];
    for await (const entry of Deno.readDir(this.#folder)) {
      const match = SNAPSHOT_NAME.exec(entry.name);
      if (match) found.push(Number(match[1]));
    }
    return found.sort((one, other) => other - one);
  }

  #path(sequence: number): string {
    return join(this.#folder, `snapshot-${sequence}.bin`);
  }
}

function refuseOther(
  text: string,
  wanted: Readonly<Record<string, unknown>>,
  path: string,
  lakeDir: string,
): void {
  let present: Readonly<Record<string, unknown>>;
  try {
    present = JSON.parse(text);
  } catch (cause) {
    throw new SimulationError(
      "network",
      `${path} is not JSON, so that nobody knows what network ${lakeDir} holds: ` +
        "remove the folder to begin anew",
      { cause },
    );
  }
  for (const [name, value] of Object.entries(wanted)) {
    if (present[name] === value) continue;
    throw new SimulationError(
      "network",
      `${lakeDir} holds a simulated network with ${name} ${JSON.stringify(present[name])}, not ${
        JSON.stringify(value)
      }: use another folder, or remove it to begin anew`,
    );
  }
}

function digestOf(body: Uint8Array): Uint8Array {
  return createHash("sha256").update(body).digest();
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** A file appears whole or not at all. */
async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const partial = `${path}.partial`;
  {
    using file = await Deno.open(partial, { write: true, create: true, truncate: true });
    for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
    await file.sync();
  }
  await Deno.rename(partial, path);
}

import type { EntryChanges } from "./entry_changes.ts";
import type { Prng } from "./prng.ts";
import type { World } from "./world.ts";
import type { WriterPool } from "./writer_pool.ts";

/** What all transactions of one ledger share. */
export interface LedgerContext {
  readonly world: World;
  readonly prng: Prng;
  /** Ledger that is being closed. */
  readonly ledger: number;
  readonly networkId: Uint8Array;
  /** TransactionMeta version, 1 to 4. */
  readonly metaVersion: number;
  /** Takes the changes of one step after the other; empty between steps. */
  readonly changes: EntryChanges;
  /** Writers for one transaction; taken back when it is written. */
  readonly writers: WriterPool;
}

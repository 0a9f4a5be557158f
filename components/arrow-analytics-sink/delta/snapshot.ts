import { countStatisticsJson, recordCount } from "../rows/mod.ts";
import {
  type Action,
  type AddAction,
  APP_ID,
  LogError,
  type MetaDataAction,
  PROTOCOL,
  type ProtocolAction,
  type RemoveAction,
  type TxnAction,
} from "./action.ts";
import { readCommit } from "./read_commit.ts";

/** What a log says up to one version: the replay of its actions. */
export class Snapshot {
  /** Last version read, -1 for a log without commits. */
  version = -1;
  protocol: ProtocolAction | undefined;
  metaData: MetaDataAction | undefined;
  /** The last `txn` of each application; ours is the cursor. */
  readonly txns = new Map<string, TxnAction>();
  /**
   * Live files by path. Of the statistics of this program's own files only the number of rows is
   * kept: the rest is most of a log's size, and nothing but the next checkpoint wants it.
   */
  readonly files = new Map<string, AddAction>();
  /** Removed files by path, until their files are deleted. */
  readonly removed = new Map<string, RemoveAction>();

  /** Last ledger that the table covers. */
  get cursor(): number | undefined {
    return this.txns.get(APP_ID)?.version;
  }

  /** Takes one action in. Throws LogError when it needs a newer protocol. */
  apply(action: Action): void {
    if ("add" in action) {
      this.files.set(action.add.path, lean(action.add));
      this.removed.delete(action.add.path);
    } else if ("remove" in action) {
      this.files.delete(action.remove.path);
      this.removed.set(action.remove.path, action.remove);
    } else if ("txn" in action) this.txns.set(action.txn.appId, action.txn);
    else if ("metaData" in action) this.metaData = action.metaData;
    else if ("protocol" in action) {
      const { minReaderVersion, minWriterVersion } = action.protocol;
      if (
        minReaderVersion > PROTOCOL.minReaderVersion || minWriterVersion > PROTOCOL.minWriterVersion
      ) {
        throw new LogError(
          "UNSUPPORTED",
          `The table asks for Delta reader ${minReaderVersion} and writer ${minWriterVersion}; ` +
            `this program writes reader 1 and writer 2. Another program has upgraded the table.`,
        );
      }
      this.protocol = action.protocol;
    }
    // Other actions (commitInfo of another program) say nothing about the table's state.
  }

  /** Takes in a commit, one action a line. Throws LogError when it is damaged. */
  applyCommit(version: number, text: string): void {
    const rowsOf = (path: string) => recordCount(this.files.get(path)?.stats);
    for (const action of readCommit(version, text, rowsOf, recordCount)) this.apply(action);
    this.version = version;
  }
}

function lean(add: AddAction): AddAction {
  // Files of other programs do not say their ledgers by name, and are few.
  if (add.tags?.["group"] === undefined) return add;
  return { ...add, stats: countStatisticsJson(recordCount(add.stats)) };
}

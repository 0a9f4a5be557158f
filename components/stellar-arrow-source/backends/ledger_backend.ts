import type { ComponentContext } from "../../../flowctl/mod.ts";
import type { Lake } from "../../../stellar/lake/mod.ts";

/**
 * Where ledgers come from. Every kind of source comes down to a lake that is read; what differs is
 * who fills it.
 */
export interface LedgerBackend {
  /** Shown to people, such as the path of a folder. */
  readonly upstream: string;
  readonly lake: Lake;
  /** Passphrase that the source of the ledgers itself states, where it does. */
  readonly passphrase: string | undefined;
  /** Rejects when the lake can no longer be filled; absent where others fill it. */
  readonly failed?: Promise<never>;
  /** Ends what fills the lake. */
  stop(): Promise<void>;
}

/**
 * Opens the backend that a configuration asks for.
 * Throws ConfigError or LakeError when it cannot be opened.
 */
export type OpenBackend = (context: ComponentContext) => Promise<LedgerBackend>;

/**
 * What went wrong with a lake:
 * - `not_found`: the lake, or its folder, is not there
 * - `config`: `.config.json` or the layout asked for does not fit the lake
 * - `batch`: a batch file does not hold the ledgers its name says
 * - `gap`: ledgers are missing between ledgers that are there
 * - `before_first`: a ledger before the first one is asked for
 * - `io`: the file system or store refused
 */
export type LakeErrorCode = "not_found" | "config" | "batch" | "gap" | "before_first" | "io";

/** A lake cannot be read or written as asked; the sentence names the file or ledger. */
export class LakeError extends Error {
  override readonly name = "LakeError";
  /** The ledger concerned, where one is. */
  readonly sequence: number | undefined;

  constructor(
    readonly code: LakeErrorCode,
    message: string,
    options: ErrorOptions & { readonly sequence?: number } = {},
  ) {
    super(message, options);
    this.sequence = options.sequence;
  }

  /** Whether reading again ends the same way: the files are at fault, and not the access to them. */
  get isFinal(): boolean {
    return this.code !== "io" && this.code !== "not_found";
  }
}

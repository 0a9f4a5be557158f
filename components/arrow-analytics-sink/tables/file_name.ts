/**
 * Name of an output file: the first and the last ledger that have rows in it, `-`, and the
 * format's ending. It depends on rows alone, so that two runs give the same names.
 */
export function fileName(first: number, last: number, extension: string): string {
  return `${ledgerText(first)}-${ledgerText(last)}.${extension}`;
}

/** The ledgers of a file by its name, undefined when it is not one of this program's. */
export function ledgersOf(path: string): { first: number; last: number } | undefined {
  const match = /(?:^|\/)(\d{10})-(\d{10})\.(?:parquet|jsonl|json|csv)$/.exec(path);
  return match ? { first: Number(match[1]), last: Number(match[2]) } : undefined;
}

/** Whether a name is one that this program gives: an output file or one being written. */
export function isOwnName(name: string): boolean {
  return ledgersOf(name) !== undefined || /^\.\d{10}-\d{10}\.[a-z]+\.tmp$/.test(name);
}

/** 10 digits hold every uint32, and make names sort by ledger. */
function ledgerText(ledger: number): string {
  return String(ledger).padStart(10, "0");
}

import type { FixedWidthColumn } from "./fixed_width_column.ts";
import type { RowBatch } from "./row_batch.ts";
import type { TextColumn } from "./text_column.ts";

/** Hubble's columns that have the same type here, and their names here. */
const SAME: readonly (readonly [hubble: string, native: string])[] = [
  ["transaction_hash", "transaction_hash"],
  ["transaction_id", "transaction_id"],
  ["operation_id", "operation_id"],
  ["event_topic", "event_type"],
  ["from", "from_account"],
  ["to", "to_account"],
  ["asset_code", "asset_code"],
  ["asset_issuer", "asset_issuer"],
  ["amount_raw", "amount"],
  ["contract_id", "contract_address"],
  ["ledger_sequence", "ledger_sequence"],
  ["closed_at", "closed_at"],
  ["to_muxed_id", "to_muxed_id"],
];

/** Longest asset code of the XDR type credit_alphanum4. */
const ALPHANUM4_LENGTH = 4;
/** Hubble's `amount` is in units of an asset with seven decimals, whatever the token says. */
const STROOPS_PER_UNIT = 1e7;

/**
 * Appends rows [start, end) of stored `ttp_event` rows in Hubble's columns. `to_muxed`, the M…
 * address, is given for a receiver that is an account with a numeric id.
 */
export function appendHubbleRows(
  to: RowBatch,
  from: RowBatch,
  start: number,
  end: number,
  muxedAddress: (account: string, id: string) => string | undefined,
): void {
  for (const [hubble, native] of SAME) {
    to.column(hubble).appendRange(from.column(native), start, end);
  }
  const assetType = from.text("asset_type");
  const code = from.text("asset_code");
  const issuer = from.text("asset_issuer");
  const amount = from.text("amount");
  const account = from.text("to_account");
  const muxedId = from.text("to_muxed_id");
  const muxedType = from.text("to_muxed_id_type");
  for (let i = start; i < end; i++) {
    const type = hubbleAssetType(assetType.textAt(i), code.offsets[i + 1]! - code.offsets[i]!);
    appendOptional(to.text("asset_type"), type);
    appendOptional(
      to.text("asset"),
      type === undefined || type === "native"
        ? type
        : `${type}:${code.textAt(i)}:${issuer.textAt(i)}`,
    );
    // A double by Hubble's own definition; amount_raw beside it is exact.
    appendUnits(to.fixed("amount"), amount.textAt(i));
    const numeric = !muxedType.isNull(i) && muxedType.textAt(i) === "id";
    appendOptional(
      to.text("to_muxed"),
      numeric && !account.isNull(i)
        ? muxedAddress(account.textAt(i), muxedId.textAt(i))
        : undefined,
    );
  }
}

function hubbleAssetType(type: string, codeLength: number): string | undefined {
  if (type === "native") return "native";
  if (type !== "issued") return undefined;
  return codeLength <= ALPHANUM4_LENGTH ? "credit_alphanum4" : "credit_alphanum12";
}

function appendUnits(column: FixedWidthColumn, amount: string): void {
  column.appendDouble(Number(amount) / STROOPS_PER_UNIT);
}

function appendOptional(column: TextColumn, text: string | undefined): void {
  if (text === undefined) column.appendNull();
  else column.appendText(text);
}

import { readRows, type Row } from "./delta_table.ts";

/** An event in the form of the corpus. */
export interface GoldenEvent {
  readonly event_type: string;
  readonly ledger_sequence: number;
  readonly closed_at: string;
  readonly tx_hash: string;
  readonly transaction_index: number;
  readonly operation_index: number | null;
  readonly contract_address: string;
  readonly asset_type: string;
  readonly asset_code: string | null;
  readonly asset_issuer: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly amount: string;
  readonly to_muxed_info: Readonly<Record<string, string>> | null;
}

/** Events of a file of the corpus, one a line. */
export function parseEvents(text: string): GoldenEvent[] {
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

/** The events of a table in the order in which the ledgers emitted them. */
export async function tableEvents(table: string): Promise<GoldenEvent[]> {
  const rows = await readRows(table);
  rows.sort((a, b) =>
    Number(a.ledger_sequence) - Number(b.ledger_sequence) ||
    Number(a.event_index) - Number(b.event_index)
  );
  return rows.map(asGolden);
}

/** A row of the table in the form of the corpus. */
function asGolden(row: Row): GoldenEvent {
  const golden = {
    event_type: row.event_type,
    ledger_sequence: Number(row.ledger_sequence),
    // Whole seconds, as ledgers close; anything finer would show here.
    closed_at: new Date(Number(row.closed_at)).toISOString().replace(".000Z", "Z"),
    tx_hash: row.transaction_hash,
    transaction_index: Number(row.transaction_index),
    operation_index: row.operation_index === null ? null : Number(row.operation_index),
    contract_address: row.contract_address,
    asset_type: row.asset_type === "contract" ? "none" : row.asset_type,
    asset_code: row.asset_code,
    asset_issuer: row.asset_issuer,
    from: row.from_account,
    to: row.to_account,
    amount: row.amount,
    to_muxed_info: muxedInfo(row.to_muxed_id_type, String(row.to_muxed_id)),
  };
  return golden as unknown as GoldenEvent;
}

/** The table holds a text once; the corpus has its bytes as hex beside it. */
function muxedInfo(type: unknown, id: string): Record<string, string> | null {
  if (type === null) return null;
  if (type !== "text") return { [String(type)]: id };
  return { text: id, text_hex: new TextEncoder().encode(id).toHex() };
}

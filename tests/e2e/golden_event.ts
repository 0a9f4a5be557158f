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
  const muxedType = row.to_muxed_id_type;
  const golden = {
    event_type: row.event_type,
    ledger_sequence: Number(row.ledger_sequence),
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
    to_muxed_info: muxedType === null ? null : { [String(muxedType)]: row.to_muxed_id },
  };
  return golden as unknown as GoldenEvent;
}

/** What a row can be held against: times are tested by the sink's own tests. */
export function comparable(event: GoldenEvent): Partial<GoldenEvent> {
  const { closed_at: _, to_muxed_info: muxed, ...rest } = event;
  const { text_hex: __, ...kept } = muxed ?? {};
  return { ...rest, to_muxed_info: muxed === null ? null : kept };
}

import type { FieldType, TableField } from "../rows/mod.ts";
import type { FormatSetting } from "../writers/mod.ts";
import type { MetaDataAction } from "./action.ts";

/** What a table is about; a table is continued only by a run with the same. */
export interface TableIdentity {
  networkPassphrase: string;
  schemaVersion: string;
  eventsMode: string;
  /** Filters of the events as JSON text, NO_FILTERS where all events are stored. */
  eventFilters: string;
}

/** Says that all events are stored. */
export const NO_FILTERS = "{}";

const KEYS: readonly (readonly [keyof TableIdentity, string, string])[] = [
  ["networkPassphrase", "stellar.network_passphrase", "network"],
  ["schemaVersion", "stellar.schema_version", "schema version"],
  ["eventsMode", "stellar.events_mode", "events mode"],
];

/** The filters of the events; a table of all events does not have the key. */
const FILTERS_KEY = "stellar.event_filters";

/** Where the table begins: the configuration key of its first ledger. */
const FIRST_LEDGER_KEY = "stellar.first_ledger";

/** A table that is not the one this run would write. */
export class IdentityError extends Error {
  override readonly name = "IdentityError";
  /** A table stays what it is. */
  readonly isFinal = true;
}

/** A new table's `metaData`. `columns` has the partition's columns as well. */
export async function newMetaData(options: {
  dataset: string;
  format: string;
  identity: TableIdentity;
  firstLedger: number;
  columns: readonly TableField[];
  partitionColumns: readonly string[];
  createdTime: number;
  /** How the files are written, where that can be set. */
  setting: FormatSetting | undefined;
}): Promise<MetaDataAction> {
  const { identity } = options;
  const configuration: Record<string, string> = {};
  for (const [field, key] of KEYS) configuration[key] = identity[field];
  if (identity.eventFilters !== NO_FILTERS) configuration[FILTERS_KEY] = identity.eventFilters;
  configuration[FIRST_LEDGER_KEY] = String(options.firstLedger);
  if (options.setting) configuration[options.setting.key] = options.setting.value;
  return {
    id: await uuid5(`${identity.networkPassphrase}\n${options.dataset}`),
    name: options.dataset,
    format: { provider: options.format, options: {} },
    schemaString: schemaString(options.columns),
    partitionColumns: [...options.partitionColumns],
    createdTime: options.createdTime,
    configuration,
  };
}

/** Identity of an existing table. */
export function identityOf(metaData: MetaDataAction): TableIdentity {
  const of = (key: string) => metaData.configuration[key] ?? "";
  return {
    networkPassphrase: of(KEYS[0]![1]),
    schemaVersion: of(KEYS[1]![1]),
    eventsMode: of(KEYS[2]![1]),
    eventFilters: metaData.configuration[FILTERS_KEY] || NO_FILTERS,
  };
}

/** First ledger of an existing table. */
export function firstLedgerOf(metaData: MetaDataAction): number {
  return Number(metaData.configuration[FIRST_LEDGER_KEY] ?? 0);
}

/** Throws IdentityError when a table's identity, `found`, differs from what is wanted. */
export function checkIdentity(
  folder: string,
  found: Partial<TableIdentity>,
  wanted: Partial<TableIdentity>,
): void {
  for (const [field, , words] of KEYS) {
    if (found[field] === undefined || wanted[field] === undefined) continue;
    if (wanted[field] === found[field]) continue;
    throw new IdentityError(
      `The table in "${folder}" has the ${words} "${found[field]}": this run has ` +
        `"${wanted[field]}". Use another OUTPUT_PATH, or the ${words} of the table.`,
    );
  }
  const [filters, others] = [found.eventFilters, wanted.eventFilters];
  if (filters === undefined || others === undefined || filters === others) return;
  throw new IdentityError(
    `The table in "${folder}" is of ${filterWords(filters)}: the stream is of ` +
      `${filterWords(others)}. Give the processor the same filters as before, or use another ` +
      `OUTPUT_PATH.`,
  );
}

function filterWords(filters: string): string {
  return filters === NO_FILTERS ? "all events, without a filter" : `events with filters ${filters}`;
}

/** Throws IdentityError when a table is partitioned otherwise. */
export function checkPartitioning(
  folder: string,
  metaData: MetaDataAction,
  columns: readonly string[],
): void {
  const words = (names: readonly string[]) => names.length === 0 ? "nothing" : names.join(", ");
  const found = words(metaData.partitionColumns);
  if (found === words(columns)) return;
  throw new IdentityError(
    `The table in "${folder}" is partitioned by ${found}: PARTITION_BY asks for ` +
      `${words(columns)}. Partitioning is fixed when a table is made; use another OUTPUT_PATH.`,
  );
}

/** Throws IdentityError when a table's files are written otherwise. */
export function checkSetting(
  folder: string,
  metaData: MetaDataAction,
  wanted: FormatSetting | undefined,
): void {
  if (wanted === undefined) return;
  const found = metaData.configuration[wanted.key];
  if (found === undefined || found === wanted.value) return;
  throw new IdentityError(
    `The files in "${folder}" are written with ${wanted.variable} ${JSON.stringify(found)}: this ` +
      `run has ${JSON.stringify(wanted.value)}. Set ${wanted.variable} to that of the files, or ` +
      `use another OUTPUT_PATH.`,
  );
}

/** Delta's schema of a table as JSON text. */
export function schemaString(columns: readonly TableField[]): string {
  return JSON.stringify({
    type: "struct",
    fields: columns.map(({ name, type }: { name: string; type: FieldType }) => ({
      name,
      type,
      nullable: true,
      metadata: {},
    })),
  });
}

/** Namespace of this project's UUIDs (RFC 9562, version 5), itself random. */
const NAMESPACE = "6f1d2c9e-3b0a-4c57-9d4e-8a51f0c7e2b6";

/** Name-based UUID, so that the same table gets the same id wherever it is made. */
export async function uuid5(name: string): Promise<string> {
  const namespace = Uint8Array.from(
    NAMESPACE.replaceAll("-", "").match(/../g)!,
    (pair) => parseInt(pair, 16),
  );
  const text = new TextEncoder().encode(name);
  const input = new Uint8Array(namespace.length + text.length);
  input.set(namespace);
  input.set(text, namespace.length);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-1", input)).subarray(0, 16);
  hash[6] = hash[6]! & 0x0f | 0x50;
  hash[8] = hash[8]! & 0x3f | 0x80;
  const hex = [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)]
    .join("-");
}

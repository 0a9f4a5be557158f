import { FlightError } from "./flight_error.ts";
import type { EventFilters, RangeRequest } from "./flight_dataset.ts";

/** Longest ticket read: room for thousands of accounts, and no more than a peer should send. */
export const MAX_TICKET_BYTES = 256 * 1024;

/** Most values in one filter list, so that each event is compared with a bounded number. */
export const MAX_FILTER_VALUES = 4096;

/** Ledger sequence numbers are uint32. */
const MAX_LEDGER = 0xffff_ffff;

const I128_MAX = 2n ** 127n - 1n;
const I128_MIN = -(2n ** 127n);

const TICKET_FIELDS = ["dataset", "start_ledger", "end_ledger", "filters"];
const LIST_FILTERS = ["event_types", "assets", "accounts"] as const;
const AMOUNT_FILTERS = ["min_amount", "max_amount"] as const;
const FILTER_FIELDS = [...LIST_FILTERS, ...AMOUNT_FILTERS, "include_failed"];

/**
 * Writes a ticket: JSON such as `{"dataset":"ttp_event","start_ledger":2,"end_ledger":9}`. The
 * same text is a descriptor's `cmd`.
 */
export function encodeTicket(request: RangeRequest): Uint8Array {
  const { dataset, startLedger, endLedger, filters } = request;
  return new TextEncoder().encode(JSON.stringify({
    dataset,
    start_ledger: startLedger,
    end_ledger: endLedger,
    filters,
  }));
}

/**
 * Reads a ticket. Throws FlightError INVALID_ARGUMENT when it is not such JSON: unknown fields,
 * wrong types, negative or reversed ranges.
 */
export function decodeTicket(bytes: Uint8Array): RangeRequest {
  if (bytes.length > MAX_TICKET_BYTES) {
    refuse(`must have at most ${MAX_TICKET_BYTES} bytes`, bytes.length);
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new FlightError(
      "INVALID_ARGUMENT",
      'A ticket must be JSON such as {"dataset":"ttp_event","start_ledger":2}: it is not JSON.',
      { cause },
    );
  }
  const ticket = readObject(value, "ticket", TICKET_FIELDS);
  const dataset = ticket.dataset;
  if (typeof dataset !== "string" || dataset === "") {
    return refuse('must name a "dataset"', dataset);
  }
  const request: RangeRequest = { dataset };
  const start = readLedger(ticket, "start_ledger");
  const end = readLedger(ticket, "end_ledger");
  if (start !== undefined) request.startLedger = start;
  if (end !== undefined) request.endLedger = end;
  if (start !== undefined && end !== undefined && end !== 0 && end < start) {
    refuse(`must have an "end_ledger" not before its "start_ledger" ${start}`, end);
  }
  if (ticket.filters !== undefined) request.filters = readFilters(ticket.filters);
  return request;
}

function readFilters(value: unknown): EventFilters {
  const raw = readObject(value, "filters", FILTER_FIELDS);
  const filters: EventFilters = {};
  for (const name of LIST_FILTERS) {
    const list = raw[name];
    if (list === undefined) continue;
    if (!Array.isArray(list) || list.some((v) => typeof v !== "string")) {
      return refuse(`must have a list of texts as "${name}"`, list);
    }
    if (list.length > MAX_FILTER_VALUES) {
      refuse(`must have at most ${MAX_FILTER_VALUES} values in "${name}"`, list.length);
    }
    filters[name] = list;
  }
  for (const name of AMOUNT_FILTERS) {
    const amount = raw[name];
    if (amount === undefined) continue;
    if (typeof amount !== "string" || !/^-?\d{1,39}$/.test(amount) || !fitsI128(amount)) {
      return refuse(`must have a whole number as text (an i128) as "${name}"`, amount);
    }
    filters[name] = amount;
  }
  const { min_amount: min, max_amount: max } = filters;
  if (min !== undefined && max !== undefined && BigInt(max) < BigInt(min)) {
    refuse(`must have a "max_amount" not below its "min_amount" ${min}`, max);
  }
  const failed = raw.include_failed;
  if (failed !== undefined) {
    if (typeof failed !== "boolean") {
      return refuse('must have true or false as "include_failed"', failed);
    }
    filters.include_failed = failed;
  }
  return filters;
}

function fitsI128(text: string): boolean {
  const v = BigInt(text);
  return v >= I128_MIN && v <= I128_MAX;
}

function readObject(
  value: unknown,
  what: string,
  fields: readonly string[],
): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return refuse(`must be a JSON object${what === "ticket" ? "" : ` as "${what}"`}`, value);
  }
  for (const name of Object.keys(value)) {
    if (!fields.includes(name)) {
      const where = what === "ticket" ? "" : ` in its ${what}`;
      refuse(`has only the fields ${fields.join(", ")}${where}`, name);
    }
  }
  return value as Record<string, unknown>;
}

function readLedger(ticket: Record<string, unknown>, name: string): number | undefined {
  const value = ticket[name];
  if (value === undefined) return undefined;
  if (
    typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > MAX_LEDGER
  ) {
    return refuse(`must have a whole number from 0 to ${MAX_LEDGER} as "${name}"`, value);
  }
  return value;
}

/** Longest piece of a refused value that is repeated in the error. */
const SHOWN_CHARS = 80;

function refuse(rule: string, value: unknown): never {
  const shown = (JSON.stringify(value) ?? "nothing").slice(0, SHOWN_CHARS);
  throw new FlightError("INVALID_ARGUMENT", `A ticket ${rule}: ${shown}.`);
}

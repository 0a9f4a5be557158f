import { FlowControlError } from "./flow_control_error.ts";
import { FLOW_REASONS, type FlowReason } from "./flow_signal.ts";
import {
  DEFAULT_VALID_MS,
  MAX_MESSAGE_BYTES,
  MAX_MESSAGE_LOAD,
  MAX_NAME_LENGTH,
  MAX_VALID_MS,
  MIN_VALID_MS,
} from "./limits.ts";

/** What a consumer tells its producer, as the body of the Flight action `flow_signal`. */
export interface FlowSignalMessage {
  /** Who tells it: the name under which it reads. */
  readonly consumer: string;
  /** How full it is; 1 is full. */
  readonly load: number;
  /** Whether it asks for less. */
  readonly backpressure: boolean;
  /** 0 to 1. */
  readonly throttle: number;
  /** Ledgers a second that it wants at most; `undefined` where it takes what comes. */
  readonly ledgersPerSecond: number | undefined;
  /** Bytes a second that it wants at most. */
  readonly bytesPerSecond: number | undefined;
  /** What makes its load. */
  readonly reason: FlowReason;
  /** For how long this counts. */
  readonly validMs: number;
}

/** Where the sentences about a wrong message take their example from. */
const EXAMPLE: FlowSignalMessage = {
  consumer: "arrow-analytics-sink",
  load: 0.85,
  backpressure: true,
  throttle: 0.5,
  ledgersPerSecond: 42.5,
  bytesPerSecond: undefined,
  reason: "queue_full",
  validMs: DEFAULT_VALID_MS,
};

/** A field as it stands in the JSON: what it must be, and whether a value is that. */
interface Field {
  readonly rule: string;
  readonly allows: (value: unknown) => boolean;
  /** What it counts as where it is missing. */
  readonly fallback?: unknown;
}

const rate: Field = {
  rule: "a number above 0, or null for none",
  allows: (value) => value === null || isNumber(value) && value > 0,
};

const FIELDS: Readonly<Record<string, Field>> = {
  consumer: {
    rule: `a text of 1 to ${MAX_NAME_LENGTH} characters without control characters`,
    allows: isName,
  },
  load: {
    rule: `a number from 0 to ${MAX_MESSAGE_LOAD}`,
    allows: (value) => isNumber(value) && value >= 0 && value <= MAX_MESSAGE_LOAD,
  },
  backpressure: { rule: "true or false", allows: (value) => typeof value === "boolean" },
  throttle: {
    rule: "a number from 0 to 1",
    allows: (value) => isNumber(value) && value >= 0 && value <= 1,
  },
  ledgers_per_second: rate,
  bytes_per_second: rate,
  reason: {
    rule: `one of ${FLOW_REASONS.join(", ")}`,
    allows: (value) => (FLOW_REASONS as readonly unknown[]).includes(value),
  },
  valid_ms: {
    rule: `an integer from ${MIN_VALID_MS} to ${MAX_VALID_MS}`,
    allows: (value) =>
      Number.isInteger(value) && (value as number) >= MIN_VALID_MS &&
      (value as number) <= MAX_VALID_MS,
    fallback: DEFAULT_VALID_MS,
  },
};

/** The bytes of a message. */
export function encodeFlowSignal(message: FlowSignalMessage): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(jsonOf(message)));
}

/**
 * Reads a message.
 *
 * @throws FlowControlError MESSAGE with a sentence that names the field, what is wrong with it and
 * what would be right
 */
export function decodeFlowSignal(bytes: Uint8Array): FlowSignalMessage {
  const json = parse(bytes);
  for (const name of Object.keys(json)) {
    if (!Object.hasOwn(FIELDS, name)) {
      throw wrong(
        `has an unknown field ${quote(name)}; the fields are ${Object.keys(FIELDS).join(", ")}`,
      );
    }
  }
  const read = (name: string) => readField(json, name);
  return {
    consumer: read("consumer") as string,
    load: read("load") as number,
    backpressure: read("backpressure") as boolean,
    throttle: read("throttle") as number,
    ledgersPerSecond: (read("ledgers_per_second") as number | null) ?? undefined,
    bytesPerSecond: (read("bytes_per_second") as number | null) ?? undefined,
    reason: read("reason") as FlowReason,
    validMs: read("valid_ms") as number,
  };
}

function readField(json: Readonly<Record<string, unknown>>, name: string): unknown {
  const { rule, allows, fallback } = FIELDS[name]!;
  const value = Object.hasOwn(json, name) ? json[name] : fallback;
  if (value !== undefined && allows(value)) return value;
  const found = value === undefined ? "is missing" : `is ${quote(value)}`;
  const example = JSON.stringify(jsonOf(EXAMPLE)[name]);
  throw wrong(`field ${name} ${found} and must be ${rule}; for example "${name}": ${example}`);
}

function parse(bytes: Uint8Array): Record<string, unknown> {
  const example = `for example ${JSON.stringify(jsonOf(EXAMPLE))}`;
  if (bytes.length > MAX_MESSAGE_BYTES) {
    throw wrong(`has ${bytes.length} bytes and may have ${MAX_MESSAGE_BYTES}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw wrong(`must be a JSON object in UTF-8; ${example}`, error);
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw wrong(`must be a JSON object, not ${quote(json)}; ${example}`);
  }
  return json as Record<string, unknown>;
}

function jsonOf(message: FlowSignalMessage): Readonly<Record<string, unknown>> {
  return {
    consumer: message.consumer,
    load: message.load,
    backpressure: message.backpressure,
    throttle: message.throttle,
    ledgers_per_second: message.ledgersPerSecond ?? null,
    bytes_per_second: message.bytesPerSecond ?? null,
    reason: message.reason,
    valid_ms: message.validMs,
  };
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isName(value: unknown): boolean {
  return typeof value === "string" && value.length > 0 && value.length <= MAX_NAME_LENGTH &&
    value.isWellFormed() && !/\p{Cc}/u.test(value);
}

/** Longest quotation of a wrong value in a sentence. */
const MAX_QUOTE = 80;

function quote(value: unknown): string {
  // JSON writes an infinite number, which `1e999` is, as null.
  const text = typeof value === "number" ? String(value) : JSON.stringify(value);
  return text.length <= MAX_QUOTE ? text : `${text.slice(0, MAX_QUOTE)}…`;
}

function wrong(what: string, cause?: unknown): FlowControlError {
  return new FlowControlError(
    "MESSAGE",
    `The flow signal ${what}`,
    cause === undefined ? undefined : { cause },
  );
}

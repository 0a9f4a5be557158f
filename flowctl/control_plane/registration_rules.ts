import { Buffer } from "node:buffer";
import { GrpcError } from "../../grpc/mod.ts";
import { MAX_DESCRIPTION_LENGTH, MAX_EVENT_TYPES, MAX_TEXT_LENGTH } from "./limits.ts";
import type { Registration } from "../service/mod.ts";

/** `host:port`, `:port` or `[::1]:port`, with a path or not, or a URL with scheme and host. */
const ENDPOINT =
  /^(?:(?:\[[0-9a-f:.]+\]|[a-z0-9._-]*):(\d{1,5})(?:\/\S*)?|[a-z][a-z0-9+.-]*:\/\/[^\s/]+\S*)$/i;

/** Largest port number. */
const MAX_PORT = 65_535;

/** Throws GrpcError INVALID_ARGUMENT, or RESOURCE_EXHAUSTED where something is too large. */
export function checkRegistration(registration: Registration, maxMetadataBytes: number): void {
  const { id, name, version, endpoint, description } = registration;
  for (const [field, text] of Object.entries({ id, name, version })) checkText(field, text);
  if (description.length > MAX_DESCRIPTION_LENGTH) {
    throw tooLarge(`description has ${description.length} characters`, MAX_DESCRIPTION_LENGTH);
  }
  checkEndpoint(endpoint);
  checkEventTypes("input_event_types", registration.inputEventTypes);
  checkEventTypes("output_event_types", registration.outputEventTypes);
  checkSize("metadata", registration.metadata, maxMetadataBytes);
  if (registration.maxInflight < 0) {
    throw invalid(`max_inflight must be 0 or more: ${registration.maxInflight}`);
  }
}

/** Throws GrpcError RESOURCE_EXHAUSTED when a map takes more bytes than allowed. */
export function checkSize(
  field: string,
  map: Readonly<Record<string, string>>,
  maxBytes: number,
): void {
  let bytes = 0;
  for (const [key, value] of Object.entries(map)) {
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (bytes > maxBytes) throw tooLarge(`${field} has ${bytes} bytes`, maxBytes);
}

function checkEndpoint(endpoint: string): void {
  if (endpoint === "") return;
  checkText("endpoint", endpoint);
  const found = ENDPOINT.exec(endpoint);
  const port = found?.[1] === undefined ? undefined : Number(found[1]);
  if (found !== null && (port === undefined || port >= 1 && port <= MAX_PORT)) return;
  throw invalid(`endpoint "${endpoint}" must be host:port with a port from 1 to 65535, or a URL`);
}

function checkEventTypes(field: string, types: readonly string[]): void {
  if (types.length > MAX_EVENT_TYPES) {
    throw tooLarge(`${field} has ${types.length} entries`, MAX_EVENT_TYPES);
  }
  for (const type of types) {
    if (type === "") throw invalid(`${field} must not hold an empty name`);
    checkText(field, type);
  }
}

/** Ids and names go into logs, URLs and labels: they are one line, read as written, and not long. */
function checkText(field: string, text: string): void {
  if (text.length > MAX_TEXT_LENGTH) {
    throw invalid(`${field} has ${text.length} characters, more than ${MAX_TEXT_LENGTH}`);
  }
  if (!isLine(text)) {
    throw invalid(`${field} ${JSON.stringify(text)} must not hold control characters`);
  }
}

/** Whether a text is one line that reads as it is written. */
export function isLine(text: string): boolean {
  // deno-lint-ignore no-control-regex -- control characters are what is looked for
  return !/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/.test(text);
}

function invalid(text: string): GrpcError {
  return new GrpcError("INVALID_ARGUMENT", text);
}

function tooLarge(text: string, limit: number): GrpcError {
  return new GrpcError("RESOURCE_EXHAUSTED", `${text}, more than ${limit}`);
}

import { ProtoReader, ProtoWriter } from "./_protobuf.ts";

// The messages of proto/Flight.proto that are not FlightData. Each has an encoder and a decoder
// beside each other, in the order of the field numbers.

/** FlightDescriptor.type. */
export const DescriptorType = { UNKNOWN: 0, PATH: 1, CMD: 2 } as const;

/** FlightDescriptor: 1 type, 2 cmd, 3 path (repeated). */
export interface FlightDescriptor {
  type: number;
  cmd: Uint8Array;
  path: string[];
}

export function encodeFlightDescriptor(d: FlightDescriptor): Uint8Array {
  const out = new ProtoWriter().integer(1, d.type).bytes(2, d.cmd);
  for (const element of d.path) out.stringElement(3, element);
  return out.finish();
}

export function decodeFlightDescriptor(bytes: Uint8Array): FlightDescriptor {
  const d: FlightDescriptor = { type: 0, cmd: new Uint8Array(0), path: [] };
  const reader = new ProtoReader(bytes, "FlightDescriptor");
  for (let field; (field = reader.next()) !== 0;) {
    if (field === 1) d.type = reader.integer();
    else if (field === 2) d.cmd = reader.bytes();
    else if (field === 3) d.path.push(reader.string());
  }
  return d;
}

/** A message with one field of bytes: Ticket, Criteria, Result, SchemaResult, PutResult. */
export interface BytesMessage {
  value: Uint8Array;
}

export function encodeBytesMessage(m: BytesMessage): Uint8Array {
  return new ProtoWriter().bytes(1, m.value).finish();
}

export function decodeBytesMessage(bytes: Uint8Array): BytesMessage {
  const m: BytesMessage = { value: new Uint8Array(0) };
  const reader = new ProtoReader(bytes, "Ticket, Criteria or Result");
  for (let field; (field = reader.next()) !== 0;) if (field === 1) m.value = reader.bytes();
  return m;
}

/** FlightEndpoint: 1 ticket, 2 location (repeated), 3 expiration_time, 4 app_metadata. */
export interface FlightEndpoint {
  ticket: Uint8Array;
  /** URIs; none means: the server that was asked. */
  locations: string[];
}

function encodeFlightEndpoint(e: FlightEndpoint): Uint8Array {
  const out = new ProtoWriter().bytes(1, encodeBytesMessage({ value: e.ticket }), true);
  for (const uri of e.locations) out.bytes(2, new ProtoWriter().string(1, uri).finish(), true);
  return out.finish();
}

function decodeFlightEndpoint(bytes: Uint8Array): FlightEndpoint {
  const e: FlightEndpoint = { ticket: new Uint8Array(0), locations: [] };
  const reader = new ProtoReader(bytes, "FlightEndpoint");
  for (let field; (field = reader.next()) !== 0;) {
    if (field === 1) e.ticket = decodeBytesMessage(reader.bytes()).value;
    else if (field === 2) {
      const { value } = decodeBytesMessage(reader.bytes());
      e.locations.push(new TextDecoder().decode(value));
    }
  }
  return e;
}

/**
 * FlightInfo: 1 schema, 2 flight_descriptor, 3 endpoint (repeated), 4 total_records, 5 total_bytes,
 * 6 ordered, 7 app_metadata. Totals are -1 when unknown.
 */
export interface FlightInfo {
  schema: Uint8Array;
  descriptor: FlightDescriptor;
  endpoints: FlightEndpoint[];
  totalRecords: number;
  totalBytes: number;
  ordered: boolean;
  appMetadata: Uint8Array;
}

export function encodeFlightInfo(info: FlightInfo): Uint8Array {
  const out = new ProtoWriter()
    .bytes(1, info.schema)
    .bytes(2, encodeFlightDescriptor(info.descriptor));
  for (const endpoint of info.endpoints) out.bytes(3, encodeFlightEndpoint(endpoint), true);
  return out
    .integer(4, info.totalRecords)
    .integer(5, info.totalBytes)
    .bool(6, info.ordered)
    .bytes(7, info.appMetadata)
    .finish();
}

export function decodeFlightInfo(bytes: Uint8Array): FlightInfo {
  const info: FlightInfo = {
    schema: new Uint8Array(0),
    descriptor: { type: 0, cmd: new Uint8Array(0), path: [] },
    endpoints: [],
    totalRecords: 0,
    totalBytes: 0,
    ordered: false,
    appMetadata: new Uint8Array(0),
  };
  const reader = new ProtoReader(bytes, "FlightInfo");
  for (let field; (field = reader.next()) !== 0;) {
    if (field === 1) info.schema = reader.bytes();
    else if (field === 2) info.descriptor = decodeFlightDescriptor(reader.bytes());
    else if (field === 3) info.endpoints.push(decodeFlightEndpoint(reader.bytes()));
    else if (field === 4) info.totalRecords = reader.integer();
    else if (field === 5) info.totalBytes = reader.integer();
    else if (field === 6) info.ordered = reader.bool();
    else if (field === 7) info.appMetadata = reader.bytes();
  }
  return info;
}

/** PollInfo of a finished query: 1 info, 3 progress. */
export function encodePollInfo(info: FlightInfo): Uint8Array {
  return new ProtoWriter().bytes(1, encodeFlightInfo(info)).double(3, 1).finish();
}

/** Action: 1 type, 2 body. */
export interface ActionMessage {
  type: string;
  body: Uint8Array;
}

export function encodeAction(a: ActionMessage): Uint8Array {
  return new ProtoWriter().string(1, a.type).bytes(2, a.body).finish();
}

export function decodeAction(bytes: Uint8Array): ActionMessage {
  const a: ActionMessage = { type: "", body: new Uint8Array(0) };
  const reader = new ProtoReader(bytes, "Action");
  for (let field; (field = reader.next()) !== 0;) {
    if (field === 1) a.type = reader.string();
    else if (field === 2) a.body = reader.bytes();
  }
  return a;
}

/** ActionType: 1 type, 2 description. */
export interface ActionType {
  /** Name by which clients call it. */
  type: string;
  /** One sentence of what it does. */
  description: string;
}

export function encodeActionType(a: ActionType): Uint8Array {
  return new ProtoWriter().string(1, a.type).string(2, a.description).finish();
}

export function decodeActionType(bytes: Uint8Array): ActionType {
  const a: ActionType = { type: "", description: "" };
  const reader = new ProtoReader(bytes, "ActionType");
  for (let field; (field = reader.next()) !== 0;) {
    if (field === 1) a.type = reader.string();
    else if (field === 2) a.description = reader.string();
  }
  return a;
}

/** HandshakeRequest and HandshakeResponse: 1 protocol_version, 2 payload. */
export interface HandshakeMessage {
  payload: Uint8Array;
}

export function encodeHandshake(m: HandshakeMessage): Uint8Array {
  return new ProtoWriter().bytes(2, m.payload).finish();
}

export function decodeHandshake(bytes: Uint8Array): HandshakeMessage {
  const m: HandshakeMessage = { payload: new Uint8Array(0) };
  const reader = new ProtoReader(bytes, "HandshakeRequest");
  for (let field; (field = reader.next()) !== 0;) if (field === 2) m.payload = reader.bytes();
  return m;
}

/** Empty: no fields; whatever comes is passed over. */
export function encodeEmpty(_: unknown): Uint8Array {
  return new Uint8Array(0);
}

export function decodeEmpty(_: Uint8Array): Record<string, never> {
  return {};
}

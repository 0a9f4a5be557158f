import { type Codec, grpcMethod } from "../grpc/mod.ts";
import { decodeFlightData, type FlightData, SerializedFlightData } from "./flight_data.ts";
import {
  type ActionMessage,
  type ActionType,
  type BytesMessage,
  decodeAction,
  decodeActionType,
  decodeBytesMessage,
  decodeEmpty,
  decodeFlightDescriptor,
  decodeFlightInfo,
  decodeHandshake,
  encodeAction,
  encodeActionType,
  encodeBytesMessage,
  encodeEmpty,
  encodeFlightDescriptor,
  encodeFlightInfo,
  encodeHandshake,
  encodePollInfo,
  type FlightDescriptor,
  type FlightInfo,
  type HandshakeMessage,
} from "./messages.ts";

/** Full name of the Flight service. */
export const FLIGHT_SERVICE = "arrow.flight.protocol.FlightService";

const flightData: Codec<FlightData> = {
  encode: (m) => new SerializedFlightData(m),
  decode: decodeFlightData,
};
const bytes: Codec<BytesMessage> = { encode: encodeBytesMessage, decode: decodeBytesMessage };
const descriptor: Codec<FlightDescriptor> = {
  encode: encodeFlightDescriptor,
  decode: decodeFlightDescriptor,
};
const info: Codec<FlightInfo> = { encode: encodeFlightInfo, decode: decodeFlightInfo };
const pollInfo: Codec<FlightInfo> = { encode: encodePollInfo, decode: decodeFlightInfo };
const action: Codec<ActionMessage> = { encode: encodeAction, decode: decodeAction };
const actionType: Codec<ActionType> = { encode: encodeActionType, decode: decodeActionType };
const handshake: Codec<HandshakeMessage> = { encode: encodeHandshake, decode: decodeHandshake };
const empty: Codec<Record<string, never>> = { encode: encodeEmpty, decode: decodeEmpty };

const method = <Q, S>(
  name: string,
  request: Codec<Q>,
  response: Codec<S>,
  streams?: { request?: true; response?: true },
) => grpcMethod(FLIGHT_SERVICE, name, request, response, streams);

const both = { request: true, response: true } as const;

/** The methods of proto/Flight.proto, in its order. */
export const flightMethods = {
  Handshake: method("Handshake", handshake, handshake, both),
  ListFlights: method("ListFlights", bytes, info, { response: true }),
  GetFlightInfo: method("GetFlightInfo", descriptor, info),
  PollFlightInfo: method("PollFlightInfo", descriptor, pollInfo),
  GetSchema: method("GetSchema", descriptor, bytes),
  DoGet: method("DoGet", bytes, flightData, { response: true }),
  DoPut: method("DoPut", flightData, bytes, both),
  DoExchange: method("DoExchange", flightData, flightData, both),
  DoAction: method("DoAction", action, bytes, { response: true }),
  ListActions: method("ListActions", empty, actionType, { response: true }),
};

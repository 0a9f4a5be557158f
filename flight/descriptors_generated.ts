// Generated from proto/ by: deno run --allow-read=proto --allow-write=flight/descriptors_generated.ts --allow-env grpc/generate_descriptors.ts flight/descriptors_generated.ts Flight.proto
import type { ProtoFile } from "../grpc/mod.ts";

/** The descriptors of this folder's services, with all that they import. */
export const protoFiles: readonly ProtoFile[] = [
  {
    "name": "google/protobuf/timestamp.proto",
    "dependencies": [],
    "services": [],
    "symbols": [
      "google.protobuf.Timestamp"
    ],
    "base64": "Ch9nb29nbGUvcHJvdG9idWYvdGltZXN0YW1wLnByb3RvEg9nb29nbGUucHJvdG9idWYiOwoJVGltZXN0YW1wEhgKB3NlY29uZHMYASABKANSB3NlY29uZHMSFAoFbmFub3MYAiABKAVSBW5hbm9zYgZwcm90bzM="
  },
  {
    "name": "Flight.proto",
    "dependencies": [
      "google/protobuf/timestamp.proto"
    ],
    "services": [
      "arrow.flight.protocol.FlightService"
    ],
    "symbols": [
      "arrow.flight.protocol.HandshakeRequest",
      "arrow.flight.protocol.HandshakeResponse",
      "arrow.flight.protocol.Empty",
      "arrow.flight.protocol.ActionType",
      "arrow.flight.protocol.Criteria",
      "arrow.flight.protocol.Action",
      "arrow.flight.protocol.Result",
      "arrow.flight.protocol.SchemaResult",
      "arrow.flight.protocol.FlightDescriptor",
      "arrow.flight.protocol.FlightDescriptor.DescriptorType",
      "arrow.flight.protocol.FlightInfo",
      "arrow.flight.protocol.PollInfo",
      "arrow.flight.protocol.FlightEndpoint",
      "arrow.flight.protocol.Location",
      "arrow.flight.protocol.Ticket",
      "arrow.flight.protocol.FlightData",
      "arrow.flight.protocol.PutResult",
      "arrow.flight.protocol.FlightService",
      "arrow.flight.protocol.FlightService.Handshake",
      "arrow.flight.protocol.FlightService.ListFlights",
      "arrow.flight.protocol.FlightService.GetFlightInfo",
      "arrow.flight.protocol.FlightService.PollFlightInfo",
      "arrow.flight.protocol.FlightService.GetSchema",
      "arrow.flight.protocol.FlightService.DoGet",
      "arrow.flight.protocol.FlightService.DoPut",
      "arrow.flight.protocol.FlightService.DoExchange",
      "arrow.flight.protocol.FlightService.DoAction",
      "arrow.flight.protocol.FlightService.ListActions"
    ],
    "base64": "CgxGbGlnaHQucHJvdG8SFWFycm93LmZsaWdodC5wcm90b2NvbBofZ29vZ2xlL3Byb3RvYnVmL3RpbWVzdGFtcC5wcm90byJXChBIYW5kc2hha2VSZXF1ZXN0EikKEHByb3RvY29sX3ZlcnNpb24YASABKARSD3Byb3RvY29sVmVyc2lvbhIYCgdwYXlsb2FkGAIgASgMUgdwYXlsb2FkIlgKEUhhbmRzaGFrZVJlc3BvbnNlEikKEHByb3RvY29sX3ZlcnNpb24YASABKARSD3Byb3RvY29sVmVyc2lvbhIYCgdwYXlsb2FkGAIgASgMUgdwYXlsb2FkIgcKBUVtcHR5IkIKCkFjdGlvblR5cGUSEgoEdHlwZRgBIAEoCVIEdHlwZRIgCgtkZXNjcmlwdGlvbhgCIAEoCVILZGVzY3JpcHRpb24iKgoIQ3JpdGVyaWESHgoKZXhwcmVzc2lvbhgBIAEoDFIKZXhwcmVzc2lvbiIwCgZBY3Rpb24SEgoEdHlwZRgBIAEoCVIEdHlwZRISCgRib2R5GAIgASgMUgRib2R5IhwKBlJlc3VsdBISCgRib2R5GAEgASgMUgRib2R5IiYKDFNjaGVtYVJlc3VsdBIWCgZzY2hlbWEYASABKAxSBnNjaGVtYSK2AQoQRmxpZ2h0RGVzY3JpcHRvchJKCgR0eXBlGAEgASgOMjYuYXJyb3cuZmxpZ2h0LnByb3RvY29sLkZsaWdodERlc2NyaXB0b3IuRGVzY3JpcHRvclR5cGVSBHR5cGUSEAoDY21kGAIgASgMUgNjbWQSEgoEcGF0aBgDIAMoCVIEcGF0aCIwCg5EZXNjcmlwdG9yVHlwZRILCgdVTktOT1dOEAASCAoEUEFUSBABEgcKA0NNRBACIsACCgpGbGlnaHRJbmZvEhYKBnNjaGVtYRgBIAEoDFIGc2NoZW1hElQKEWZsaWdodF9kZXNjcmlwdG9yGAIgASgLMicuYXJyb3cuZmxpZ2h0LnByb3RvY29sLkZsaWdodERlc2NyaXB0b3JSEGZsaWdodERlc2NyaXB0b3ISQQoIZW5kcG9pbnQYAyADKAsyJS5hcnJvdy5mbGlnaHQucHJvdG9jb2wuRmxpZ2h0RW5kcG9pbnRSCGVuZHBvaW50EiMKDXRvdGFsX3JlY29yZHMYBCABKANSDHRvdGFsUmVjb3JkcxIfCgt0b3RhbF9ieXRlcxgFIAEoA1IKdG90YWxCeXRlcxIYCgdvcmRlcmVkGAYgASgIUgdvcmRlcmVkEiEKDGFwcF9tZXRhZGF0YRgHIAEoDFILYXBwTWV0YWRhdGEiigIKCFBvbGxJbmZvEjUKBGluZm8YASABKAsyIS5hcnJvdy5mbGlnaHQucHJvdG9jb2wuRmxpZ2h0SW5mb1IEaW5mbxJUChFmbGlnaHRfZGVzY3JpcHRvchgCIAEoCzInLmFycm93LmZsaWdodC5wcm90b2NvbC5GbGlnaHREZXNjcmlwdG9yUhBmbGlnaHREZXNjcmlwdG9yEh8KCHByb2dyZXNzGAMgASgBSABSCHByb2dyZXNziAEBEkMKD2V4cGlyYXRpb25fdGltZRgEIAEoCzIaLmdvb2dsZS5wcm90b2J1Zi5UaW1lc3RhbXBSDmV4cGlyYXRpb25UaW1lQgsKCV9wcm9ncmVzcyLsAQoORmxpZ2h0RW5kcG9pbnQSNQoGdGlja2V0GAEgASgLMh0uYXJyb3cuZmxpZ2h0LnByb3RvY29sLlRpY2tldFIGdGlja2V0EjsKCGxvY2F0aW9uGAIgAygLMh8uYXJyb3cuZmxpZ2h0LnByb3RvY29sLkxvY2F0aW9uUghsb2NhdGlvbhJDCg9leHBpcmF0aW9uX3RpbWUYAyABKAsyGi5nb29nbGUucHJvdG9idWYuVGltZXN0YW1wUg5leHBpcmF0aW9uVGltZRIhCgxhcHBfbWV0YWRhdGEYBCABKAxSC2FwcE1ldGFkYXRhIhwKCExvY2F0aW9uEhAKA3VyaRgBIAEoCVIDdXJpIiAKBlRpY2tldBIWCgZ0aWNrZXQYASABKAxSBnRpY2tldCLEAQoKRmxpZ2h0RGF0YRJUChFmbGlnaHRfZGVzY3JpcHRvchgBIAEoCzInLmFycm93LmZsaWdodC5wcm90b2NvbC5GbGlnaHREZXNjcmlwdG9yUhBmbGlnaHREZXNjcmlwdG9yEh8KC2RhdGFfaGVhZGVyGAIgASgMUgpkYXRhSGVhZGVyEiEKDGFwcF9tZXRhZGF0YRgDIAEoDFILYXBwTWV0YWRhdGESHAoJZGF0YV9ib2R5GOgHIAEoDFIIZGF0YUJvZHkiLgoJUHV0UmVzdWx0EiEKDGFwcF9tZXRhZGF0YRgBIAEoDFILYXBwTWV0YWRhdGEyhQcKDUZsaWdodFNlcnZpY2USYgoJSGFuZHNoYWtlEicuYXJyb3cuZmxpZ2h0LnByb3RvY29sLkhhbmRzaGFrZVJlcXVlc3QaKC5hcnJvdy5mbGlnaHQucHJvdG9jb2wuSGFuZHNoYWtlUmVzcG9uc2UoATABElUKC0xpc3RGbGlnaHRzEh8uYXJyb3cuZmxpZ2h0LnByb3RvY29sLkNyaXRlcmlhGiEuYXJyb3cuZmxpZ2h0LnByb3RvY29sLkZsaWdodEluZm8oADABEl8KDUdldEZsaWdodEluZm8SJy5hcnJvdy5mbGlnaHQucHJvdG9jb2wuRmxpZ2h0RGVzY3JpcHRvchohLmFycm93LmZsaWdodC5wcm90b2NvbC5GbGlnaHRJbmZvKAAwABJeCg5Qb2xsRmxpZ2h0SW5mbxInLmFycm93LmZsaWdodC5wcm90b2NvbC5GbGlnaHREZXNjcmlwdG9yGh8uYXJyb3cuZmxpZ2h0LnByb3RvY29sLlBvbGxJbmZvKAAwABJdCglHZXRTY2hlbWESJy5hcnJvdy5mbGlnaHQucHJvdG9jb2wuRmxpZ2h0RGVzY3JpcHRvchojLmFycm93LmZsaWdodC5wcm90b2NvbC5TY2hlbWFSZXN1bHQoADAAEk0KBURvR2V0Eh0uYXJyb3cuZmxpZ2h0LnByb3RvY29sLlRpY2tldBohLmFycm93LmZsaWdodC5wcm90b2NvbC5GbGlnaHREYXRhKAAwARJQCgVEb1B1dBIhLmFycm93LmZsaWdodC5wcm90b2NvbC5GbGlnaHREYXRhGiAuYXJyb3cuZmxpZ2h0LnByb3RvY29sLlB1dFJlc3VsdCgBMAESVgoKRG9FeGNoYW5nZRIhLmFycm93LmZsaWdodC5wcm90b2NvbC5GbGlnaHREYXRhGiEuYXJyb3cuZmxpZ2h0LnByb3RvY29sLkZsaWdodERhdGEoATABEkwKCERvQWN0aW9uEh0uYXJyb3cuZmxpZ2h0LnByb3RvY29sLkFjdGlvbhodLmFycm93LmZsaWdodC5wcm90b2NvbC5SZXN1bHQoADABElIKC0xpc3RBY3Rpb25zEhwuYXJyb3cuZmxpZ2h0LnByb3RvY29sLkVtcHR5GiEuYXJyb3cuZmxpZ2h0LnByb3RvY29sLkFjdGlvblR5cGUoADABYgZwcm90bzM="
  }
];

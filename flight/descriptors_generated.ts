// Generated from proto/ by: deno run --allow-read=proto --allow-write=flight --allow-env flight/generate_descriptors.ts

/** A .proto file as server reflection answers it. */
export interface ProtoFile {
  readonly name: string;
  readonly dependencies: readonly string[];
  readonly services: readonly string[];
  /** Full names of all that the file declares. */
  readonly symbols: readonly string[];
  /** Its FileDescriptorProto. */
  readonly base64: string;
}

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
  },
  {
    "name": "grpc/health/v1/health.proto",
    "dependencies": [],
    "services": [
      "grpc.health.v1.Health"
    ],
    "symbols": [
      "grpc.health.v1.HealthCheckRequest",
      "grpc.health.v1.HealthCheckResponse",
      "grpc.health.v1.HealthCheckResponse.ServingStatus",
      "grpc.health.v1.Health",
      "grpc.health.v1.Health.Check",
      "grpc.health.v1.Health.Watch"
    ],
    "base64": "ChtncnBjL2hlYWx0aC92MS9oZWFsdGgucHJvdG8SDmdycGMuaGVhbHRoLnYxIi4KEkhlYWx0aENoZWNrUmVxdWVzdBIYCgdzZXJ2aWNlGAEgASgJUgdzZXJ2aWNlIrEBChNIZWFsdGhDaGVja1Jlc3BvbnNlEkkKBnN0YXR1cxgBIAEoDjIxLmdycGMuaGVhbHRoLnYxLkhlYWx0aENoZWNrUmVzcG9uc2UuU2VydmluZ1N0YXR1c1IGc3RhdHVzIk8KDVNlcnZpbmdTdGF0dXMSCwoHVU5LTk9XThAAEgsKB1NFUlZJTkcQARIPCgtOT1RfU0VSVklORxACEhMKD1NFUlZJQ0VfVU5LTk9XThADMrQBCgZIZWFsdGgSVAoFQ2hlY2sSIi5ncnBjLmhlYWx0aC52MS5IZWFsdGhDaGVja1JlcXVlc3QaIy5ncnBjLmhlYWx0aC52MS5IZWFsdGhDaGVja1Jlc3BvbnNlKAAwABJUCgVXYXRjaBIiLmdycGMuaGVhbHRoLnYxLkhlYWx0aENoZWNrUmVxdWVzdBojLmdycGMuaGVhbHRoLnYxLkhlYWx0aENoZWNrUmVzcG9uc2UoADABYgZwcm90bzM="
  },
  {
    "name": "grpc/reflection/v1/reflection.proto",
    "dependencies": [],
    "services": [
      "grpc.reflection.v1.ServerReflection"
    ],
    "symbols": [
      "grpc.reflection.v1.ServerReflectionRequest",
      "grpc.reflection.v1.ExtensionRequest",
      "grpc.reflection.v1.ServerReflectionResponse",
      "grpc.reflection.v1.FileDescriptorResponse",
      "grpc.reflection.v1.ExtensionNumberResponse",
      "grpc.reflection.v1.ListServiceResponse",
      "grpc.reflection.v1.ServiceResponse",
      "grpc.reflection.v1.ErrorResponse",
      "grpc.reflection.v1.ServerReflection",
      "grpc.reflection.v1.ServerReflection.ServerReflectionInfo"
    ],
    "base64": "CiNncnBjL3JlZmxlY3Rpb24vdjEvcmVmbGVjdGlvbi5wcm90bxISZ3JwYy5yZWZsZWN0aW9uLnYxIvMCChdTZXJ2ZXJSZWZsZWN0aW9uUmVxdWVzdBISCgRob3N0GAEgASgJUgRob3N0EioKEGZpbGVfYnlfZmlsZW5hbWUYAyABKAlIAFIOZmlsZUJ5RmlsZW5hbWUSNgoWZmlsZV9jb250YWluaW5nX3N5bWJvbBgEIAEoCUgAUhRmaWxlQ29udGFpbmluZ1N5bWJvbBJiChlmaWxlX2NvbnRhaW5pbmdfZXh0ZW5zaW9uGAUgASgLMiQuZ3JwYy5yZWZsZWN0aW9uLnYxLkV4dGVuc2lvblJlcXVlc3RIAFIXZmlsZUNvbnRhaW5pbmdFeHRlbnNpb24SQgodYWxsX2V4dGVuc2lvbl9udW1iZXJzX29mX3R5cGUYBiABKAlIAFIZYWxsRXh0ZW5zaW9uTnVtYmVyc09mVHlwZRIlCg1saXN0X3NlcnZpY2VzGAcgASgJSABSDGxpc3RTZXJ2aWNlc0IRCg9tZXNzYWdlX3JlcXVlc3QiZgoQRXh0ZW5zaW9uUmVxdWVzdBInCg9jb250YWluaW5nX3R5cGUYASABKAlSDmNvbnRhaW5pbmdUeXBlEikKEGV4dGVuc2lvbl9udW1iZXIYAiABKAVSD2V4dGVuc2lvbk51bWJlciKuBAoYU2VydmVyUmVmbGVjdGlvblJlc3BvbnNlEh0KCnZhbGlkX2hvc3QYASABKAlSCXZhbGlkSG9zdBJWChBvcmlnaW5hbF9yZXF1ZXN0GAIgASgLMisuZ3JwYy5yZWZsZWN0aW9uLnYxLlNlcnZlclJlZmxlY3Rpb25SZXF1ZXN0Ug9vcmlnaW5hbFJlcXVlc3QSZgoYZmlsZV9kZXNjcmlwdG9yX3Jlc3BvbnNlGAQgASgLMiouZ3JwYy5yZWZsZWN0aW9uLnYxLkZpbGVEZXNjcmlwdG9yUmVzcG9uc2VIAFIWZmlsZURlc2NyaXB0b3JSZXNwb25zZRJyCh5hbGxfZXh0ZW5zaW9uX251bWJlcnNfcmVzcG9uc2UYBSABKAsyKy5ncnBjLnJlZmxlY3Rpb24udjEuRXh0ZW5zaW9uTnVtYmVyUmVzcG9uc2VIAFIbYWxsRXh0ZW5zaW9uTnVtYmVyc1Jlc3BvbnNlEl8KFmxpc3Rfc2VydmljZXNfcmVzcG9uc2UYBiABKAsyJy5ncnBjLnJlZmxlY3Rpb24udjEuTGlzdFNlcnZpY2VSZXNwb25zZUgAUhRsaXN0U2VydmljZXNSZXNwb25zZRJKCg5lcnJvcl9yZXNwb25zZRgHIAEoCzIhLmdycGMucmVmbGVjdGlvbi52MS5FcnJvclJlc3BvbnNlSABSDWVycm9yUmVzcG9uc2VCEgoQbWVzc2FnZV9yZXNwb25zZSJMChZGaWxlRGVzY3JpcHRvclJlc3BvbnNlEjIKFWZpbGVfZGVzY3JpcHRvcl9wcm90bxgBIAMoDFITZmlsZURlc2NyaXB0b3JQcm90byJqChdFeHRlbnNpb25OdW1iZXJSZXNwb25zZRIkCg5iYXNlX3R5cGVfbmFtZRgBIAEoCVIMYmFzZVR5cGVOYW1lEikKEGV4dGVuc2lvbl9udW1iZXIYAiADKAVSD2V4dGVuc2lvbk51bWJlciJUChNMaXN0U2VydmljZVJlc3BvbnNlEj0KB3NlcnZpY2UYASADKAsyIy5ncnBjLnJlZmxlY3Rpb24udjEuU2VydmljZVJlc3BvbnNlUgdzZXJ2aWNlIiUKD1NlcnZpY2VSZXNwb25zZRISCgRuYW1lGAEgASgJUgRuYW1lIlMKDUVycm9yUmVzcG9uc2USHQoKZXJyb3JfY29kZRgBIAEoBVIJZXJyb3JDb2RlEiMKDWVycm9yX21lc3NhZ2UYAiABKAlSDGVycm9yTWVzc2FnZTKJAQoQU2VydmVyUmVmbGVjdGlvbhJ1ChRTZXJ2ZXJSZWZsZWN0aW9uSW5mbxIrLmdycGMucmVmbGVjdGlvbi52MS5TZXJ2ZXJSZWZsZWN0aW9uUmVxdWVzdBosLmdycGMucmVmbGVjdGlvbi52MS5TZXJ2ZXJSZWZsZWN0aW9uUmVzcG9uc2UoATABYgZwcm90bzM="
  },
  {
    "name": "grpc/reflection/v1alpha/reflection.proto",
    "dependencies": [],
    "services": [
      "grpc.reflection.v1alpha.ServerReflection"
    ],
    "symbols": [
      "grpc.reflection.v1alpha.ServerReflectionRequest",
      "grpc.reflection.v1alpha.ExtensionRequest",
      "grpc.reflection.v1alpha.ServerReflectionResponse",
      "grpc.reflection.v1alpha.FileDescriptorResponse",
      "grpc.reflection.v1alpha.ExtensionNumberResponse",
      "grpc.reflection.v1alpha.ListServiceResponse",
      "grpc.reflection.v1alpha.ServiceResponse",
      "grpc.reflection.v1alpha.ErrorResponse",
      "grpc.reflection.v1alpha.ServerReflection",
      "grpc.reflection.v1alpha.ServerReflection.ServerReflectionInfo"
    ],
    "base64": "CihncnBjL3JlZmxlY3Rpb24vdjFhbHBoYS9yZWZsZWN0aW9uLnByb3RvEhdncnBjLnJlZmxlY3Rpb24udjFhbHBoYSL4AgoXU2VydmVyUmVmbGVjdGlvblJlcXVlc3QSEgoEaG9zdBgBIAEoCVIEaG9zdBIqChBmaWxlX2J5X2ZpbGVuYW1lGAMgASgJSABSDmZpbGVCeUZpbGVuYW1lEjYKFmZpbGVfY29udGFpbmluZ19zeW1ib2wYBCABKAlIAFIUZmlsZUNvbnRhaW5pbmdTeW1ib2wSZwoZZmlsZV9jb250YWluaW5nX2V4dGVuc2lvbhgFIAEoCzIpLmdycGMucmVmbGVjdGlvbi52MWFscGhhLkV4dGVuc2lvblJlcXVlc3RIAFIXZmlsZUNvbnRhaW5pbmdFeHRlbnNpb24SQgodYWxsX2V4dGVuc2lvbl9udW1iZXJzX29mX3R5cGUYBiABKAlIAFIZYWxsRXh0ZW5zaW9uTnVtYmVyc09mVHlwZRIlCg1saXN0X3NlcnZpY2VzGAcgASgJSABSDGxpc3RTZXJ2aWNlc0IRCg9tZXNzYWdlX3JlcXVlc3QiZgoQRXh0ZW5zaW9uUmVxdWVzdBInCg9jb250YWluaW5nX3R5cGUYASABKAlSDmNvbnRhaW5pbmdUeXBlEikKEGV4dGVuc2lvbl9udW1iZXIYAiABKAVSD2V4dGVuc2lvbk51bWJlciLHBAoYU2VydmVyUmVmbGVjdGlvblJlc3BvbnNlEh0KCnZhbGlkX2hvc3QYASABKAlSCXZhbGlkSG9zdBJbChBvcmlnaW5hbF9yZXF1ZXN0GAIgASgLMjAuZ3JwYy5yZWZsZWN0aW9uLnYxYWxwaGEuU2VydmVyUmVmbGVjdGlvblJlcXVlc3RSD29yaWdpbmFsUmVxdWVzdBJrChhmaWxlX2Rlc2NyaXB0b3JfcmVzcG9uc2UYBCABKAsyLy5ncnBjLnJlZmxlY3Rpb24udjFhbHBoYS5GaWxlRGVzY3JpcHRvclJlc3BvbnNlSABSFmZpbGVEZXNjcmlwdG9yUmVzcG9uc2USdwoeYWxsX2V4dGVuc2lvbl9udW1iZXJzX3Jlc3BvbnNlGAUgASgLMjAuZ3JwYy5yZWZsZWN0aW9uLnYxYWxwaGEuRXh0ZW5zaW9uTnVtYmVyUmVzcG9uc2VIAFIbYWxsRXh0ZW5zaW9uTnVtYmVyc1Jlc3BvbnNlEmQKFmxpc3Rfc2VydmljZXNfcmVzcG9uc2UYBiABKAsyLC5ncnBjLnJlZmxlY3Rpb24udjFhbHBoYS5MaXN0U2VydmljZVJlc3BvbnNlSABSFGxpc3RTZXJ2aWNlc1Jlc3BvbnNlEk8KDmVycm9yX3Jlc3BvbnNlGAcgASgLMiYuZ3JwYy5yZWZsZWN0aW9uLnYxYWxwaGEuRXJyb3JSZXNwb25zZUgAUg1lcnJvclJlc3BvbnNlQhIKEG1lc3NhZ2VfcmVzcG9uc2UiTAoWRmlsZURlc2NyaXB0b3JSZXNwb25zZRIyChVmaWxlX2Rlc2NyaXB0b3JfcHJvdG8YASADKAxSE2ZpbGVEZXNjcmlwdG9yUHJvdG8iagoXRXh0ZW5zaW9uTnVtYmVyUmVzcG9uc2USJAoOYmFzZV90eXBlX25hbWUYASABKAlSDGJhc2VUeXBlTmFtZRIpChBleHRlbnNpb25fbnVtYmVyGAIgAygFUg9leHRlbnNpb25OdW1iZXIiWQoTTGlzdFNlcnZpY2VSZXNwb25zZRJCCgdzZXJ2aWNlGAEgAygLMiguZ3JwYy5yZWZsZWN0aW9uLnYxYWxwaGEuU2VydmljZVJlc3BvbnNlUgdzZXJ2aWNlIiUKD1NlcnZpY2VSZXNwb25zZRISCgRuYW1lGAEgASgJUgRuYW1lIlMKDUVycm9yUmVzcG9uc2USHQoKZXJyb3JfY29kZRgBIAEoBVIJZXJyb3JDb2RlEiMKDWVycm9yX21lc3NhZ2UYAiABKAlSDGVycm9yTWVzc2FnZTKTAQoQU2VydmVyUmVmbGVjdGlvbhJ/ChRTZXJ2ZXJSZWZsZWN0aW9uSW5mbxIwLmdycGMucmVmbGVjdGlvbi52MWFscGhhLlNlcnZlclJlZmxlY3Rpb25SZXF1ZXN0GjEuZ3JwYy5yZWZsZWN0aW9uLnYxYWxwaGEuU2VydmVyUmVmbGVjdGlvblJlc3BvbnNlKAEwAWIGcHJvdG8z"
  }
];

import { GrpcError } from "../../grpc/mod.ts";
import { legacy } from "../protocol/mod.ts";
import type { Registration, ServiceType } from "../service/mod.ts";
import { MAX_DESCRIPTION_LENGTH, MAX_TEXT_LENGTH } from "./limits.ts";
import { isLine } from "./registration_rules.ts";

/** Types by their number in the older protocol. */
export const LEGACY_TYPES: readonly ServiceType[] = [
  "UNSPECIFIED",
  "SOURCE",
  "PROCESSOR",
  "CONSUMER",
  "PIPELINE",
];

/**
 * What a service says of itself by the older protocol, which has no fields for name, version and
 * description: as in the Go flowctl they are taken from the metadata, where its services put them.
 *
 * Throws GrpcError INVALID_ARGUMENT for an unknown type.
 */
export function legacyRegistration(info: legacy.ServiceInfo): Registration {
  const { serviceId, componentId, metadata } = info;
  return {
    id: serviceId || componentId,
    name: told(metadata, "name", isName) || componentId || serviceId,
    description: told(metadata, "description", (text) => text.length <= MAX_DESCRIPTION_LENGTH),
    version: told(metadata, "version", isName),
    type: readType(info.serviceType),
    inputEventTypes: info.inputEventTypes,
    outputEventTypes: info.outputEventTypes,
    endpoint: info.healthEndpoint,
    metadata,
    maxInflight: info.maxInflight,
  };
}

/**
 * The first of `processor_x`, `source_x`, `sink_x` and `x` that says something. What does not fit the
 * field is no mistake in metadata, where anything goes, and stays there.
 */
function told(
  metadata: Readonly<Record<string, string>>,
  field: string,
  fits: (text: string) => boolean,
): string {
  for (const prefix of ["processor_", "source_", "sink_", ""]) {
    const text = metadata[`${prefix}${field}`];
    if (text !== undefined && text !== "" && fits(text)) return text;
  }
  return "";
}

function isName(text: string): boolean {
  return text.length <= MAX_TEXT_LENGTH && isLine(text);
}

function readType(type: number): ServiceType {
  const known = LEGACY_TYPES[type];
  if (known !== undefined) return known;
  const values = Object.entries(legacy.ServiceType).map(([name, number]) => `${name} (${number})`);
  throw new GrpcError(
    "INVALID_ARGUMENT",
    `service_type ${type} is not one of ${values.join(", ")}`,
  );
}

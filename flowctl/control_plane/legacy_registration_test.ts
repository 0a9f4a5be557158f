import { assertEquals, assertThrows } from "@std/assert";
import { GrpcError } from "../../grpc/mod.ts";
import { legacy } from "../protocol/mod.ts";
import { legacyRegistration } from "./legacy_registration.ts";

/** Name, version and description of a service with this metadata. */
function told(metadata: Record<string, string>) {
  const info = legacy.serviceInfo.create({ serviceId: "id", metadata });
  const { name, version, description } = legacyRegistration(info);
  return [name, version, description];
}

Deno.test("name, version and description are taken from the metadata, as in the Go flowctl", () => {
  for (const kind of ["processor_", "source_", "sink_", ""]) {
    const metadata = {
      [`${kind}name`]: "Payments",
      [`${kind}version`]: "1.2",
      [`${kind}description`]: "Two\nlines",
    };
    assertEquals(told(metadata), ["Payments", "1.2", "Two\nlines"], kind);
  }
  assertEquals(told({ name: "d", sink_name: "c", source_name: "b", processor_name: "" })[0], "b");
});

Deno.test("what is no name stays in the metadata, and the service has that of its id", () => {
  assertEquals(told({}), ["id", "", ""]);
  const long = { name: "x".repeat(257), version: "1\n2", description: "x".repeat(2_049) };
  assertEquals(told(long), ["id", "", ""]);
  assertEquals(told({ ...long, processor_name: "two\nlines", sink_name: "sound" })[0], "sound");
  const both = legacy.serviceInfo.create({ serviceId: "a", componentId: "b" });
  assertEquals([legacyRegistration(both).id, legacyRegistration(both).name], ["a", "b"]);
});

Deno.test("a type that is none is refused with those that there are", () => {
  const info = legacy.serviceInfo.create({ serviceType: 9 });
  const { code, message } = assertThrows(() => legacyRegistration(info), GrpcError);
  assertEquals([code, message.slice(0, 34)], [
    "INVALID_ARGUMENT",
    "service_type 9 is not one of UNSPE",
  ]);
});

import { assertEquals, assertThrows } from "@std/assert";
import type { RangeRequest } from "./flight_dataset.ts";
import { FlightError } from "./flight_error.ts";
import { DescriptorType } from "./messages.ts";
import { descriptorOf, requestOf } from "./range_descriptor.ts";

Deno.test("a request comes back from its descriptor, a whole dataset as a path", () => {
  const requests: RangeRequest[] = [
    { dataset: "ttp_event" },
    { dataset: "ttp_event", startLedger: 2 },
    { dataset: "ttp_event", endLedger: 9 },
    { dataset: "ttp_event", filters: { assets: ["native"] } },
  ];
  const descriptors = requests.map(descriptorOf);
  assertEquals(descriptors.map(requestOf), requests);
  const { PATH, CMD } = DescriptorType;
  assertEquals(descriptors.map(({ type }) => type), [PATH, CMD, CMD, CMD]);
});

Deno.test("a descriptor that names no dataset, or two, is refused", () => {
  const cmd = new Uint8Array(0);
  for (const path of [[], [""], ["a", "b"]]) {
    const error = assertThrows(
      () => requestOf({ type: DescriptorType.PATH, cmd, path }),
      FlightError,
    ) as FlightError;
    assertEquals(error.code, "INVALID_ARGUMENT");
  }
});

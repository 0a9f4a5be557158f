import { assertEquals, assertThrows } from "@std/assert";
import { EVENT_ID_LENGTH, EventIdWriter, MAX_EVENT_POSITION } from "./event_id.ts";

function text(ids: EventIdWriter): string {
  return new TextDecoder().decode(ids.bytes);
}

Deno.test("an event id has ledger, transaction, operation and position, zero-padded", () => {
  const ids = new EventIdWriter();
  ids.write(53312000, 12, 1, 0);
  assertEquals(text(ids), "0053312000-0000012-00001-00000");
  assertEquals(ids.bytes.length, EVENT_ID_LENGTH);
  ids.write(4294967295, 1234567, 0, MAX_EVENT_POSITION);
  assertEquals(text(ids), "4294967295-1234567-00000-99999");
});

Deno.test("parts that stay the same are kept, parts that change are not", () => {
  const ids = new EventIdWriter();
  ids.write(7, 1, 2, 3);
  ids.write(7, 1, 2, 4);
  assertEquals(text(ids), "0000000007-0000001-00002-00004");
  ids.write(8, 1, 0, 0);
  assertEquals(text(ids), "0000000008-0000001-00000-00000");
});

Deno.test("a number that does not fit its place is refused", () => {
  assertThrows(() => new EventIdWriter().write(1, 1, 1, MAX_EVENT_POSITION + 1), RangeError);
  assertThrows(() => new EventIdWriter().write(1, 10 ** 7, 1, 0), RangeError);
});

Deno.test("an id after a refused one is right", () => {
  const ids = new EventIdWriter();
  ids.write(5, 1, 1, 0);
  assertThrows(() => ids.write(5, 10 ** 7, 10 ** 5, 0), RangeError);
  assertThrows(() => ids.write(5, 1, 10 ** 5, 0), RangeError);
  ids.write(5, 1, 1, 0);
  assertEquals(text(ids), "0000000005-0000001-00001-00000");
});

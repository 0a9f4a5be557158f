import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { KeptRows } from "./kept_rows.ts";

/** A table as a file has it, and how often it was written to. */
function table(found: readonly string[] = []) {
  const inFile = new Map(found.map((id) => [id, `${id}0`]));
  const rows = new KeptRows<string>();
  for (const [id, row] of inFile) rows.found(id, row);
  let isFull = false;
  const writes: string[] = [];
  const attempt = (what: string, ids: readonly string[]) => {
    writes.push(`${what} ${ids.length}`);
    if (isFull) throw new Error("the disk is full");
  };
  const write = () =>
    rows.write({
      save: (some) => {
        attempt("save", some);
        for (const row of some) inFile.set(row.slice(0, 1), row);
      },
      remove: (ids) => {
        attempt("remove", ids);
        for (const id of ids) inFile.delete(id);
      },
    });
  return { rows, inFile, writes, write, full: (value: boolean) => isFull = value };
}

Deno.test("whatever was written, removed and failed in between, the file has it all after a write that succeeds", () => {
  const ids = fc.constantFrom(..."abcdef");
  const step = fc.oneof(
    fc.record({ act: fc.constant("set" as const), id: ids }),
    fc.record({ act: fc.constant("delete" as const), id: ids }),
    fc.record({ act: fc.constantFrom("write", "fill", "empty", "lose") }),
  );
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const t = table(["a", "b"]);
    const expected = new Map(t.inFile);
    for (const [at, each] of steps.entries()) {
      if (each.act === "set") {
        t.rows.set(each.id, `${each.id}${at}`);
        expected.set(each.id, `${each.id}${at}`);
      } else if (each.act === "delete") {
        t.rows.delete(each.id);
        expected.delete(each.id);
      } else if (each.act === "lose") {
        t.inFile.clear();
        t.rows.lost();
      } else if (each.act === "write") {
        try {
          t.write();
          assertEquals(t.inFile, expected);
        } catch (error) {
          assertEquals((error as Error).message, "the disk is full");
        }
      } else t.full(each.act === "fill");
    }
    t.full(false);
    t.write();
    assertEquals(t.inFile, expected);
  }));
});

Deno.test("services that come and go while the disk is full leave nothing to be written", () => {
  const t = table();
  t.full(true);
  for (let at = 0; at < 1000; at++) {
    t.rows.set(`${at}`, "row");
    assertThrows(t.write);
    t.rows.delete(`${at}`);
  }
  t.full(false);
  t.writes.length = 0;
  t.write();
  assertEquals(t.writes, []);
});

Deno.test("many rows are written in parts, and those that got through are not written again", () => {
  const t = table();
  for (let at = 0; at < 600; at++) t.rows.set(`${at}`, "row");
  t.write();
  t.write();
  assertEquals(t.writes, ["save 256", "save 256", "save 88"]);
  for (let at = 0; at < 600; at++) t.rows.delete(`${at}`);
  t.full(true);
  t.writes.length = 0;
  assertThrows(t.write);
  assertEquals(t.writes, ["remove 256"]);
});

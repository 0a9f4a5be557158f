import { assertStringIncludes, assertThrows } from "@std/assert";
import {
  Bool,
  type Data,
  Dictionary,
  Field,
  FixedSizeBinary,
  Int32,
  Int64,
  LargeUtf8,
  List,
  makeData,
  Uint32,
  Utf8,
  vectorFromArray,
} from "apache-arrow";
import { checkData } from "./_check_data.ts";
import { ArrowError } from "./arrow_error.ts";

/** Peers send what arrow-js' types do not allow for. */
const make = makeData as (props: object) => Data;

const BYTES = new Uint8Array(8);
const numbers = make({ type: new Int32(), data: new Int32Array(4) });
const list = new List(new Field("item", new Int32()));
const dictionary = vectorFromArray(["a", "b"], new Utf8());
const byUint32 = new Dictionary(new Utf8(), new Uint32());
const byInt64 = new Dictionary(new Utf8(), new Int64() as never);

function refused(data: Data): string {
  return (assertThrows(() => checkData(data, "c"), ArrowError) as ArrowError).message;
}

Deno.test("buffers shorter than the rows need are refused, whatever the type", () => {
  const short: Data[] = [
    make({ type: new Uint32(), length: 5, data: new Uint32Array(4) }),
    make({ type: new Int64(), length: 2, data: new BigInt64Array(1) }),
    make({ type: new FixedSizeBinary(3), length: 3, data: BYTES }),
    make({ type: new Bool(), length: 65, data: BYTES }),
    make({ type: new Utf8(), length: 2, valueOffsets: new Int32Array(2), data: BYTES }),
    make({ type: byUint32, length: 3, data: new Uint32Array(2), dictionary }),
    make({ type: byInt64, length: 3, data: new BigInt64Array(2), dictionary }),
    make({ type: new LargeUtf8(), length: 2, valueOffsets: new BigInt64Array(2), data: BYTES }),
  ];
  for (const data of short) assertStringIncludes(refused(data), "c has a buffer shorter");
  const bitmap = make({
    type: new Int32(),
    length: 9,
    nullCount: 1,
    nullBitmap: new Uint8Array(1),
    data: new Int32Array(9),
  });
  assertStringIncludes(refused(bitmap), "validity bitmap");
});

Deno.test("64-bit offsets and indices, and lists, are held to the same", () => {
  const large = (...offsets: bigint[]) =>
    make({
      type: new LargeUtf8(),
      length: 2,
      valueOffsets: BigInt64Array.from(offsets),
      data: BYTES,
    });
  checkData(large(0n, 3n, 8n), "c");
  assertStringIncludes(refused(large(0n, 3n, 9n)), "offsets up to 9");
  assertStringIncludes(refused(large(0n, 3n, 2n)), "go back");
  assertStringIncludes(refused(large(-1n, 3n, 4n)), "go back");
  const at = (...indices: bigint[]) =>
    make({ type: byInt64, data: BigInt64Array.from(indices), dictionary });
  checkData(at(0n, 1n), "c");
  assertStringIncludes(refused(at(0n, 2n)), "index 2");
  const unsigned = (...indices: number[]) =>
    make({ type: byUint32, data: Uint32Array.from(indices), dictionary });
  checkData(unsigned(1, 0), "c");
  assertStringIncludes(refused(unsigned(0, 0xffff_ffff)), "index 4294967295");
  const lists = (...offsets: number[]) =>
    make({ type: list, length: 2, valueOffsets: Int32Array.from(offsets), child: numbers });
  checkData(lists(0, 1, 4), "c");
  assertStringIncludes(refused(lists(0, 1, 5)), "offsets up to 5");
});

Deno.test("a column without rows needs no buffers", () => {
  checkData(make({ type: new Utf8(), length: 0, data: new Uint8Array(0) }), "c");
  checkData(make({ type: byUint32, length: 0, data: new Uint32Array(0) }), "c");
});

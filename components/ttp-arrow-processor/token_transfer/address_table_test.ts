import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { encodeStrkey, StrkeyVersion } from "../../../stellar/mod.ts";
import { AddressKind, AddressTable } from "./address_table.ts";

function textOf(table: AddressTable, address: number): string {
  const bytes = table.text.subarray(table.textStart(address), table.textEnd(address));
  return new TextDecoder().decode(bytes);
}

function keys(n: number): { bytes: Uint8Array; view: DataView } {
  const bytes = new Uint8Array(n * 40);
  for (let i = 0; i < n; i++) {
    crypto.getRandomValues(bytes.subarray(i * 40, i * 40 + 40));
  }
  return { bytes, view: new DataView(bytes.buffer) };
}

Deno.test("each kind of address has its strkey", () => {
  const table = new AddressTable();
  const { bytes, view } = keys(1);
  const key = bytes.slice(8, 40);
  const id = bytes.slice(0, 8);
  const cases: [number, string][] = [
    [table.intern(AddressKind.account, view, 8), encodeStrkey(StrkeyVersion.account, key)],
    [table.intern(AddressKind.contract, view, 8), encodeStrkey(StrkeyVersion.contract, key)],
    [
      table.intern(AddressKind.liquidityPool, view, 8),
      encodeStrkey(StrkeyVersion.liquidityPool, key),
    ],
    [
      table.intern(AddressKind.claimableBalance, view, 8),
      encodeStrkey(StrkeyVersion.claimableBalance, new Uint8Array([0, ...key])),
    ],
    [
      table.internMuxed(view, 8, 0),
      encodeStrkey(StrkeyVersion.muxedAccount, new Uint8Array([...key, ...id])),
    ],
  ];
  for (const [address, text] of cases) assertEquals(textOf(table, address), text);
  assertEquals(new Set(cases.map(([address]) => address)).size, cases.length);
});

Deno.test("the same address has the same number, however many there are", () => {
  const table = new AddressTable();
  const n = 20_000;
  const { bytes, view } = keys(n);
  const numbers = Array.from(
    { length: n },
    (_, i) => table.intern(AddressKind.account, view, i * 40),
  );
  assertEquals(new Set(numbers).size, n);
  assertEquals(table.size, n);
  for (let i = 0; i < n; i += 7) {
    assertEquals(table.intern(AddressKind.account, view, i * 40), numbers[i]);
    const text = encodeStrkey(StrkeyVersion.account, bytes.slice(i * 40, i * 40 + 32));
    assertEquals(textOf(table, numbers[i]!), text);
  }
});

Deno.test("muxed accounts of one account differ by id and lead to that account", () => {
  const table = new AddressTable();
  const { view } = keys(2);
  const first = table.internMuxed(view, 0, 40);
  const second = table.internMuxed(view, 0, 48);
  assertNotEquals(first, second);
  const account = table.intern(AddressKind.account, view, 0);
  assertEquals(table.accountOf(first), account);
  assertEquals(table.accountOf(second), account);
  assertEquals(table.accountOf(account), account);
});

Deno.test("a cleared table gives numbers from 0 again", () => {
  const table = new AddressTable();
  const { view } = keys(3);
  for (let i = 0; i < 3; i++) table.intern(AddressKind.contract, view, i * 40);
  table.clear();
  assertEquals(table.size, 0);
  assertEquals(table.intern(AddressKind.contract, view, 80), 0);
  assert(textOf(table, 0).startsWith("C"));
});

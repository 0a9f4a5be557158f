import { assertEquals, assertRejects } from "@std/assert";
import { Quarantine } from "./quarantine.ts";

const bad = {
  sequence: 8,
  endSequence: 11,
  name: "8-11.xdr.zst",
  bytes: new Uint8Array([1, 2, 3]),
  reason: "It is damaged.",
};

Deno.test("what several streams meet at once, or after a restart, is kept and counted once", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const quarantine = new Quarantine(dir);
    await Promise.all([1, 2, 3].map(() => quarantine.keep(bad)));
    assertEquals(quarantine.total, 4);
    const restarted = new Quarantine(dir);
    await restarted.keep(bad);
    assertEquals(restarted.total, 0);
    await restarted.keep({ ...bad, reason: "It is damaged in another way." });
    assertEquals(restarted.total, 4);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("a keeping that fails is told to its caller, and the next one is tried", async () => {
  const dir = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${dir}/file`, "");
    const quarantine = new Quarantine(`${dir}/file/inside`);
    await assertRejects(() => quarantine.keep(bad));
    await Deno.remove(`${dir}/file`);
    await quarantine.keep(bad);
    assertEquals(quarantine.total, 4);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

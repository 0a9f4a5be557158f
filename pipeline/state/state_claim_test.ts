import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { StateClaim } from "./state_claim.ts";
import { StateFolder } from "./state_folder.ts";

const RECORD = { component: "a", pid: 1, startedAt: "t" };

Deno.test("a folder that was removed is claimed anew, and released with what was written since", async () => {
  const folder = new StateFolder(join(await Deno.makeTempDir(), "state"));
  const claim = (await StateClaim.take(folder))!;
  assertEquals(await claim.isIntact(), true);
  await Deno.remove(folder.path, { recursive: true });
  assertEquals(await claim.isIntact(), false);
  assertEquals(await claim.renew(), true);
  assertEquals([await claim.isIntact(), await folder.isClaimed()], [true, true]);
  await folder.writeProcess("a", RECORD);
  await claim.release();
  assertEquals([await folder.isClaimed(), await folder.processes()], [false, []]);
});

Deno.test("a folder that another manager has claimed meanwhile stays that one's", async () => {
  const folder = new StateFolder(join(await Deno.makeTempDir(), "state"));
  const claim = (await StateClaim.take(folder))!;
  await Deno.remove(folder.path, { recursive: true });
  const other = (await StateClaim.take(folder))!;
  await folder.writeProcess("a", RECORD);
  assertEquals(await claim.renew(), false);
  await claim.release();
  assertEquals([await folder.isClaimed(), await folder.processes()], [true, [RECORD]]);
  await other.release();
});

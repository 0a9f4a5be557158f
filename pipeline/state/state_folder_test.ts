import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { StateFolder } from "./state_folder.ts";
import type { RunRecord } from "./run_record.ts";

const RUN: RunRecord = {
  pid: 4711,
  profile: "local",
  since: "2026-01-01T00:00:00.000Z",
  detached: false,
  graceMs: 7000,
  control: { port: 1, token: "t" },
};

Deno.test("a run is found while its manager holds the folder, and gone with it", async () => {
  const folder = new StateFolder(join(await Deno.makeTempDir(), "a/b"));
  assertEquals(await folder.currentRun(), undefined);
  const lock = (await folder.claim())!;
  assertEquals([await folder.isClaimed(), await folder.currentRun()], [true, undefined]);
  await folder.writeRun(RUN);
  assertEquals(await folder.currentRun(), RUN);
  assertEquals(await folder.claim(), undefined);
  await lock.release();
  // As after a kill: the record is there, but nobody holds the folder.
  assertEquals(await folder.currentRun(), undefined);
});

Deno.test("the record of a killed manager is no run of the next one; its pid files stay", async () => {
  const folder = new StateFolder(await Deno.makeTempDir());
  const record = { component: "stellar-arrow-source", pid: 12, startedAt: "99" };
  await folder.writeRun(RUN);
  await folder.writeProcess("source", record);
  await using _lock = await folder.claim();
  await folder.forgetRun();
  assertEquals([await folder.isClaimed(), await folder.currentRun()], [true, undefined]);
  assertEquals(await folder.processes(), [record]);
});

Deno.test("the folder that is made, and its lock, are for their owner alone", async () => {
  const parent = join(await Deno.makeTempDir(), "parent");
  const folder = new StateFolder(join(parent, "state"));
  await using _lock = await folder.claim();
  assertEquals(Deno.statSync(parent).mode! & 0o777, 0o777 & ~Deno.umask());
  const modes = [folder.path, folder.logs, join(folder.path, "lock")]
    .map((path) => Deno.statSync(path).mode! & 0o777);
  assertEquals(modes, [0o700, 0o700, 0o600]);
});

Deno.test("what holds a token is for its owner alone", async () => {
  const folder = new StateFolder(await Deno.makeTempDir());
  await folder.writeRun(RUN);
  const { mode } = await Deno.stat(join(folder.path, "manager.json"));
  assertEquals(mode! & 0o777, 0o600);
});

Deno.test("pid files are read back, damaged ones passed over, and cleared without the logs", async () => {
  const folder = new StateFolder(await Deno.makeTempDir());
  await (await folder.claim())!.release();
  const record = { component: "stellar-arrow-source", pid: 12, startedAt: "99" };
  await folder.writeProcess("source", record);
  const damaged = ["", "{", "[]", `{"component":"x","pid":-1,"startedAt":"1"}`, "null"];
  for (const [at, text] of damaged.entries()) {
    await Deno.writeTextFile(join(folder.path, `damaged${at}.pid`), text);
  }
  await Deno.writeTextFile(join(folder.path, ".write-x"), "half");
  await Deno.writeTextFile(join(folder.logs, "source.log"), "said\n");
  assertEquals(await folder.processes(), [record]);
  await folder.removeProcess("source");
  await folder.removeProcess("source");
  assertEquals(await folder.processes(), []);
  await folder.clear();
  const left = (await Array.fromAsync(Deno.readDir(folder.path))).map(({ name }) => name);
  assertEquals(left, ["logs"]);
});

Deno.test("a record cut short is no run", async () => {
  const folder = new StateFolder(await Deno.makeTempDir());
  await using _lock = await folder.claim();
  for (const text of ["", "{", "null", JSON.stringify({ ...RUN, control: null })]) {
    await Deno.writeTextFile(join(folder.path, "manager.json"), text);
    assertEquals(await folder.currentRun(), undefined);
  }
});

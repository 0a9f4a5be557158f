import { assertEquals } from "@std/assert";
import { pipelineRun, stored } from "./_test_rows.ts";
import { ReportedStorage } from "./reported_storage.ts";
import type { StateFile } from "./storage.ts";

/** A state file in memory that can be full, removed, and impossible to make. */
function storageOf(found: readonly string[] = []) {
  const disk = { isFull: false, canOpen: true, opened: 0, closed: 0 };
  const services = new Map(found.map((id) => [id, stored(id)]));
  const runs = new Map<string, typeof pipelineRun>();
  let removal: Error | undefined;
  const writing = (write: () => void) => {
    if (disk.isFull) throw new Error("the disk is full");
    write();
  };
  const open = (): StateFile => {
    if (!disk.canOpen) throw new Error("no such folder");
    disk.opened++;
    removal = undefined;
    return {
      services: () => services.values(),
      saveServices: (all) =>
        writing(() => all.forEach((each) => services.set(each.registration.id, each))),
      removeServices: (ids) => writing(() => ids.forEach((id) => services.delete(id))),
      runs: () => runs.values(),
      saveRuns: (all) => writing(() => all.forEach((each) => runs.set(each.runId, each))),
      removeRuns: (ids) => writing(() => ids.forEach((id) => runs.delete(id))),
      removal: () => removal,
      close: () => disk.closed++,
    };
  };
  const told: string[] = [];
  const storage = new ReportedStorage(open, (error) => told.push((error as Error).message));
  return {
    disk,
    storage,
    told,
    remove: () => {
      services.clear();
      runs.clear();
      removal = new Error("the file was removed");
    },
    ids: () => [...services.keys(), ...runs.keys()].sort().join(),
    failure: () => (storage.failure as Error | undefined)?.message,
  };
}

Deno.test("what a full disk refused is told once and written at the first check that can, removals too", () => {
  const t = storageOf(["a", "b"]);
  assertEquals([...t.storage.services()].length, 2);
  assertEquals([...t.storage.runs()], []);
  t.disk.isFull = true;
  t.storage.saveServices([stored("c")]);
  t.storage.removeServices(["a"]);
  t.storage.saveRun(pipelineRun);
  t.storage.check();
  assertEquals([t.told, t.failure(), t.ids()], [["the disk is full"], "the disk is full", "a,b"]);
  t.disk.isFull = false;
  t.storage.check();
  assertEquals([t.told.length, t.failure(), t.ids()], [1, undefined, "b,c,r1"]);
  t.storage.removeRun("r1");
  t.disk.isFull = true;
  t.storage.check();
  assertEquals([t.failure(), t.ids()], [undefined, "b,c"]);
});

Deno.test("another write that succeeds brings with it what was refused before", () => {
  const t = storageOf();
  t.disk.isFull = true;
  t.storage.saveServices([stored("a")]);
  t.disk.isFull = false;
  t.storage.saveRun(pipelineRun);
  assertEquals([t.failure(), t.ids()], [undefined, "a,r1"]);
});

Deno.test("when all is written the failure is over, and the next one is told again", () => {
  const t = storageOf();
  for (const id of ["a", "b"]) {
    t.disk.isFull = true;
    t.storage.saveServices([stored(id)]);
    t.storage.check();
    t.disk.isFull = false;
    t.storage.check();
    assertEquals(t.failure(), undefined);
  }
  assertEquals([t.told, t.ids()], [["the disk is full", "the disk is full"], "a,b"]);
});

Deno.test("a file that was removed is made anew with all that is known, which is told once", () => {
  const t = storageOf(["a", "b"]);
  assertEquals([...t.storage.services()].length, 2);
  t.storage.removeServices(["b"]);
  t.storage.saveRun(pipelineRun);
  t.remove();
  t.storage.check();
  t.storage.check();
  assertEquals([t.told, t.failure(), t.ids()], [["the file was removed"], undefined, "a,r1"]);
  assertEquals([t.disk.opened, t.disk.closed], [2, 1]);
});

Deno.test("a removed file that cannot be made anew is a failure until it can", () => {
  const t = storageOf(["a"]);
  assertEquals([...t.storage.services()].length, 1);
  t.remove();
  t.disk.canOpen = false;
  for (let checks = 0; checks < 3; checks++) t.storage.check();
  t.storage.saveServices([stored("b")]);
  assertEquals([t.told, t.failure()], [
    ["the file was removed", "no such folder"],
    "no such folder",
  ]);
  t.disk.canOpen = true;
  t.storage.check();
  assertEquals([t.told.length, t.failure(), t.ids()], [2, undefined, "a,b"]);
});

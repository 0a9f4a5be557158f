import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  clockFinding,
  denoFinding,
  diskFinding,
  permissionsFinding,
  runProgram,
} from "./machine.ts";

const NOT_THERE = () => Promise.resolve(undefined);
const NOW = Date.UTC(2026, 5, 1);

Deno.test("a Deno that is too old is a problem with the command for a newer one", () => {
  for (const version of ["2.9.6", "2.10.0", "3.0.0"]) {
    assertEquals(denoFinding(version).result, "ok", version);
  }
  for (const version of ["2.9.5", "2.8.9", "1.46.3"]) {
    const { result, advice } = denoFinding(version);
    assertEquals(result, "problem", version);
    assertStringIncludes(advice!, "deno@2.9.6");
  }
});

Deno.test("a clock that cannot be right is a problem, one that is not synchronised a warning", async () => {
  assertEquals((await clockFinding(Date.UTC(1970, 0, 1), NOT_THERE)).result, "problem");
  assertEquals((await clockFinding(Date.UTC(2200, 0, 1), NOT_THERE)).result, "problem");
  assertEquals((await clockFinding(NOW, NOT_THERE)).result, "ok");
  assertEquals((await clockFinding(NOW, () => Promise.resolve("no\n"))).result, "warning");
  assertEquals((await clockFinding(NOW, () => Promise.resolve("yes\n"))).result, "ok");
});

Deno.test("what is free on the disk is told, and judged", async () => {
  const df = (kib: number) => () =>
    Promise.resolve(
      `Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/a 1 1 ${kib} 1% /\n`,
    );
  const found = async (kib: number) => await diskFinding("disk", "./data/out", df(kib));
  assertEquals((await found(400 * 1024)).result, "problem");
  assertEquals((await found(2 * 1024 ** 2)).result, "warning");
  const much = await found(50 * 1024 ** 2);
  assertEquals([much.result, much.found], ["ok", "50.0 GiB are free for ./data/out"]);
  assertEquals((await diskFinding("disk", "x", NOT_THERE)).result, "warning");
});

Deno.test("df of this machine is understood, also for a folder that is not there yet", async () => {
  const folder = await Deno.makeTempDir();
  const { found } = await diskFinding("disk", `${folder}/a/b`, runProgram);
  assertStringIncludes(found, "GiB are free");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a program that fails or is not there tells nothing", async () => {
  assertEquals(await runProgram("no-such-program", []), undefined);
  assertEquals(await runProgram("false", []), undefined);
});

Deno.test("missing permissions are told with what has them", async () => {
  assertEquals((await permissionsFinding()).result, "ok");
});

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { FolderLock } from "./folder_lock.ts";

Deno.test("a lock is held by one, seen by others, and leaves nothing when it is given back", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "lock");
  assertEquals(await FolderLock.isHeld(path), false);
  const first = (await FolderLock.take(path))!;
  assertEquals(await FolderLock.isHeld(path), true);
  assertEquals(await FolderLock.take(path), undefined);
  await first.release();
  await first.release();
  assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  const second = (await FolderLock.take(path))!;
  await second.release();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a holder whose file was removed leaves the lock of the next one alone", async () => {
  const path = join(await Deno.makeTempDir(), "lock");
  const first = (await FolderLock.take(path))!;
  assertEquals(await first.isIntact(), true);
  await Deno.remove(path);
  await using second = (await FolderLock.take(path))!;
  assertEquals([await first.isIntact(), await second.isIntact()], [false, true]);
  await first.release();
  assertEquals([await FolderLock.isHeld(path), await second.isIntact()], [true, true]);
});

Deno.test("the lock of a process that was killed is free at once", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "lock");
  const module = new URL("./folder_lock.ts", import.meta.url).href;
  const holder = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      "--no-lock",
      `import { FolderLock } from ${JSON.stringify(module)};
       await FolderLock.take(${JSON.stringify(path)});
       console.log("held");
       await new Promise(() => setInterval(() => {}, 1000));`,
    ],
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const reader = holder.stdout.getReader();
  await reader.read();
  assertEquals(await FolderLock.isHeld(path), true);
  holder.kill("SIGKILL");
  await holder.status;
  await reader.cancel();
  assertEquals(await FolderLock.isHeld(path), false);
  const lock = (await FolderLock.take(path))!;
  await lock.release();
  await Deno.remove(folder, { recursive: true });
});

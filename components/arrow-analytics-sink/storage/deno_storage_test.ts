import { assertEquals, assertRejects } from "@std/assert";
import { DenoStorage } from "./deno_storage.ts";
import { StorageError } from "./storage.ts";

const storage = new DenoStorage();

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function codeOf(run: Promise<unknown>): Promise<string> {
  const error = await assertRejects(() => run, StorageError);
  return (error as StorageError).code;
}

Deno.test("files are written, linked once, renamed, read, listed and removed", async () => {
  await inFolder(async (folder) => {
    await storage.makeFolder(`${folder}/a/b`);
    await storage.makeFolder(`${folder}/a/b`);
    const file = await storage.createNew(`${folder}/a/b/one`);
    await file.write(new Uint8Array([1, 2]));
    await file.write(new Uint8Array([3]));
    await file.sync();
    file.close();
    await storage.link(`${folder}/a/b/one`, `${folder}/a/b/two`);
    await storage.rename(`${folder}/a/b/one`, `${folder}/a/three`);
    await storage.syncFolder(`${folder}/a/b`);
    assertEquals(await storage.read(`${folder}/a/three`), new Uint8Array([1, 2, 3]));
    assertEquals(await storage.stat(`${folder}/a/b/two`), { sizeBytes: 3 });
    assertEquals(await storage.stat(`${folder}/a/b/one`), undefined);
    const names = (await storage.list(`${folder}/a`)).map((e) => `${e.name} ${e.isFolder}`);
    assertEquals(names.sort(), ["b true", "three false"]);
    assertEquals(await storage.list(`${folder}/nowhere`), []);
    await storage.remove(`${folder}/a/three`);
    await storage.remove(`${folder}/a/three`);
  });
});

Deno.test("a name that is taken, a file that is not there and a lock that is held have their codes", async () => {
  await inFolder(async (folder) => {
    (await storage.createNew(`${folder}/one`)).close();
    (await storage.createNew(`${folder}/two`)).close();
    assertEquals(await codeOf(storage.createNew(`${folder}/one`)), "EXISTS");
    assertEquals(await codeOf(storage.link(`${folder}/one`, `${folder}/two`)), "EXISTS");
    assertEquals(await codeOf(storage.read(`${folder}/none`)), "NOT_FOUND");
    assertEquals(await codeOf(storage.createNew(`${folder}/none/file`)), "NOT_FOUND");
    const lock = await storage.lock(`${folder}/lock`, "pid 1");
    assertEquals(await codeOf(storage.lock(`${folder}/lock`, "pid 2")), "LOCKED");
    await lock.release();
  });
});

Deno.test("a folder is made with its parents by a process that may write only there", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/data/out/table`;
    const program = `
      import { DenoStorage } from ${JSON.stringify(new URL("./mod.ts", import.meta.url).href)};
      await new DenoStorage().makeFolder(${JSON.stringify(path)});
    `;
    await Deno.writeTextFile(`${folder}/program.ts`, program);
    const allowed = `${folder}/data/out`;
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-prompt",
        "--quiet",
        "--no-check",
        `--config=${new URL("../../../deno.json", import.meta.url).pathname}`,
        `--allow-read=${allowed}`,
        `--allow-write=${allowed}`,
        `${folder}/program.ts`,
      ],
    }).output();
    assertEquals(new TextDecoder().decode(success ? new Uint8Array() : stderr), "");
    assertEquals((await Deno.stat(path)).isDirectory, true);
  });
});

Deno.test({
  name: "a full disk is named as one, with what helps",
  ignore: !await Deno.stat("/dev/full").then(() => true, () => false),
  fn: async () => {
    await inFolder(async (folder) => {
      const { open } = Deno;
      let file;
      try {
        // A device that has no space left stands in for the file.
        Deno.open = () => open("/dev/full", { write: true });
        file = await storage.createNew(`${folder}/file`);
      } finally {
        Deno.open = open;
      }
      const error = await assertRejects(() => file.write(new Uint8Array(1)), StorageError);
      file.close();
      assertEquals((error as StorageError).code, "FULL");
      assertEquals(
        error.message,
        `Cannot write "${folder}/file": no space is left. Free space, or use another OUTPUT_PATH; ` +
          `what was committed is whole, and a restart goes on from there.`,
      );
    });
  },
});

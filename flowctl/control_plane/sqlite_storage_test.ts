import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { SqliteStorage } from "./sqlite_storage.ts";
import { StateFileError } from "./state_file_error.ts";
import { pipelineRun as run, stored } from "./_test_rows.ts";

async function inFolder(run: (folder: string) => void): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("what was kept is there when the file is opened again, and what was removed is not", async () => {
  await inFolder((folder) => {
    // The folder is made too.
    const path = join(folder, "new", "state.sqlite");
    const first = new SqliteStorage(path);
    first.saveServices(["a", "b", "c"].map(stored));
    first.saveServices([{ ...stored("b"), status: "HEALTHY" }]);
    first.removeServices(["a", "unknown"]);
    first.saveRuns([run]);
    first.saveRuns([{ ...run, runId: "r2" }]);
    first.removeRuns(["r2"]);
    first.close();
    const second = new SqliteStorage(path);
    const byId = second.services().sort((a, b) => a.registration.id < b.registration.id ? -1 : 1);
    assertEquals(byId, [{ ...stored("b"), status: "HEALTHY" }, stored("c")]);
    assertEquals(second.runs(), [run]);
    second.close();
  });
});

Deno.test({
  name: "a new file and what SQLite keeps beside it are for their owner only",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder((folder) => {
      const storage = new SqliteStorage(join(folder, "state.sqlite"));
      const files = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
      assertEquals(files, ["state.sqlite", "state.sqlite-wal"]);
      const modes = files.map((name) => Deno.statSync(join(folder, name)).mode! & 0o777);
      assertEquals(modes, [0o600, 0o600]);
      storage.close();
    }),
});

Deno.test("a file that another control plane has, or that is something else, is named", async () => {
  await inFolder((folder) => {
    const path = join(folder, "state.sqlite");
    const holder = new SqliteStorage(path);
    assertThrows(() => new SqliteStorage(path), StateFileError, "another control plane has it");
    holder.close();

    const text = join(folder, "text");
    Deno.writeTextFileSync(
      text,
      "not a database at all, but long enough to be looked at\n".repeat(20),
    );
    assertThrows(() => new SqliteStorage(text), StateFileError, "not a state file of flowctl");

    const damaged = new DatabaseSync(path);
    damaged.exec("insert into services (id, value) values ('a', '{')");
    damaged.close();
    const storage = new SqliteStorage(path);
    assertThrows(() => storage.services(), StateFileError, "holds services that cannot be read");
    storage.close();

    const later = new DatabaseSync(path);
    later.exec("pragma user_version = 9");
    later.close();
    assertThrows(() => new SqliteStorage(path), StateFileError, "is of version 9");
    assertThrows(() => new SqliteStorage(folder), StateFileError, "name a file");
  });
});

Deno.test("services are kept all or none", async () => {
  await inFolder((folder) => {
    const storage = new SqliteStorage(join(folder, "state.sqlite"));
    const broken = {
      ...stored("b"),
      metrics: {
        toJSON: () => {
          throw new Error("no");
        },
      },
    };
    // deno-lint-ignore no-explicit-any -- a value that cannot be written.
    assertThrows(() => storage.saveServices([stored("a"), broken as any]), Error, "no");
    assertEquals(storage.services(), []);
    storage.saveServices([stored("c")]);
    assertEquals(storage.services().length, 1);
    storage.close();
  });
});

Deno.test("a full disk is told as such, and what was kept before stays", async () => {
  await inFolder((folder) => {
    const { exec } = DatabaseSync.prototype;
    let storage: SqliteStorage;
    try {
      // As many pages as a small disk has.
      DatabaseSync.prototype.exec = function (sql) {
        exec.call(this, sql.replace(/^begin$/, "pragma max_page_count = 20; begin"));
      };
      storage = new SqliteStorage(join(folder, "state.sqlite"));
      storage.saveServices([stored("a")]);
      const many = Array.from({ length: 1_000 }, (_, at) => stored(`service-${at}`));
      assertThrows(() => storage.saveServices(many), Error, "full");
    } finally {
      DatabaseSync.prototype.exec = exec;
    }
    assertEquals(storage.services(), [stored("a")]);
    storage.saveServices([stored("b")]);
    assertEquals(storage.services().length, 2);
    storage.close();
  });
});

Deno.test("a file that is removed or replaced while it is open is told as such", async () => {
  await inFolder((folder) => {
    const path = join(folder, "state.sqlite");
    const storage = new SqliteStorage(path);
    assertEquals(storage.removal(), undefined);
    storage.saveServices([stored("a")]);
    assertEquals(storage.removal(), undefined);
    Deno.renameSync(path, `${path}.old`);
    assertStringIncludes(storage.removal()!.message, `"${path}" was removed while`);
    Deno.writeTextFileSync(path, "");
    assertStringIncludes(storage.removal()!.message, "was replaced by another one while");
    storage.close();
  });
});

Deno.test("closing a file that was replaced takes nothing from the one in its place", async () => {
  await inFolder((folder) => {
    const path = join(folder, "state.sqlite");
    const removed = new SqliteStorage(path);
    removed.saveServices([stored("a")]);
    for (const { name } of [...Deno.readDirSync(folder)]) Deno.removeSync(join(folder, name));
    const second = new SqliteStorage(path);
    second.saveServices([stored("b")]);
    removed.close();
    // What SQLite has not moved into the file yet is beside it.
    assertEquals([...Deno.readDirSync(folder)].length, 2);
    assertThrows(() => new SqliteStorage(path), StateFileError, "another control plane has it");
    second.close();
    const third = new SqliteStorage(path);
    assertEquals(third.services(), [stored("b")]);
    third.close();
  });
});

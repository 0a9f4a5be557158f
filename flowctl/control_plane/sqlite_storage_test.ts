import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { source } from "./_test_services.ts";
import { ReportedStorage } from "./reported_storage.ts";
import { SqliteStorage } from "./sqlite_storage.ts";
import { StateFileError } from "./state_file_error.ts";
import type { StoredService } from "./storage.ts";

async function inFolder(run: (folder: string) => void): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function stored(id: string): StoredService {
  return {
    registration: { ...source, id, metadata: { zone: "ü" } },
    status: "DEGRADED",
    metrics: JSON.parse('{"__proto__":"1"}'),
    registeredAt: 5,
    lastHeartbeatAt: 7.5,
  };
}

const run = {
  runId: "r1",
  pipelineName: "p",
  status: "STARTING",
  startTime: 1,
  configYaml: "a: 1",
  error: "",
  componentIds: ["a"],
} as const;

Deno.test("what was kept is there when the file is opened again, and what was removed is not", async () => {
  await inFolder((folder) => {
    // The folder is made too.
    const path = join(folder, "new", "state.sqlite");
    const first = new SqliteStorage(path);
    first.saveServices(["a", "b", "c"].map(stored));
    first.saveServices([{ ...stored("b"), status: "HEALTHY" }]);
    first.removeServices(["a", "unknown"]);
    first.saveRun(run);
    first.saveRun({ ...run, runId: "r2" });
    first.removeRun("r2");
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

Deno.test("a write that fails is told once, and the next one that succeeds ends the failure", async () => {
  await inFolder((folder) => {
    const path = join(folder, "state.sqlite");
    const kept = new SqliteStorage(path);
    const told: unknown[] = [];
    const storage = new ReportedStorage(kept, (error) => told.push(error));
    // deno-lint-ignore no-explicit-any -- a value that cannot be written.
    const broken = { ...stored("b"), metrics: 1n as any };
    storage.saveServices([broken]);
    storage.saveServices([broken]);
    assertEquals(told.length, 1);
    assertEquals(storage.failure instanceof TypeError, true);
    storage.saveServices([stored("a")]);
    assertEquals([storage.failure, kept.services().length], [undefined, 1]);
    storage.close();
  });
});

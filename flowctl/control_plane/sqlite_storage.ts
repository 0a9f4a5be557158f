import { DatabaseSync, type StatementSync } from "node:sqlite";
import { dirname } from "@std/path";
import { describeError } from "../component/mod.ts";
import type { PipelineRun } from "./pipeline_run.ts";
import { StateFileError } from "./state_file_error.ts";
import type { StateFile, StoredService } from "./storage.ts";

/** Version of the tables, in the file's user_version; 0 is a new file. */
const VERSION = 1;

/** Mode of a new file: configurations of pipeline runs and metadata may hold what is not for everyone. */
const PRIVATE = 0o600;

/** Values are the JSON of StoredService and PipelineRun: only ids are ever looked up. */
const TABLES = `
  create table services (id text primary key, value text not null) strict;
  create table runs (id text primary key, value text not null) strict;
  pragma user_version = ${VERSION};
`;

/**
 * Services and runs in a SQLite file, which one control plane has for itself. What a call has kept
 * survives the process, and but for the last moments the machine.
 */
export class SqliteStorage implements StateFile {
  readonly #path: string;
  readonly #identity: string;
  readonly #database: DatabaseSync;
  readonly #saveService: StatementSync;
  readonly #removeService: StatementSync;
  readonly #saveRun: StatementSync;
  readonly #removeRun: StatementSync;

  /**
   * Opens the file, or makes it with its folder.
   *
   * @throws {StateFileError} when it is in use, not a state file, or cannot be opened
   */
  constructor(path: string) {
    this.#path = path;
    ({ database: this.#database, identity: this.#identity } = open(path));
    const save = (table: string) =>
      this.#database.prepare(`insert or replace into ${table} (id, value) values (?, ?)`);
    const remove = (table: string) => this.#database.prepare(`delete from ${table} where id = ?`);
    this.#saveService = save("services");
    this.#removeService = remove("services");
    this.#saveRun = save("runs");
    this.#removeRun = remove("runs");
  }

  services(): StoredService[] {
    return this.#all("services");
  }

  saveServices(services: readonly StoredService[]): void {
    this.#together(
      services,
      (service) => this.#saveService.run(service.registration.id, JSON.stringify(service)),
    );
  }

  removeServices(ids: readonly string[]): void {
    this.#together(ids, (id) => this.#removeService.run(id));
  }

  runs(): PipelineRun[] {
    return this.#all("runs");
  }

  saveRuns(runs: readonly PipelineRun[]): void {
    this.#together(runs, (run) => this.#saveRun.run(run.runId, JSON.stringify(run)));
  }

  removeRuns(runIds: readonly string[]): void {
    this.#together(runIds, (runId) => this.#removeRun.run(runId));
  }

  /** SQLite goes on with a file that was removed, and all that it writes there is lost. */
  removal(): StateFileError | undefined {
    let found: string;
    try {
      found = identityOf(Deno.statSync(this.#path));
    } catch (error) {
      const isGone = error instanceof Deno.errors.NotFound ||
        error instanceof Deno.errors.NotADirectory;
      // Whoever may not look cannot tell.
      if (!isGone) return undefined;
      found = "";
    }
    if (found === this.#identity) return undefined;
    const what = found === "" ? "removed" : "replaced by another one";
    return new StateFileError(
      this.#path,
      `was ${what} while the control plane runs: it is written anew with all that is in memory; ` +
        "to begin with another state, stop the control plane first",
    );
  }

  close(): void {
    this.#database.close();
  }

  #all<T>(table: string): T[] {
    const rows = this.#database.prepare(`select value from ${table} order by rowid`).all();
    try {
      return rows.map(({ value }) => JSON.parse(value as string));
    } catch (cause) {
      const rule = `holds ${table} that cannot be read (${
        describeError(cause)
      }): name another file`;
      throw new StateFileError(this.#path, rule, { cause });
    }
  }

  /** One transaction, which is one write to the disk. */
  #together<T>(items: readonly T[], each: (item: T) => void): void {
    this.#database.exec("begin");
    try {
      for (const item of items) each(item);
      this.#database.exec("commit");
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  /** SQLite has rolled back by itself where the disk is full; why it did is what is told. */
  #rollBack(): void {
    try {
      this.#database.exec("rollback");
    } catch {
      // No transaction is open any more.
    }
  }
}

/** A database, and which file it is. */
interface Opened {
  readonly database: DatabaseSync;
  readonly identity: string;
}

function open(path: string): Opened {
  let database: DatabaseSync | undefined;
  try {
    makeFolder(dirname(path));
    // SQLite gives its other files the mode of this one.
    const identity = made(path);
    database = new DatabaseSync(path);
    // A second control plane on the same file would show services that it never hears of.
    database.exec("pragma locking_mode = exclusive; pragma journal_mode = wal");
    database.exec("pragma synchronous = normal; begin immediate");
    const version = database.prepare("pragma user_version").get()?.user_version;
    if (version === 0) database.exec(TABLES);
    database.exec("commit");
    if (version === 0 || version === VERSION) return { database, identity };
    throw new StateFileError(
      path,
      `is of version ${version}, and this control plane reads version ${VERSION}: name another ` +
        "file, or use the flowctl that wrote it",
    );
  } catch (error) {
    database?.close();
    throw error instanceof StateFileError ? error : stateFileError(path, error);
  }
}

/**
 * The file's identity; makes the file if there is none. It is closed again before SQLite opens it: the
 * system gives SQLite's locks up with any other handle that is closed.
 */
function made(path: string): string {
  using file = Deno.openSync(path, { create: true, append: true, mode: PRIVATE });
  return identityOf(file.statSync());
}

/** Tells a file from another one of the same name; a file that is open keeps it to itself. */
function identityOf({ dev, ino }: Deno.FileInfo): string {
  return `${dev}:${ino}`;
}

function makeFolder(folder: string): void {
  try {
    if (Deno.statSync(folder).isDirectory) return;
  } catch {
    // Missing, or not to be looked at: making it tells which.
  }
  try {
    Deno.mkdirSync(folder, { recursive: true });
  } catch (error) {
    // Without permission for the folder it must be there; SQLite says so if it is not.
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
  }
}

function stateFileError(path: string, cause: unknown): StateFileError {
  const reason = describeError(cause);
  const advice = /locked|busy/i.test(reason)
    ? "another control plane has it: stop that one, or name another file"
    : /not a database|malformed/i.test(reason)
    ? "it is not a state file of flowctl: name another one"
    : "name a file in a folder that this process may write, or :memory: to keep nothing";
  return new StateFileError(path, `cannot be opened (${reason}): ${advice}`, { cause });
}

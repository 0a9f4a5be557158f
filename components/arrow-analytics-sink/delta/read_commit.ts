import { type Action, LogError } from "./action.ts";

type FieldKind = "text" | "number" | "flag" | "map" | "list";

/** Fields that the Delta protocol requires of an action, as far as they are used here. */
const REQUIRED: Readonly<Record<string, Readonly<Record<string, FieldKind>>>> = {
  protocol: { minReaderVersion: "number", minWriterVersion: "number" },
  metaData: { id: "text", schemaString: "text", partitionColumns: "list", configuration: "map" },
  add: {
    path: "text",
    partitionValues: "map",
    size: "number",
    modificationTime: "number",
    dataChange: "flag",
  },
  remove: { path: "text", dataChange: "flag" },
  txn: { appId: "text", version: "number" },
};

/**
 * The actions of a commit file. `rowsOf` gives the rows of a live file.
 *
 * A file that was cut short must not pass for a shorter commit: what it named would count as never
 * written. This program's commits end with a line end and have a `txn`, the last line of each, or
 * only replace files by others with as many rows. Other programs' commits have a `commitInfo`,
 * which this program writes none of; only the shape of their lines can be checked.
 *
 * Throws LogError `DAMAGED`.
 */
export function readCommit(
  version: number,
  text: string,
  rowsOf: (path: string) => number,
  rowsIn: (stats: string | undefined) => number,
): Action[] {
  const actions = parseCommit(version, text);
  if (actions.length === 0) throw damaged(version, "is empty");
  if (actions.some((action) => "commitInfo" in action)) return actions;
  if (!text.endsWith("\n")) throw damaged(version, "does not end with a line end");
  if (!actions.some((action) => "txn" in action) && !replaces(actions, rowsOf, rowsIn)) {
    throw damaged(version, "is cut short: its last line, which says the last ledger, is missing");
  }
  return actions;
}

/** The lines of a commit file, each checked by itself alone. Throws LogError `DAMAGED`. */
export function parseCommit(version: number, text: string): Action[] {
  return text.split("\n").filter((line) => line.trim() !== "").map((line) =>
    readLine(version, line)
  );
}

/** Whether a commit only replaces files by others with as many rows. */
function replaces(
  actions: readonly Action[],
  rowsOf: (path: string) => number,
  rowsIn: (stats: string | undefined) => number,
): boolean {
  let rows = 0;
  for (const action of actions) {
    const change = "add" in action ? action.add : "remove" in action ? action.remove : undefined;
    if (change === undefined || change.dataChange) return false;
    rows += "add" in action ? rowsIn(action.add.stats) : -rowsOf(change.path);
  }
  return rows === 0;
}

function readLine(version: number, line: string): Action {
  let action: unknown;
  try {
    action = JSON.parse(line);
  } catch (error) {
    throw damaged(version, "has a line that is not JSON", error);
  }
  if (!isMap(action) || Object.keys(action).length === 0) {
    throw damaged(version, "has a line that is no action");
  }
  for (const [name, value] of Object.entries(action)) {
    const fields = REQUIRED[name];
    if (fields === undefined) continue;
    const wrong = !isMap(value)
      ? name
      : Object.keys(fields).find((field) => !isKind(value[field], fields[field]!));
    if (wrong === undefined) continue;
    const what = wrong === name ? name : `${name}.${wrong}`;
    throw damaged(version, `has a line without a proper "${what}"`);
  }
  return action as Action;
}

function isKind(value: unknown, kind: FieldKind): boolean {
  switch (kind) {
    case "text":
      return typeof value === "string" && value !== "";
    case "number":
      return Number.isSafeInteger(value) && (value as number) >= 0;
    case "flag":
      return typeof value === "boolean";
    case "list":
      return Array.isArray(value);
    case "map":
      return isMap(value);
  }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function damaged(version: number, what: string, cause?: unknown): LogError {
  return new LogError("DAMAGED", `Commit ${version} ${what}.`, { cause });
}

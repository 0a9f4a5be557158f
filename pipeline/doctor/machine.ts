import { dirname, resolve } from "@std/path";
import { type Finding, ok, problem, warning } from "./finding.ts";

/** The oldest Deno that has what the pipeline uses (named permission sets in tasks). */
const OLDEST_DENO: readonly number[] = [2, 9, 6];

/** Kinds of permission that the manager has, and the pipeline needs it to have. */
const NEEDED: readonly ("run" | "read" | "env" | "net" | "write")[] = [
  "run",
  "read",
  "write",
  "env",
  "net",
];

/** Below this, a pipeline soon stops for want of room. */
const FEW_BYTES = 500 * 2 ** 20;

/** Below this, a person should know: a day of the public network takes about as much. */
const LITTLE_BYTES = 5 * 2 ** 30;

/** No clock that is right shows a time before this version was made. */
const RELEASED_MS = Date.UTC(2025, 0, 1);

/** A clock this far ahead is not a clock that is right. */
const MAX_AHEAD_MS = 50 * 365 * 86_400_000;

/** Runs a program of the system; `undefined` when it is not there or fails. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<string | undefined>;

/** Runs a program for real. */
export const runProgram: RunProgram = async (program, args) => {
  try {
    const command = new Deno.Command(program, { args: [...args], stdin: "null", stderr: "null" });
    const { success, stdout } = await command.output();
    return success ? new TextDecoder().decode(stdout) : undefined;
  } catch {
    return undefined;
  }
};

/** Whether this Deno is new enough. */
export function denoFinding(version: string): Finding {
  const parts = version.split(".").map(Number);
  const difference = OLDEST_DENO.map((least, at) => (parts[at] ?? 0) - least).find((each) =>
    each !== 0
  );
  const oldest = OLDEST_DENO.join(".");
  if (difference !== undefined && difference < 0) {
    return problem(
      "Deno",
      `version ${version} is older than ${oldest}`,
      `start it with npx --yes deno@${oldest}`,
    );
  }
  return ok("Deno", `version ${version}`);
}

/** Whether this process has what it needs to run a pipeline. */
export async function permissionsFinding(): Promise<Finding> {
  const missing: string[] = [];
  for (const name of NEEDED) {
    const { state } = await Deno.permissions.query({ name });
    if (state !== "granted") missing.push(`--allow-${name}`);
  }
  if (missing.length === 0) return ok("permissions", NEEDED.join(", "));
  return problem(
    "permissions",
    `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing`,
    "start the manager with deno task pipeline, which has them",
  );
}

/** Whether the clock can be right. */
export async function clockFinding(nowMs: number, run: RunProgram): Promise<Finding> {
  const now = new Date(nowMs).toISOString();
  if (nowMs < RELEASED_MS || nowMs > RELEASED_MS + MAX_AHEAD_MS) {
    return problem(
      "clock",
      `it is set to ${now}`,
      "set the clock; close times and log times are compared with it",
    );
  }
  const synchronised = await run("timedatectl", ["show", "-p", "NTPSynchronized", "--value"]);
  if (synchronised?.trim() === "no") {
    return warning(
      "clock",
      `${now}, not synchronised`,
      "switch time synchronisation on: timedatectl set-ntp true",
    );
  }
  return ok("clock", now);
}

/** Whether there is room where the pipeline writes. */
export async function diskFinding(what: string, path: string, run: RunProgram): Promise<Finding> {
  const text = await run("df", ["-Pk", await existing(path)]);
  const free = Number(text?.trim().split("\n").at(-1)?.split(/\s+/)[3]) * 1024;
  if (text === undefined || !Number.isFinite(free)) {
    return warning(what, `df does not tell what is free for ${path}`, "look for yourself");
  }
  const found = `${gib(free)} GiB are free for ${path}`;
  if (free < FEW_BYTES) return problem(what, found, "make room, or name a folder on another disk");
  if (free < LITTLE_BYTES) {
    return warning(what, found, "make room soon, or name a folder on another disk");
  }
  return ok(what, found);
}

function gib(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}

/** The folder itself or, where it does not exist yet, the nearest one above it. */
async function existing(path: string): Promise<string> {
  for (let folder = resolve(path);; folder = dirname(folder)) {
    const isThere = await Deno.stat(folder).then(() => true, () => false);
    if (isThere || dirname(folder) === folder) return folder;
  }
}

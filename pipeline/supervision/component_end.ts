import { EXIT_CONFIGURATION, EXIT_FINAL } from "../../flowctl/mod.ts";
import { levelOf } from "../logs/mod.ts";
import type { Ended } from "../process/mod.ts";

/** Why a component is over, for good or until it is started again. */
export type ComponentEnd =
  /** Its work is done. */
  | { readonly kind: "finished" }
  /** The pipeline is being stopped. */
  | { readonly kind: "stopped" }
  /** It failed. */
  | {
    readonly kind: "failed";
    /** What happened, as the end of a sentence that begins with its name. */
    readonly reason: string;
    /** Whether starting it again would end the same way. */
    readonly isFinal: boolean;
    /** Exit code for the manager. */
    readonly exitCode: number;
    /** What it said last. */
    readonly lines: readonly string[];
  };

/** A component that failed. */
export type ComponentFailure = Extract<ComponentEnd, { kind: "failed" }>;

/**
 * What the end of a process means.
 *
 * @param said why the component ended, in its own word; `undefined` when it said nothing
 * @param canFinish whether this component's work has an end
 * @param lines what it said last
 */
export function judgeEnd(
  { code, signal }: Ended,
  said: string | undefined,
  canFinish: boolean,
  lines: readonly string[],
): ComponentEnd {
  if (signal !== null) return failure(`was ended by ${signal}`, lines);
  if (code === 0) {
    // Without a word it has only run out of things to do, and nobody knows what is committed.
    if (canFinish && said === "finished") return { kind: "finished" };
    return failure("ended before its work was done", lines);
  }
  const isFinal = code === EXIT_CONFIGURATION || code === EXIT_FINAL;
  const reason = `failed with exit code ${code}`;
  return failure(reason, lines, isFinal, code === EXIT_CONFIGURATION ? EXIT_CONFIGURATION : 1);
}

/** A failure that a restart may cure, unless told otherwise. */
export function failure(
  reason: string,
  lines: readonly string[],
  isFinal = false,
  exitCode = 1,
): ComponentFailure {
  return { kind: "failed", reason, isFinal, exitCode, lines };
}

/** The end of a component in words, after its name. */
export function describeEnd(end: ComponentEnd): string {
  if (end.kind === "failed") return end.reason;
  return end.kind === "finished" ? "has finished" : "was stopped";
}

/** The end of a component that is not essential, after its name. */
export function missed(end: ComponentEnd): string {
  return `${describeEnd(end)}; the pipeline goes on without it${lastLines(end)}`;
}

/** What a component that failed said last, as the end of a sentence; empty where it said nothing. */
export function lastLines(end: ComponentEnd): string {
  const lines = end.kind === "failed" ? telling(end.lines) : [];
  return lines.length === 0
    ? ""
    : `; its last lines:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}

/** Lines from the first on that tells of something wrong; all where none does. */
function telling(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => ["warn", "error"].includes(levelOf(line) ?? ""));
  return first < 0 ? lines : lines.slice(first);
}

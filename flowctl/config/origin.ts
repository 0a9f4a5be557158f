/**
 * Which of the six steps set a value (flags are of two kinds); `manager` for what the pipeline manager
 * settles itself, such as the address of the component before; `unset` when none did.
 */
export const ORIGIN_KINDS = [
  "flag",
  "setting",
  "override",
  "environment",
  "file",
  "profile",
  "manager",
  "default",
  "unset",
] as const;

/** One of {@linkcode ORIGIN_KINDS}. */
export type OriginKind = typeof ORIGIN_KINDS[number];

/** Where a file or profile sets a value. */
export interface OriginPlace {
  /** The path of keys down to the value, for example `components.ttp-arrow-processor.PORT`. */
  readonly path: string;
  /** The line of the last key, from 1. */
  readonly line: number;
  /** The file or profile that holds the line: of a profile that extends another, maybe that one. */
  readonly source: string;
}

/** Where a value came from. */
export interface Origin {
  /** Which step. */
  readonly kind: OriginKind;
  /** The flag or variable as the user wrote it, for example `TTP_ARROW_PROCESSOR_BATCH_SIZE`. */
  readonly name: string;
  /** The file or profile that held it. */
  readonly source?: string;
  /** Where in a file or profile it is written; absent where that is not known. */
  readonly place?: OriginPlace;
}

/** Whether a person wrote the value somewhere. */
export function isWritten({ kind }: Origin): boolean {
  return kind !== "manager" && kind !== "default" && kind !== "unset";
}

/** An origin in few words: `environment variable BATCH_SIZE`, `profile local`, `default`. */
export function describeOrigin(origin: Origin): string {
  switch (origin.kind) {
    case "flag":
      return `flag ${origin.name}`;
    case "setting":
      return `--set ${origin.name}`;
    case "override":
    case "environment":
      return `environment variable ${origin.name}`;
    case "file":
      return `${origin.name} in ${origin.source}`;
    case "profile":
      return `profile ${origin.source}`;
    case "manager":
      return "the pipeline manager";
    case "default":
      return "default";
    case "unset":
      return "not set";
  }
}

/**
 * An origin for a person who is to correct it: with path and line where it is a file or profile, such as
 * `components.ttp-arrow-processor.PORT, line 7 in profile ./mine.yaml`.
 */
export function locateOrigin(origin: Origin): string {
  return origin.place === undefined
    ? describeOrigin(origin)
    : describePlace(origin.kind, origin.place);
}

/** A place in a file or profile in words. */
export function describePlace(kind: OriginKind, { path, line, source }: OriginPlace): string {
  return `${path}, line ${line} in ${kind === "profile" ? "profile " : ""}${source}`;
}

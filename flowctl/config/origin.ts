/** Which of the six steps set a value (flags are of two kinds); `unset` when none did. */
export type OriginKind =
  | "flag"
  | "setting"
  | "override"
  | "environment"
  | "file"
  | "profile"
  | "default"
  | "unset";

/** Where a value came from. */
export interface Origin {
  /** Which step. */
  readonly kind: OriginKind;
  /** The flag or variable as the user wrote it, for example `TTP_ARROW_PROCESSOR_BATCH_SIZE`. */
  readonly name: string;
  /** The file or profile that held it. */
  readonly source?: string;
}

/** An origin in words: `environment variable BATCH_SIZE`, `profile local`, `default`. */
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
    case "default":
      return "default";
    case "unset":
      return "not set";
  }
}

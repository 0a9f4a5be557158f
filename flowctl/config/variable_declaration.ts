/** What the text of a variable must be. */
export type VariableType =
  | "string"
  | "boolean"
  | "integer"
  | "number"
  | "duration"
  | "bytes"
  | "endpoint"
  | "path"
  | "enum"
  | "list";

/** All variable types, in the order in which the guide explains them. */
export const VARIABLE_TYPES: readonly VariableType[] = [
  "string",
  "boolean",
  "integer",
  "number",
  "duration",
  "bytes",
  "endpoint",
  "path",
  "enum",
  "list",
];

/** A permission that is needed always, or only when other variables have one of the named values. */
export type PermissionCondition = true | Readonly<Record<string, readonly string[]>>;

/** What the value of a variable lets the process do; permission flags follow from it. */
export interface VariablePermission {
  /** The value is a port that the process listens on. */
  readonly listen?: PermissionCondition;
  /** The value is an endpoint (or a list of them) that the process connects to. */
  readonly connect?: PermissionCondition;
  /** The value is a file or folder that the process reads. */
  readonly read?: PermissionCondition;
  /** The value is a file or folder that the process writes. */
  readonly write?: PermissionCondition;
}

/** One variable of a component, as its component.yaml declares it. */
export interface VariableDeclaration {
  /** In capitals, without prefix. */
  readonly name: string;
  /** What it does, as a sentence. */
  readonly description: string;
  /** What its text must be. */
  readonly type: VariableType;
  /** The type of each item of a list; `string` where a list names none. */
  readonly items: Exclude<VariableType, "list">;
  /** What an enum, or a list of an enum, allows. */
  readonly values: readonly string[];
  /** The value as text, where nothing sets the variable. */
  readonly default?: string;
  /** Checked against the text (of each item of a list). */
  readonly pattern?: RegExp;
  /** In words what the pattern asks for. */
  readonly hint?: string;
  /** Smallest value allowed, as text of the variable's type. */
  readonly minimum?: string;
  /** Largest value allowed, as text of the variable's type. */
  readonly maximum?: string;
  /** Whether the component cannot start without it. */
  readonly required: boolean;
  /** A secret's value is never shown. */
  readonly secret: boolean;
  /** A correct value, for help and error messages. */
  readonly example: string;
  /** Heading under which the guide and the help show the variable. */
  readonly group: string;
  /** Version that brought the variable. */
  readonly since: string;
  /** What its value lets the process do. */
  readonly permission: VariablePermission;
  /** In a pipeline only the form with the component's prefix counts (ports differ by component). */
  readonly perComponent: boolean;
  /**
   * The variable that this one overrides for its component alone: type and rules are those of that
   * variable, and the name is the component's prefix before its name. Such an entry has no flag, since
   * a component's command line is the component's own.
   */
  readonly overrides?: string;
}

/** The command-line flag of a variable: `BATCH_SIZE` is `--batch-size`. */
export function flagOf(name: string): string {
  return `--${name.toLowerCase().replaceAll("_", "-")}`;
}

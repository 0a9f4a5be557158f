import { readYaml } from "./read_yaml.ts";
import { readShellValue } from "./_shell_value.ts";

/** A variable of a `--config` file. */
export interface FileVariable {
  /** Its value as it is written, without quotes. */
  readonly text: string;
  /** The line that sets it, from 1. */
  readonly line: number;
}

/** Variables of a `--config` file, by name as written. */
export type FileVariables = ReadonlyMap<string, FileVariable>;

/** A `--config` file that cannot be read; the message names file and line. */
export class ConfigFileError extends Error {
  /** The class's name. */
  override readonly name = "ConfigFileError";
  /** Tells this error from others. */
  readonly code = "CONFIG_FILE";
}

/**
 * Reads `NAME=value` and `export NAME=value` lines, or a YAML mapping where the file's name ends in
 * .yaml, .yml or .json. A line means what it means to a shell with `source`, or is refused: what a
 * shell would expand, cut off or run. Only the line ends and the byte order mark of Windows, which a
 * shell takes for text, are passed over.
 *
 * @throws {ConfigFileError} naming the file and line
 */
export function parseConfigFile(text: string, file: string): FileVariables {
  return /\.(ya?ml|json)$/i.test(file) ? parseYaml(text, file) : parseLines(text, file);
}

function parseYaml(text: string, file: string): FileVariables {
  const { root, problems } = readYaml(text, "text");
  const variables = root.variables();
  if (problems.length > 0) throw new ConfigFileError(`${file}, ${problems.join("; ")}`);
  return new Map(
    Object.entries(variables).map(([name, text]) => [name, { text, line: root.lineOf(name) }]),
  );
}

function parseLines(text: string, file: string): FileVariables {
  const variables = new Map<string, FileVariable>();
  for (const [index, written] of text.replace(/^\uFEFF/, "").split(/\r?\n/).entries()) {
    // A shell knows no other blanks.
    if (/^[ \t]*(?:#|$)/.test(written)) continue;
    const match = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)=([^]*)$/.exec(written);
    const line = index + 1;
    // The line itself is not shown: it may hold a secret.
    if (match === null) {
      throw new ConfigFileError(`${file}, line ${line}: must be NAME=value or export NAME=value`);
    }
    const [, name, rest] = match;
    const read = readShellValue(rest!);
    if ("problem" in read) {
      throw new ConfigFileError(`${file}, line ${line}, ${name}: ${read.problem}`);
    }
    variables.set(name!, { text: read.value, line });
  }
  return variables;
}

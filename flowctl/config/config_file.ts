import { readYaml } from "./_read_yaml.ts";

/** Variables of a `--config` file, by name as written. */
export type FileVariables = ReadonlyMap<string, string>;

/** A `--config` file that cannot be read; the message names file and line. */
export class ConfigFileError extends Error {
  /** The class's name. */
  override readonly name = "ConfigFileError";
  /** Tells this error from others. */
  readonly code = "CONFIG_FILE";
}

/**
 * Reads `NAME=value` and `export NAME=value` lines (as a shell would with `source`: quotes, and
 * comments from `#`), or a YAML mapping where the file's name ends in .yaml, .yml or .json.
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
  return new Map(Object.entries(variables));
}

function parseLines(text: string, file: string): FileVariables {
  const variables = new Map<string, string>();
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const match = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line);
    const value = match === null ? undefined : unquote(match[2]!);
    if (match === null || value === undefined) {
      // The line itself is not shown: it may hold a secret.
      throw new ConfigFileError(
        `${file}, line ${index + 1}: must be NAME=value or export NAME=value, quotes closed`,
      );
    }
    variables.set(match[1]!, value);
  }
  return variables;
}

/** The text that a shell would assign; `undefined` when a quote is left open. */
function unquote(text: string): string | undefined {
  const quoted = /^(?:'([^']*)'|"((?:[^"\\]|\\.)*)")\s*(?:#.*)?$/.exec(text);
  if (quoted !== null) return quoted[1] ?? quoted[2]!.replace(/\\(["\\$`])/g, "$1");
  if (text.startsWith("'") || text.startsWith('"')) return undefined;
  return text.replace(/\s+#.*$/, "").trim();
}

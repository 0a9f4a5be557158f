import { parse } from "@std/yaml";
import { DeclarationReader } from "./declaration_reader.ts";

/** What a YAML text holds, as a mapping to be read, or what is wrong with it. */
export interface YamlReading {
  /** The outermost mapping; empty when the text is no mapping, or no YAML. */
  readonly root: DeclarationReader;
  /** Grows with each problem that is found while the mapping is read. */
  readonly problems: string[];
}

/**
 * Opens a YAML text.
 *
 * @param scalars `typed`: numbers and true or false are such; `text`: all are as they are written,
 * so that 9007199254740993 and 007 stay what they are
 */
export function readYaml(text: string, scalars: "typed" | "text"): YamlReading {
  const problems: string[] = [];
  let document: unknown = {};
  try {
    document = parse(text, { schema: scalars === "text" ? "failsafe" : "core" });
  } catch (error) {
    problems.push(syntaxProblem(error));
  }
  return { root: DeclarationReader.open(document, text, problems), problems };
}

/** `Cannot read block: tab character at line 3, column 1: …` as a sentence that starts with the line. */
function syntaxProblem(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const match = /^(?:Cannot [^:]+: )?([^]*?) at line (\d+), column (\d+)/.exec(message);
  if (match === null) return `not valid YAML: ${message}`;
  const [, reason, line, column] = match;
  return `line ${line}, column ${column}: not valid YAML: ${reason}`;
}

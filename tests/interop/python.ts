/** A Python that can import the modules of a test, or why there is none. */
export type Python = { readonly program: string } | { readonly missing: string };

const OWN = new URL("../../.venv/bin/python", import.meta.url).pathname;

/**
 * Finds a Python with modules: PYTHON, else the virtual environment of the repository, else python3.
 * One that is named with PYTHON is the only one looked at.
 *
 * @throws {Error} when a module is there but cannot be imported, which is a fault and no absence
 */
export async function findPython(modules: readonly string[]): Promise<Python> {
  const named = Deno.env.get("PYTHON");
  const programs = named ? [named] : [OWN, "python3"];
  for (const program of programs) {
    if (await canImport(program, modules)) return { program };
  }
  const where = programs.join(", ");
  return { missing: `no Python with ${modules.join(", ")} (${where}); see CONTRIBUTING.md` };
}

// A module that is not installed is told by its absence; one that fails to load is an error.
const LOOK = `
import importlib, importlib.util, sys
for name in sys.argv[1:]:
    if importlib.util.find_spec(name.split(".")[0]) is None: sys.exit(77)
for name in sys.argv[1:]: importlib.import_module(name)
`;

/** What LOOK ends with where a module is not installed. */
const ABSENT = 77;

async function canImport(program: string, modules: readonly string[]): Promise<boolean> {
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command(program, { args: ["-c", LOOK, ...modules] }).output();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
  if (output.success) return true;
  if (output.code === ABSENT) return false;
  throw new Error(`${program}: ${new TextDecoder().decode(output.stderr)}`);
}

/** Runs a script; answers what it printed. Throws with its words when it fails. */
export async function runPython(python: Python, args: readonly string[]): Promise<string> {
  if ("missing" in python) throw new Error(python.missing);
  const { success, stdout, stderr } = await new Deno.Command(python.program, {
    args: [...args],
    stdin: "null",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

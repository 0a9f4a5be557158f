/** A first build downloads and compiles its modules; one that takes longer has no network. */
const BUILD_TIMEOUT_MS = 300_000;

/** What Go says when modules cannot be had: no network, no proxy, or downloads not allowed. */
const NO_MODULES =
  /dial tcp|no such host|i\/o timeout|connection (refused|reset)|TLS handshake|GOPROXY=off|network is unreachable/;

/**
 * Builds the Go program in a folder.
 *
 * @param path where the executable goes
 * @returns a sentence that says why it cannot be had here: no Go on this machine, or its modules
 * do not come; `undefined` once it is built
 * @throws {Error} when it cannot be built for any other reason
 */
export async function buildGoProgram(folder: string, path: string): Promise<string | undefined> {
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command("go", {
      args: ["build", "-o", path, "."],
      cwd: folder,
      stdin: "null",
      signal: AbortSignal.timeout(BUILD_TIMEOUT_MS),
    }).output();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "Go is not installed";
    throw error;
  }
  if (output.success) return undefined;
  const said = new TextDecoder().decode(output.stderr).trim();
  const absent = whyAbsent(said, output.signal);
  if (absent === undefined) throw new Error(`the Go program in ${folder} cannot be built: ${said}`);
  return absent;
}

/** Why a build that failed counts as no Go here; `undefined` when it is a fault of the program. */
export function whyAbsent(said: string, signal: string | null): string | undefined {
  // Nothing but the time-out sends a signal.
  if (signal !== null) return "the Go program's modules did not come in time";
  if (!NO_MODULES.test(said)) return undefined;
  return `the Go program's modules cannot be had: ${said.split("\n").at(-1)}`;
}

import { ROOT } from "./repository.ts";

/**
 * Runs Deno in the repository and answers its exit code. It talks straight to the terminal; nothing of
 * what it says is kept in memory.
 */
export async function runDeno(args: readonly string[]): Promise<number> {
  const command = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  });
  return (await command.spawn().status).code;
}

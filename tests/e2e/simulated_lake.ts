import { fromFileUrl } from "@std/path";

/** Writes a lake of the simulated network. Ledgers are 2 to `ledgers` + 1. */
export async function makeSimulatedLake(
  folder: string,
  options: { readonly ledgers: number; readonly seed: number },
): Promise<void> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "task",
      "-q",
      "simulate",
      "--out",
      folder,
      "--ledgers",
      String(options.ledgers),
      "--seed",
      String(options.seed),
    ],
    cwd: fromFileUrl(new URL("../../", import.meta.url)),
    stdin: "null",
  }).output();
  if (code !== 0) throw new Error(`simulate failed: ${new TextDecoder().decode(stderr)}`);
}

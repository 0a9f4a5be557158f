import { fromFileUrl, join } from "@std/path";

/** Writes a lake of the simulated network. Ledgers are 2 to `ledgers` + 1. */
export async function makeSimulatedLake(
  folder: string,
  options: { readonly ledgers: number; readonly seed: number; readonly transactions?: number },
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
      ...(options.transactions === undefined
        ? []
        : ["--transactions", String(options.transactions)]),
    ],
    cwd: fromFileUrl(new URL("../../", import.meta.url)),
    stdin: "null",
  }).output();
  if (code !== 0) throw new Error(`simulate failed: ${new TextDecoder().decode(stderr)}`);
}

/**
 * Takes the ledgers from one on out of a lake, as if they had not closed yet; what is returned puts
 * them back up to a ledger, the oldest first.
 */
export async function holdBack(
  lake: string,
  aside: string,
  from: number,
): Promise<(last: number) => Promise<void>> {
  const held: { readonly ledger: number; readonly path: string; readonly aside: string }[] = [];
  await Deno.mkdir(aside);
  for (const path of await ledgerFiles(lake)) {
    const ledger = Number(/--(\d+)\.xdr/.exec(path)![1]);
    if (ledger >= from) held.push({ ledger, path, aside: join(aside, String(ledger)) });
  }
  held.sort((a, b) => b.ledger - a.ledger);
  for (const file of held) await Deno.rename(file.path, file.aside);
  return async (last) => {
    while ((held.at(-1)?.ledger ?? Infinity) <= last) {
      const file = held.pop()!;
      await Deno.rename(file.aside, file.path);
    }
  };
}

async function ledgerFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) files.push(...await ledgerFiles(path));
    else if (/--\d+\.xdr\.zst(d)?$/.test(name)) files.push(path);
  }
  return files;
}

/** Ledgers of the conformance corpus, for the unit tests of this folder. */
const GOLDEN = new URL("../../tests/conformance/golden/", import.meta.url);

export interface CorpusLedger {
  readonly name: string;
  readonly passphrase: string;
  readonly bytes: Uint8Array;
}

/** All cases of the repository's corpus; those named, when names are given. */
export async function corpusLedgers(...names: string[]): Promise<CorpusLedger[]> {
  const manifest = JSON.parse(await Deno.readTextFile(new URL("manifest.json", GOLDEN))) as {
    cases: { name: string; passphrase: string; files: { xdr: string } }[];
  };
  const found: CorpusLedger[] = [];
  for (const { name, passphrase, files } of manifest.cases) {
    // Real ledgers are not copied into the repository.
    if (names.length > 0 ? !names.includes(name) : name.startsWith("real-")) continue;
    found.push({ name, passphrase, bytes: await Deno.readFile(new URL(files.xdr, GOLDEN)) });
  }
  return found;
}

/** Path of a file of the corpus. */
export function corpusPath(name: string): string {
  return decodeURIComponent(new URL(name, GOLDEN).pathname);
}

import { assertEquals, assertThrows } from "@std/assert";
import { LedgerIndex } from "../../stellar/mod.ts";
import { LedgerSimulator } from "../../stellar/simulated/mod.ts";
import { LedgerVerifier, VerificationError } from "./ledger_verifier.ts";

function ledgersOf(protocol: number, count: number): Uint8Array[] {
  const simulator = new LedgerSimulator({ seed: "verify", protocol, transactionsPerLedger: 3 });
  return Array.from({ length: count }, () => simulator.next());
}

function read(ledger: Uint8Array): LedgerIndex {
  const index = new LedgerIndex();
  index.read(ledger);
  return index;
}

/** The code with which a level refuses the ledgers, undefined when it takes them. */
function refusal(level: "off" | "chain" | "full", ledgers: Uint8Array[]): string | undefined {
  const verifier = new LedgerVerifier(level);
  try {
    for (const ledger of ledgers) verifier.check(read(ledger));
  } catch (error) {
    if (error instanceof VerificationError) return error.code;
    throw error;
  }
  return undefined;
}

Deno.test("a chain of ledgers verifies in full, with transaction sets old and new", () => {
  for (const protocol of [13, 19, 20, 23, 28]) {
    assertEquals(refusal("full", ledgersOf(protocol, 8)), undefined, `protocol ${protocol}`);
  }
});

Deno.test("each planted change is found by the level that covers it, and by no lesser one", () => {
  const ledgers = ledgersOf(23, 12);
  const at = ledgers.findIndex((ledger, i) => i > 2 && read(ledger).transactionCount > 0);
  const index = read(ledgers[at]!);
  const changed = (position: number): Uint8Array[] => {
    const ledger = ledgers[at]!.slice();
    ledger[position] = ledger[position]! ^ 1;
    return ledgers.with(at, ledger);
  };
  for (
    const [name, position, off, chain, full] of [
      ["the header", index.header.totalCoins + 7, undefined, "header_hash", "header_hash"],
      ["the stated hash", index.hashAt, undefined, "header_hash", "header_hash"],
      [
        "a set's transaction",
        index.envelopes.sourceKey.data[0]!,
        undefined,
        undefined,
        "transaction_set",
      ],
      ["a result", index.results.feeCharged.data[0]! + 7, undefined, undefined, "results"],
    ] as const
  ) {
    const planted = changed(position);
    assertEquals(refusal("off", planted), off, name);
    assertEquals(refusal("chain", planted), chain, name);
    assertEquals(refusal("full", planted), full, name);
  }
});

Deno.test("a ledger of another chain does not link, and the sentence names both", () => {
  const ledgers = ledgersOf(23, 4);
  const others = new LedgerSimulator({ seed: "another", protocol: 23, transactionsPerLedger: 3 });
  const foreign = [others.next(), others.next(), others.next()][2]!;
  const verifier = new LedgerVerifier("chain");
  verifier.check(read(ledgers[0]!));
  verifier.check(read(ledgers[1]!));
  assertThrows(
    () => verifier.check(read(foreign)),
    VerificationError,
    "Ledger 4 does not follow ledger 3",
  );
  verifier.check(read(ledgers[2]!));
});

Deno.test("after a gap there is nothing to link to", () => {
  const ledgers = ledgersOf(23, 5);
  assertEquals(refusal("chain", [ledgers[0]!, ledgers[3]!, ledgers[4]!]), undefined);
});

const real = new URL("../../../shared/golden-real/", import.meta.url);

Deno.test({
  name: "every real ledger of pubnet and testnet verifies in full",
  ignore: !isThere(real),
  fn() {
    const manifest = JSON.parse(Deno.readTextFileSync(new URL("manifest.json", real)));
    for (const { name, files } of manifest.cases) {
      const ledger = Deno.readFileSync(new URL(files.xdr, real));
      assertEquals(refusal("full", [ledger]), undefined, name);
    }
  },
});

function isThere(url: URL): boolean {
  try {
    return Deno.statSync(url).isDirectory;
  } catch {
    return false;
  }
}

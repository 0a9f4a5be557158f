import { assertEquals } from "@std/assert";
import {
  Account,
  Asset,
  FeeBumpTransaction,
  Keypair,
  Memo,
  Networks,
  Operation,
  Transaction,
  TransactionBuilder,
} from "@stellar/stellar-sdk";
import { networkId } from "./network.ts";
import { Sha256 } from "./sha256.ts";
import { transactionHashInto } from "./transaction_hash.ts";

const KEYS = Keypair.fromRawEd25519Seed(new Uint8Array(32).fill(5) as never);

function payment(memo: string): Transaction {
  const builder = new TransactionBuilder(new Account(KEYS.publicKey(), "100"), {
    fee: "100",
    networkPassphrase: Networks.TESTNET,
    timebounds: { minTime: 0, maxTime: 1_800_000_000 },
    memo: Memo.text(memo),
  });
  builder.addOperation(
    Operation.payment({ destination: KEYS.publicKey(), asset: Asset.native(), amount: "1.5" }),
  );
  const transaction = builder.build();
  transaction.sign(KEYS);
  return transaction;
}

/** The hash of the transaction that lies between the envelope's tag and its one signature. */
function hashOf(envelope: Uint8Array, type: 0 | 2 | 5, signaturesBytes: number): Uint8Array {
  const ledger = new Uint8Array(envelope.length + 100).fill(9);
  ledger.set(envelope, 60);
  const out = new Uint8Array(40);
  const end = 60 + envelope.length - signaturesBytes;
  const sha = new Sha256();
  transactionHashInto(sha, networkId(Networks.TESTNET), type, ledger, 64, end, out, 8);
  return out.slice(8);
}

/** One DecoratedSignature: count, hint, length, 64 bytes. */
const ONE_SIGNATURE = 4 + 4 + 4 + 64;

Deno.test("a v1 transaction's hash is the Stellar SDK's", () => {
  const transaction = payment("v1");
  const envelope = new Uint8Array(transaction.toEnvelope().toXDR());
  assertEquals(hashOf(envelope, 2, ONE_SIGNATURE), new Uint8Array(transaction.hash()));
});

Deno.test("a v0 transaction is hashed as the same transaction of v1", () => {
  const transaction = payment("v0");
  const v1 = new Uint8Array(transaction.toEnvelope().toXDR());
  // V0 is V1 without the discriminant of the source's key: 4 bytes less, envelope type 0.
  const v0 = new Uint8Array(v1.length - 4);
  v0.set(v1.subarray(8), 4);
  const read = TransactionBuilder.fromXDR(
    btoa(String.fromCharCode(...v0)),
    Networks.TESTNET,
  ) as Transaction;
  assertEquals(hashOf(v0, 0, ONE_SIGNATURE), new Uint8Array(transaction.hash()));
  assertEquals(hashOf(v0, 0, ONE_SIGNATURE), new Uint8Array(read.hash()));
});

Deno.test("a fee bump has the hash of its outer transaction", () => {
  const inner = payment("inner");
  const outer: FeeBumpTransaction = TransactionBuilder.buildFeeBumpTransaction(
    KEYS,
    "400",
    inner,
    Networks.TESTNET,
  );
  outer.sign(KEYS);
  const envelope = new Uint8Array(outer.toEnvelope().toXDR());
  assertEquals(hashOf(envelope, 5, ONE_SIGNATURE), new Uint8Array(outer.hash()));
});

import { Sha256, SHA256_BYTES } from "./sha256.ts";

/** Passphrases of the public networks. */
export const Networks: {
  readonly pubnet: string;
  readonly testnet: string;
  readonly futurenet: string;
} = {
  pubnet: "Public Global Stellar Network ; September 2015",
  testnet: "Test SDF Network ; September 2015",
  futurenet: "Test SDF Future Network ; October 2022",
};

/**
 * The 32 bytes that bind hashes and signatures to a network: SHA-256 of its passphrase in UTF-8.
 * Keep the answer: it is the same for a whole run.
 */
export function networkId(passphrase: string): Uint8Array {
  const text = new TextEncoder().encode(passphrase);
  const id = new Uint8Array(SHA256_BYTES);
  new Sha256().hash(text, 0, text.length, id, 0);
  return id;
}

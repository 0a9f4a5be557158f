/**
 * A small whole ledger for tests: a LedgerCloseMeta of version 0 without transactions, with the
 * given sequence. Its hashes are not those of its content.
 */
export function testLedger(sequence: number): Uint8Array {
  const xdr = new Uint8Array(LEDGER_BYTES);
  new DataView(xdr.buffer).setUint32(SEQUENCE_AT, sequence);
  // Tells ledgers apart by more than the sequence.
  xdr[4 + 31] = sequence & 0xff;
  return xdr;
}

/** version (4) · hash (32) · ledgerVersion (4) · previous hash (32) */
const SCP_VALUE_AT = 4 + 32 + 4 + 32;
/** tx set hash (32) · close time (8) · upgrades (4) · ext (4), then two hashes */
const SEQUENCE_AT = SCP_VALUE_AT + 32 + 8 + 4 + 4 + 32 + 32;
/**
 * ledgerSeq (4) · totalCoins (8) · feePool (8) · inflationSeq (4) · idPool (8) · baseFee (4) ·
 * baseReserve (4) · maxTxSetSize (4) · skipList (128) · ext (4)
 */
const HEADER_END = SEQUENCE_AT + 4 + 8 + 8 + 4 + 8 + 4 + 4 + 4 + 128 + 4;
/** ext of the history entry (4) · tx set: hash (32), count (4) · three more counts */
const LEDGER_BYTES = HEADER_END + 4 + 36 + 12;

import { ContractEventType, skipScVal, word, type XdrReader } from "../../../stellar/xdr/mod.ts";

/**
 * Positions inside one ContractEvent.
 *
 * ```
 * ContractEvent     ext(4) contractID?(4, 32) type(4) body
 * body              0(4) topics(count 4, ScVal…) data(ScVal)
 * ```
 */
export class ContractEventParts {
  /** Whether it is of type CONTRACT and names a contract. */
  isFromContract = false;
  /** The contract's 32-byte id. */
  contractId = 0;
  topicCount = 0;
  /** The first three topics, and the last one. */
  topic0 = 0;
  topic1 = 0;
  topic2 = 0;
  lastTopic = 0;
  data = 0;
  /** Position after the event. */
  end = 0;

  /** Reads the event at `p`, which is valid XDR. */
  locate(reader: XdrReader, p: number): void {
    p += 4;
    const hasContract = word(reader, p) === 1;
    p += 4;
    this.contractId = p;
    if (hasContract) p += 32;
    this.isFromContract = hasContract && word(reader, p) === ContractEventType.contract;
    this.topicCount = word(reader, p + 8) >>> 0;
    p += 12;
    for (let i = 0; i < this.topicCount; i++) {
      if (i === 0) this.topic0 = p;
      else if (i === 1) this.topic1 = p;
      else if (i === 2) this.topic2 = p;
      this.lastTopic = p;
      p = skipScVal(reader, p);
    }
    this.data = p;
    this.end = skipScVal(reader, p);
  }
}

import { decodeStrkey, StrkeyError } from "../../stellar/mod.ts";
import {
  EVENT_TYPE_NAMES,
  type LedgerTransfers,
  NATIVE_ASSET,
  NO_ADDRESS,
  NO_ASSET,
} from "./token_transfer/mod.ts";

/** Which events to keep; what is left out does not narrow. All of them must hold. */
export interface EventFilterOptions {
  /** Kinds: transfer, mint, burn, clawback, fee. */
  readonly eventTypes?: readonly string[];
  /** `native`, `CODE` (any issuer), `CODE:ISSUER`, or `C…` (the contract that emitted). */
  readonly assets?: readonly string[];
  /** Addresses that send or receive; `G…` stands for its muxed forms too. */
  readonly accounts?: readonly string[];
  /** Bounds of the amount in the asset's smallest unit, inclusive; refunds of fees are negative. */
  readonly minAmount?: bigint;
  readonly maxAmount?: bigint;
  /** Whether the fees of failed transactions are kept; true unless given. */
  readonly includeFailed?: boolean;
}

/** Forms of an asset and of an address in a filter; those of ASSET_FILTERS and ACCOUNT_FILTERS. */
export const ASSET_FILTER = /^(native|[a-zA-Z0-9]{1,12}(:G[A-Z2-7]{55})?|C[A-Z2-7]{55})$/;
export const ACCOUNT_FILTER = /^([GC][A-Z2-7]{55}|[BL][A-Z2-7]{55,57}|M[A-Z2-7]{68})$/;

/** Amounts are i128. */
const MIN_I128 = -(2n ** 127n);
const MAX_I128 = 2n ** 127n - 1n;

/** Answers remembered per address or asset number; 0 is not asked yet. */
const YES = 1;
const NO = 2;

/**
 * Decides about events by number: text is compared once per address and asset, not once per event.
 * One instance per {@linkcode LedgerTransfers}.
 */
export class EventFilter {
  readonly #types: Uint8Array | undefined;
  readonly #assetTexts: ReadonlySet<string> | undefined;
  readonly #accounts: ReadonlySet<string> | undefined;
  readonly #min: bigint | undefined;
  readonly #max: bigint | undefined;
  readonly #includeFailed: boolean;
  #generation = -1;
  #addressAnswers = new Uint8Array(0);
  #assetAnswers = new Uint8Array(0);
  #contractAnswers = new Uint8Array(0);

  /** Throws RangeError that names the value which no event can have, and what would be right. */
  constructor(options: EventFilterOptions = {}) {
    checkForms(options);
    if (options.eventTypes !== undefined && options.eventTypes.length > 0) {
      this.#types = new Uint8Array(EVENT_TYPE_NAMES.length);
      for (const name of options.eventTypes) {
        const type = (EVENT_TYPE_NAMES as readonly string[]).indexOf(name);
        if (type < 0) {
          throw new RangeError(
            `"${name}" is no event type: use ${EVENT_TYPE_NAMES.join(", ")}`,
          );
        }
        this.#types[type] = 1;
      }
    }
    this.#assetTexts = nonEmpty(options.assets);
    this.#accounts = nonEmpty(options.accounts);
    this.#min = options.minAmount;
    this.#max = options.maxAmount;
    this.#includeFailed = options.includeFailed ?? true;
  }

  /** Whether every event is kept. */
  get keepsAll(): boolean {
    return this.#types === undefined && this.#assetTexts === undefined &&
      this.#accounts === undefined && this.#min === undefined && this.#max === undefined &&
      this.#includeFailed;
  }

  /** Whether event `row` of the ledger that `transfers` has read is kept. */
  keeps(transfers: LedgerTransfers, row: number): boolean {
    const { rows } = transfers.context;
    this.#follow(transfers);
    if (this.#types !== undefined && this.#types[rows.type(row)] === 0) return false;
    if (!this.#includeFailed) {
      if (transfers.index.results.successful.data[rows.transaction(row)] === 0) return false;
    }
    if (this.#assetTexts !== undefined && !this.#keepsAsset(transfers, row)) return false;
    if (this.#accounts !== undefined) {
      const from = this.#keepsAddress(transfers, rows.from(row));
      if (!from && !this.#keepsAddress(transfers, rows.to(row))) return false;
    }
    if (this.#min === undefined && this.#max === undefined) return true;
    const amount = rows.readAmount(row, transfers.context.amount).toBigInt();
    return (this.#min === undefined || amount >= this.#min) &&
      (this.#max === undefined || amount <= this.#max);
  }

  /** Forgets the answers when the numbers were given anew, and makes room for new numbers. */
  #follow(transfers: LedgerTransfers): void {
    const { generation, addresses, assets } = transfers.context;
    if (generation !== this.#generation) {
      this.#generation = generation;
      this.#addressAnswers.fill(0);
      this.#assetAnswers.fill(0);
      this.#contractAnswers.fill(0);
    }
    if (this.#addressAnswers.length < addresses.size) {
      this.#addressAnswers = grown(this.#addressAnswers, addresses.size);
      this.#contractAnswers = grown(this.#contractAnswers, addresses.size);
    }
    if (this.#assetAnswers.length < assets.size) {
      this.#assetAnswers = grown(this.#assetAnswers, assets.size);
    }
  }

  #keepsAsset(transfers: LedgerTransfers, row: number): boolean {
    const { rows, assets } = transfers.context;
    const contract = rows.contract(row);
    if (this.#contractAnswers[contract] === 0) {
      const kept = this.#assetTexts!.has(addressText(transfers, contract));
      this.#contractAnswers[contract] = kept ? YES : NO;
    }
    if (this.#contractAnswers[contract] === YES) return true;
    const asset = rows.asset(row);
    if (asset === NO_ASSET) return false;
    if (this.#assetAnswers[asset] === 0) {
      const { textStart, textEnd, codeEnd } = assets.facts[asset]!;
      const text = decode(assets.text.subarray(textStart, textEnd));
      const kept = this.#assetTexts!.has(text) ||
        (asset !== NATIVE_ASSET && this.#assetTexts!.has(text.slice(0, codeEnd - textStart)));
      this.#assetAnswers[asset] = kept ? YES : NO;
    }
    return this.#assetAnswers[asset] === YES;
  }

  #keepsAddress(transfers: LedgerTransfers, address: number): boolean {
    if (address === NO_ADDRESS) return false;
    if (this.#addressAnswers[address] === 0) {
      const account = transfers.context.addresses.accountOf(address);
      const kept = this.#accounts!.has(addressText(transfers, address)) ||
        (account !== address && this.#accounts!.has(addressText(transfers, account)));
      this.#addressAnswers[address] = kept ? YES : NO;
    }
    return this.#addressAnswers[address] === YES;
  }
}

/**
 * A filter as JSON text with sorted keys and values, so that equal filters have equal texts; undefined when
 * it keeps everything. Streams carry it, because a table must not mix filters.
 */
export function describeFilter(options: EventFilterOptions): string | undefined {
  const list = (values: readonly string[] | undefined) =>
    values === undefined || values.length === 0 ? undefined : [...new Set(values)].sort();
  const text = JSON.stringify({
    accounts: list(options.accounts),
    assets: list(options.assets),
    event_types: list(options.eventTypes),
    include_failed: options.includeFailed === false ? false : undefined,
    max_amount: options.maxAmount === undefined ? undefined : String(options.maxAmount),
    min_amount: options.minAmount === undefined ? undefined : String(options.minAmount),
  });
  return text === "{}" ? undefined : text;
}

function checkForms({ assets, accounts, minAmount, maxAmount }: EventFilterOptions): void {
  for (const asset of assets ?? []) {
    if (ASSET_FILTER.test(asset)) continue;
    throw new RangeError(`"${asset}" is no asset: use native, CODE, CODE:ISSUER or a contract C…`);
  }
  for (const account of accounts ?? []) {
    if (ACCOUNT_FILTER.test(account) && isStrkey(account)) continue;
    throw new RangeError(`"${account}" is no address: use one that starts with G, M, C, B or L`);
  }
  for (const amount of [minAmount, maxAmount]) {
    if (amount === undefined || (amount >= MIN_I128 && amount <= MAX_I128)) continue;
    throw new RangeError(`${amount} is no amount: amounts have 128 bits`);
  }
  if (minAmount !== undefined && maxAmount !== undefined && maxAmount < minAmount) {
    throw new RangeError(`The largest amount, ${maxAmount}, is below the smallest, ${minAmount}`);
  }
}

function isStrkey(text: string): boolean {
  try {
    decodeStrkey(text);
    return true;
  } catch (error) {
    if (error instanceof StrkeyError) return false;
    throw error;
  }
}

function nonEmpty(texts: readonly string[] | undefined): ReadonlySet<string> | undefined {
  return texts === undefined || texts.length === 0 ? undefined : new Set(texts);
}

function grown(answers: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(256, size * 2));
  larger.set(answers);
  return larger;
}

function addressText(transfers: LedgerTransfers, address: number): string {
  const { addresses } = transfers.context;
  return decode(addresses.text.subarray(addresses.textStart(address), addresses.textEnd(address)));
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

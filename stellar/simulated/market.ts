import type { Asset } from "./ledger_entry.ts";

/** Decimals of stroops in one unit. */
const UNIT = 10_000_000n;

/**
 * What an asset is worth, in tenths of a lumen: prices of offers and pools lie about these, so
 * that trades are sensible. By position in the world's list of assets (see genesis.ts).
 */
const WORTH_IN_TENTHS: readonly number[] = [10, 80, 90, 5, 200, 20, 50_000];

/** The worth of one unit of an asset in tenths of a lumen. */
export function worth(asset: Asset): number {
  return WORTH_IN_TENTHS[asset.index % WORTH_IN_TENTHS.length]!;
}

/** The amount of an asset that is worth so many lumens, in stroops. */
export function amountWorth(asset: Asset, lumens: number): bigint {
  return BigInt(lumens) * UNIT * 10n / BigInt(worth(asset));
}

/**
 * The price of one unit of `selling` in `buying`, moved away from the fair one by `permille`
 * (above zero: dearer), as the fraction that an offer holds.
 */
export function priceOf(selling: Asset, buying: Asset, permille: number): { n: number; d: number } {
  let n = worth(selling) * (1000 + permille), d = worth(buying) * 1000;
  const divisor = gcd(n, d);
  n /= divisor;
  d /= divisor;
  return { n, d };
}

function gcd(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

/** What a load asks of whoever feeds it. */
export interface Demand {
  readonly load: number;
  readonly backpressure: boolean;
  readonly throttle: number;
  readonly ledgersPerSecond: number | undefined;
  readonly bytesPerSecond: number | undefined;
}

/** What two ask together: the larger load, and the slower of each pace. */
export function strictestOf(a: Demand, b: Demand): Demand {
  return {
    load: Math.max(a.load, b.load),
    backpressure: a.backpressure || b.backpressure,
    throttle: Math.min(a.throttle, b.throttle),
    ledgersPerSecond: least(a.ledgersPerSecond, b.ledgersPerSecond),
    bytesPerSecond: least(a.bytesPerSecond, b.bytesPerSecond),
  };
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined) return b;
  return b === undefined ? a : Math.min(a, b);
}

// Every threshold of the report, in one place. Those of alerts lie above them.

/** A service with a larger load has little to spare: flow control begins to hold back there. */
export const HIGH_LOAD_RATIO = 0.8;

/**
 * Below it a service asks for less only because one after it does: of its own backpressure would be
 * off by then (FLOW_CONTROL_RECOVERY_THRESHOLD).
 */
export const RECOVERED_LOAD_RATIO = 0.6;

/** More failed work than this is no accident. */
export const HIGH_ERROR_RATE = 0.05;

/** As long as a ledger of the network: who takes longer for a batch cannot keep up for ever. */
export const HIGH_LATENCY_MS = 5_000;

/** Below it more connections fail than work. */
export const LOW_POOL_RATIO = 0.5;

/** Time from a service's start in which its pool may still be opening: the longest wait for a connection. */
export const POOL_OPENING_SECONDS = 10;

/** Three heartbeats of the usual 10 s. */
export const LONG_SILENCE_MS = 30_000;

/** How far back a lag is looked at. */
export const LAG_WINDOW_MS = 300_000;

/** Time that a lag must have been seen for at least: each half of it holds two of the usual commits. */
export const LAG_SEEN_MS = 120_000;

/** Ledgers by which the least lag of half of that time must have grown: less may be the moment of a look. */
export const LAG_GROWTH_LEDGERS = 10;

/** A queue with less in it holds nobody up. */
export const DEEP_QUEUE = 10;

/** Part of all that waits which must wait at one service for it to be what holds up the others. */
export const QUEUE_SHARE = 0.5;

/** Recommendations told; more help nobody, and the worst come first. */
export const MAX_RECOMMENDATIONS = 50;

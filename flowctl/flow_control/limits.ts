// Every limit and constant of flow control, in one place.

/** Load above which a service's producers are slowed down, where nothing else is said. */
export const DEFAULT_BACKPRESSURE_THRESHOLD = 0.8;

/** Load below which they may go faster again. */
export const DEFAULT_RECOVERY_THRESHOLD = 0.6;

/** Services that one flow control has room for unless told otherwise: 64 KiB of state. */
export const DEFAULT_SERVICES = 1_024;

/** Most services that it may be given room for: their ledgers in flight must add up in 32 bits. */
export const MAX_SERVICES = 2_048;

/** Ledgers in flight of a service, where nothing else is said (MAX_INFLIGHT). */
export const DEFAULT_MAX_INFLIGHT = 1_000;

/**
 * Largest limit of ledgers in flight, as of the variable. More than this in flight counts as this:
 * 2,048 services of it add up to less than 2 to the 31.
 */
export const MAX_INFLIGHT_LEDGERS = 1_000_000;

/** Bytes in flight of a service, where nothing else is said (MAX_INFLIGHT_BYTES). */
export const DEFAULT_MAX_INFLIGHT_BYTES = 64 * 1024 * 1024;

/** Ledgers in flight of all services together, where nothing else is said. */
export const DEFAULT_GLOBAL_LIMIT = 10_000;

/** Largest global limit: it fits into 32 bits with a sign, as the total does. */
export const MAX_GLOBAL_LIMIT = 2 ** 31 - 1;

/** Largest load; more counts as this. Nothing is decided beyond full, and in billionths it has 32 bits. */
export const MAX_LOAD = 2;

/** Characters of a service's name, as of a consumer's. */
export const MAX_NAME_LENGTH = 256;

/** Time between two steps: what is decided stays well below a second old, for little work. */
export const STEP_MS = 100;

/** Throttle right after backpressure has come on. */
export const FIRST_THROTTLE = 0.5;

/** What a step multiplies the throttle with while the load stays above the threshold. */
export const DEEPER_FACTOR = 0.8;

/** Least throttle: data that trickles shows when the consumer is better, none would not. */
export const MIN_THROTTLE = 0.05;

/** What a step adds to the throttle once backpressure is off. */
export const CLIMB = 0.1;

/**
 * Steps for which the load must stay below half the recovery threshold before pacing is lifted. One
 * second at a rate above the consumer's own shows that it is not the pacing that keeps the load low.
 */
export const LIFT_STEPS = 10;

/**
 * Least time in which a held rate closes the gap to the recovery threshold. A queue that fills
 * faster than this would be overshot: a rate reaches the producer only a step or two later.
 */
export const SETTLE_SECONDS = 0.5;

/** Time over which drain rate and throughput are smoothed. */
export const SMOOTHING_MS = 2_000;

/** Least milliseconds of work as which what was measured long ago counts: next to nothing. */
export const LEAST_BUSY_MS = 1;

/** Longest work that is told at once: microseconds of several of them fit into 32 bits. */
export const LONGEST_WORK_MS = 60_000;

/** Subscribers of one flow control: more than a process has parts to tell. */
export const MAX_SUBSCRIBERS = 64;

/** Signals kept: ten seconds of one service that changes at each step. */
export const SIGNAL_SLOTS = 100;

/** Share of a second that a token bucket lets through at once. */
export const BURST_SECONDS = 0.1;

/** Longest timer of a token bucket; what takes longer is looked at again. */
export const LONGEST_TIMER_MS = 3_600_000;

/** Waiters of one token bucket: far more than a server has streams. */
export const MAX_WAITERS = 10_000;

/** Bytes of a flow signal's JSON: many times what all its fields take. */
export const MAX_MESSAGE_BYTES = 4_096;

/** Largest load in a message; 1 is full. */
export const MAX_MESSAGE_LOAD = 1_000;

/** How long a consumer's word counts unless it says how long: a few steps may get lost. */
export const DEFAULT_VALID_MS = 5_000;

/** Shortest and longest time for which it may count. */
export const MIN_VALID_MS = 100;
export const MAX_VALID_MS = 3_600_000;

/** Consumers of one producer whose loads are kept, where nothing else is said. */
export const DEFAULT_CONSUMERS = 64;

/** Shares in which threads keep the total: more than a machine has processors for one pipeline's threads. */
export const TOTAL_SHARES = 32;

/**
 * Updates of a thread before it looks at the others' shares again; it does at each step as well. So in an
 * update the global limit may be seen a few microseconds, and at most a step, late.
 */
export const TOTAL_REFRESH = 16;

// Every limit of the connection pool, in one place. Those with a variable are its default.

/** Most connections over all endpoints. */
export const DEFAULT_MAX_CONNECTIONS = 10;

/** Connections that are kept open. */
export const DEFAULT_MIN_CONNECTIONS = 2;

/** Time without work after which a connection is closed. */
export const DEFAULT_IDLE_TIMEOUT_MS = 300_000;

/** Time between two health checks of an endpoint. */
export const DEFAULT_HEALTH_CHECK_INTERVAL_MS = 30_000;

/** Longest wait for a connection to open, and for the answer to a health check. */
export const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;

/**
 * A check that is not answered for this long makes its endpoint the last choice until it is: work
 * must move on in 5 s, and a peer that stands still refuses nothing.
 */
export const LATE_MS = 1_000;

/** First and longest wait between two tries of an endpoint that failed; below the 5 s too. */
export const RECONNECT_BACKOFF_MS = { first: 100, longest: 2_000 } as const;

/** How long connections that are in use may be released after a stop; a component stops in 5 s. */
export const DEFAULT_STOP_GRACE_MS = 3_000;

/**
 * Endpoints of one pool. Lists are in order of preference, and more than the most connections a
 * pool may have (50) could not be used at once.
 */
export const MAX_ENDPOINTS = 64;

/** Health checks at once, so that a round over many endpoints is no burst. */
export const MAX_CHECKS_AT_ONCE = 8;

// Every limit of the controller and its clients, in one place.

/** Longest wait for an answer: a control plane that takes longer is as good as silent. */
export const CALL_TIMEOUT_MS = 5_000;

/** Longest wait for the answer to a registration, which may come while a control plane starts. */
export const REGISTER_TIMEOUT_MS = 10_000;

/** Longest wait before the first new try; it doubles from try to try. */
export const FIRST_BACKOFF_MS = 500;

/**
 * Longest wait before any try. A control plane that is back has its services again within 15 s: also
 * one whose try has just begun to hang, which takes REGISTER_TIMEOUT_MS, and this, and an answer.
 */
export const LONGEST_BACKOFF_MS = 4_000;

/** Time between heartbeats where none is said: a third of a control plane's patience. */
export const DEFAULT_HEARTBEAT_INTERVAL_MS = 10_000;

/** How far a heartbeat may come early or late, so that those of many services spread. */
export const HEARTBEAT_JITTER = 0.1;

/** Longest part of a stop that saying goodbye may take: a dead control plane must not hold it up. */
export const GOODBYE_TIMEOUT_MS = 1_000;

/** Where a control plane listens unless told otherwise. */
export const DEFAULT_ENDPOINT = "localhost:8080";

/** Time between two looks at a component's own figures where none is said. */
export const DEFAULT_MONITORING_INTERVAL_MS = 5_000;

/** Largest answer: the list of 10,000 services with some metadata. */
export const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** A connection that says nothing is asked for a sign of life this often. */
export const KEEPALIVE_MS = 20_000;

/** How long it may take to give one. */
export const KEEPALIVE_TIMEOUT_MS = 5_000;

// Every limit of the monitor, in one place.

/** Time between two looks where MONITORING_INTERVAL says none. */
export const DEFAULT_INTERVAL_MS = 5_000;

/**
 * Longest time between two looks of alerts: with heartbeats of up to 15 s, and some to spare for them,
 * an alert is raised within 30 s of its time.
 */
export const MAX_ALERT_INTERVAL_MS = 10_000;

/** Longest look: a control plane that takes longer is as good as silent. */
export const LOOK_TIMEOUT_MS = 5_000;

/**
 * Time from a change until the look that shows it: to a person that is at once, and a thousand
 * services that register together cost one look.
 */
export const SOON_MS = 100;

/** Clients of the event stream at once: each costs a write of every snapshot. */
export const MAX_EVENT_CLIENTS = 50;

/** Bytes that may wait for one of them; one that takes less than comes is closed beyond that. */
export const MAX_WAITING_BYTES = 1024 * 1024;

/** A stream without news says this often that it is alive: proxies close silent ones after a minute. */
export const KEEP_ALIVE_MS = 15_000;

/** Time after which a client that was closed connects again. */
export const RETRY_MS = 2_000;

/** How far back the history goes: what somebody looks at who comes to see what has just happened. */
export const HISTORY_SPAN_MS = 3_600_000;

/** Points of a series at most: an hour at the usual interval. */
export const MAX_HISTORY_POINTS = 720;

/** Points of a series at least, however many services there are: a chart with fewer shows nothing. */
export const MIN_HISTORY_POINTS = 60;

/**
 * Bytes of all series together. Ten services take 0.4 MB; beyond 250 points become coarser, beyond
 * 2,000 services are left out.
 */
export const MAX_HISTORY_BYTES = 10 * 1024 * 1024;

// Every limit of the monitor, in one place.

/** Time between two looks where MONITORING_INTERVAL says none. */
export const DEFAULT_INTERVAL_MS = 5_000;

/** Longest look: a control plane that takes longer is as good as silent. */
export const LOOK_TIMEOUT_MS = 5_000;

/**
 * Time from a change until the look that shows it: to a person that is at once, and a thousand
 * services that register together cost one look.
 */
export const SOON_MS = 100;

// Every limit of the control plane, in one place.

/** Port of both protocols, where flowctl's clients look for it. */
export const DEFAULT_PORT = 8080;

/** A service that was not heard of for this long is unhealthy: three heartbeats of the usual 10 s. */
export const HEARTBEAT_TTL_MS = 30_000;

/**
 * Heartbeats in a row that come later than that are no accident: one is what a pause of the service, or
 * a restart of the control plane, looks like.
 */
export const LATE_BEATS = 3;

/** How often services are looked at. */
export const SWEEP_INTERVAL_MS = 10_000;

/** A service that was not heard of for this long is forgotten, so that the list does not grow for ever. */
export const GONE_AFTER_MS = 3_600_000;

/** It is this many times as long as the TTL at least: before it is forgotten it is unhealthy. */
export const TTLS_UNTIL_GONE = 2;

/**
 * How long services of before a restart have to be heard of at least: a control plane that was away
 * for longer than an hour heard of nobody, Go's clients connect anew at pauses of up to two minutes,
 * and those of its SDK never register again.
 */
export const RESTART_GRACE_MS = 300_000;

/** Services known at once: ten times what one core has been measured with. */
export const MAX_SERVICES = 10_000;

/**
 * Bytes of one service's metadata, and of its metrics: hundreds of entries. All services together
 * are bounded by `MAX_ANSWER_BYTES`.
 */
export const MAX_METADATA_BYTES = 16 * 1024;

/** Longest answer, and so most bytes of a list of all services: what this project's clients take. */
export const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** Largest message: a run with some to spare. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;

/** Requests a second of one peer, an address: 1,000 services of one machine ask for 200. */
export const MAX_REQUESTS_PER_SECOND = 10_000;

/** Longest description. */
export const MAX_DESCRIPTION_LENGTH = 2_048;

/** Longest id, name, version, endpoint or event type; longer ones are mistakes. */
export const MAX_TEXT_LENGTH = 256;

/** Event types of one service, in and out each. */
export const MAX_EVENT_TYPES = 32;

/** Endpoints of one event type in connection_info; a client needs one, and some to fall back on. */
export const MAX_UPSTREAM_ENDPOINTS = 16;

/** Pipeline runs kept; of more, those that have ended are forgotten first. */
export const MAX_PIPELINE_RUNS = 1_000;

/**
 * An active run that was not heard of for this long may be forgotten where room is needed. Ten minutes,
 * because a runner is heard of several times while it starts; and not a sign that it is dead, because
 * Go's tells nothing between RUNNING and its end. A thousand runs within it are 100 a minute.
 */
export const RUN_SILENT_MS = 600_000;

/** Bytes of one run, its configuration and metrics included; with all runs at it 256 MiB. */
export const MAX_PIPELINE_RUN_BYTES = 256 * 1024;

/** Runs in an answer where the request does not say how many. */
export const DEFAULT_RUNS_LISTED = 100;

/**
 * Bytes of answers unread on one connection beyond which no further answer is made for it: enough to
 * keep a connection busy. One answer comes on top, of `MAX_REGISTRY_BYTES` at most.
 */
export const MAX_UNREAD_BYTES_PER_CONNECTION = 2 * 1024 * 1024;

/** The same of all connections: who waits for it waits for `STALLED_MS` at most in its turn. */
export const MAX_UNREAD_BYTES = 16 * 1024 * 1024;

/** An answer is given up when it is not taken for this long and others wait: clients wait for 5 s. */
export const STALLED_MS = 3_000;

/** Calls at once on one connection; more wait at the client. */
export const MAX_CONCURRENT_STREAMS = 256;

/** Time for the last answers to leave, and to be read, when the control plane stops. */
export const CLOSE_MS = 150;

/** Connections are asked for a sign of life this often, so that dead ones do not stay. */
export const KEEPALIVE_MS = 60_000;

/** The limits that can be set. */
export interface ControlPlaneLimits {
  /** Services known at once. */
  readonly services: number;
  /** Bytes of one service's metadata, and of its metrics. */
  readonly metadataBytes: number;
  /** Bytes of a list of all services. */
  readonly registryBytes: number;
  /** Bytes of a message. */
  readonly messageBytes: number;
  /** Requests a second of one peer. */
  readonly requestsPerSecond: number;
}

/** Those of a control plane that is told no others. */
export const DEFAULT_LIMITS: ControlPlaneLimits = {
  services: MAX_SERVICES,
  metadataBytes: MAX_METADATA_BYTES,
  registryBytes: MAX_ANSWER_BYTES,
  messageBytes: MAX_MESSAGE_BYTES,
  requestsPerSecond: MAX_REQUESTS_PER_SECOND,
};

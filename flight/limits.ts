// Every limit of the Flight server and client, in one place.

/**
 * Largest message sent or received: 64 MiB. Batches are cut far below it (4 MiB), one ledger's
 * events take less than 1 MiB, and a peer must not make this process allocate without bound.
 */
export const DEFAULT_MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/**
 * Bytes one DoGet stream may have handed to gRPC and not yet sent: two 4 MiB batches, one that is
 * being written and one behind it. More was not faster (128 MiB over loopback, 16 MiB against 8).
 */
export const DEFAULT_MAX_INFLIGHT_BYTES_PER_STREAM = 8 * 1024 * 1024;

/** The same over all streams of a server, so that many slow readers stay bounded too. */
export const DEFAULT_MAX_INFLIGHT_BYTES = 64 * 1024 * 1024;

/** Ledgers in flight over all streams of a server: of small ones, bytes alone would let too many go. */
export const DEFAULT_MAX_INFLIGHT_LEDGERS = 1_000;

/**
 * DoGet streams of a server at once; more are refused as RESOURCE_EXHAUSTED. A component must stay
 * below 512 MiB however its readers behave, and what makes the batches of a stream holds more than
 * the stream's bytes in flight. Measured with six stalled readers of ledgers of 1.3 MB: a source
 * takes 90 MiB without readers and 290 (compressed) or 375 MiB (plain) with them, a sink that is
 * fed at the same time 275 and 470 MiB.
 */
export const DEFAULT_MAX_DO_GET_STREAMS = 6;

/**
 * A stream whose peer took no message for this long is stalled. It may stay so for ever, unless
 * another one waits for its bytes or for its place: then it is ended as UNAVAILABLE. Long enough
 * for a reader that writes what it has read to a slow disk, and for one of 140 kB/s.
 */
export const STALLED_STREAM_MS = 30_000;

/** Calls at once on one connection; more are refused by HTTP/2. */
export const MAX_CONCURRENT_STREAMS = 128;

/** What a client may have in flight towards it: with HTTP/2's 64 KiB a stream runs at half speed. */
export const FLOW_CONTROL_WINDOW_BYTES = 8 * 1024 * 1024;

/** Time for a call that answers once; a range is streamed and has no such limit. */
export const REQUEST_TIMEOUT_MS = 25_000;

/** Time for a connection to come about before a call fails as UNAVAILABLE. */
export const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;

/** A client asks a silent server for a sign of life this often, so that a half-open one is noticed. */
export const CLIENT_KEEPALIVE_MS = 10_000;

/** How long the client waits for that sign. */
export const CLIENT_KEEPALIVE_TIMEOUT_MS = 5_000;

/** A server asks less often: a client that was stopped for a moment keeps its stream. */
export const SERVER_KEEPALIVE_MS = 60_000;

/** How long the server waits before it drops a client and frees what was in flight to it. */
export const SERVER_KEEPALIVE_TIMEOUT_MS = 20_000;

/** First and longest wait between attempts to connect; below the 5 s in which work moves on. */
export const RECONNECT_BACKOFF_MS = { first: 100, longest: 2_000 } as const;

/** How long running streams may go on when a server stops. */
export const DEFAULT_GRACE_MS = 3_500;

/** Time for the last bytes and trailers to leave, and to be read, once streams have ended. */
export const CLOSE_MS = 150;

/** Messages a client's stream holds unread; HTTP/2's window holds the server back behind them. */
export const CLIENT_READ_AHEAD_MESSAGES = 1;

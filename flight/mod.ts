/**
 * Arrow Flight over gRPC: a server of datasets, and a client.
 *
 * @module
 */
export { ledgersIn } from "./batch_metadata.ts";
export { FlightClient } from "./flight_client.ts";
export type { FlightClientOptions, FlightDescription, FlightRangeInfo } from "./flight_client.ts";
export type {
  BatchMetadata,
  DatasetBounds,
  EventFilters,
  FlightAction,
  FlightBatch,
  FlightDataset,
  FlightReader,
  RangeRequest,
} from "./flight_dataset.ts";
export { FlightError, type FlightErrorCode } from "./flight_error.ts";
export { type ClientTlsFiles, plainReason, type TlsFiles } from "../grpc/mod.ts";
export { FlightServer } from "./flight_server.ts";
export { MAX_CONSUMER_CHARS } from "./flow_consumer.ts";
export { FLOW_SIGNAL, flowSignalAction, tellFlowSignal } from "./flow_signal_action.ts";
export type { FlightServerOptions, FlightServerStats } from "./flight_server.ts";
export { InflightBudget, type InflightBudgetOptions } from "./inflight_budget.ts";
export {
  DEFAULT_GRACE_MS,
  DEFAULT_MAX_DO_GET_STREAMS,
  DEFAULT_MAX_INFLIGHT_BYTES,
  DEFAULT_MAX_INFLIGHT_BYTES_PER_STREAM,
  DEFAULT_MAX_MESSAGE_BYTES,
} from "./limits.ts";
export type { ActionType } from "./messages.ts";
export type { OnMove, RangeClient, RangeClients, RangeClock, RangeLease } from "./range_clients.ts";
export { MAX_PARALLEL_STREAMS, RangeReader, type RangeReaderOptions } from "./range_reader.ts";
export type { CheckSchema } from "./sub_range_fetch.ts";
export { type BegunRange, splitRange } from "./sub_ranges.ts";
export type { ReaderState } from "./stream_readers.ts";
export { decodeTicket, encodeTicket, MAX_FILTER_VALUES, MAX_TICKET_BYTES } from "./ticket.ts";

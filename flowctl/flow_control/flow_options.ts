import { type Clock, realClock } from "../component/mod.ts";
import type { FlowSettings } from "./_flow_cells.ts";
import { FlowControlError } from "./flow_control_error.ts";
import {
  DEFAULT_BACKPRESSURE_THRESHOLD,
  DEFAULT_GLOBAL_LIMIT,
  DEFAULT_MAX_INFLIGHT,
  DEFAULT_MAX_INFLIGHT_BYTES,
  DEFAULT_RECOVERY_THRESHOLD,
  DEFAULT_SERVICES,
  MAX_GLOBAL_LIMIT,
  MAX_INFLIGHT_LEDGERS,
  MAX_NAME_LENGTH,
  MAX_SERVICES,
  MIN_THROTTLE,
} from "./limits.ts";

/** How a flow control works; all of it has defaults. */
export interface FlowControlOptions {
  /** Load above which backpressure comes on: FLOW_CONTROL_BACKPRESSURE_THRESHOLD, 0.8. */
  readonly backpressureThreshold?: number;
  /** Load below which it goes off: FLOW_CONTROL_RECOVERY_THRESHOLD, 0.6. */
  readonly recoveryThreshold?: number;
  /** Ledgers that all services together may have in flight: 10,000. */
  readonly globalLimit?: number;
  /** Most services: 1,024. */
  readonly capacity?: number;
  /** Time; the machine's own where it is not given. */
  readonly clock?: Clock;
  /** Gets what a listener throws; the console does where it is not given. */
  readonly onError?: (error: unknown) => void;
}

/** What a service is allowed. */
export interface ServiceLimits {
  /** Ledgers in flight: MAX_INFLIGHT, 1,000. */
  readonly maxInflight?: number;
  /** Bytes in flight: MAX_INFLIGHT_BYTES, 64 MiB. */
  readonly maxInflightBytes?: number;
}

/** Checks the options that are figures. */
export function readSettings(options: FlowControlOptions): FlowSettings {
  const settings: FlowSettings = {
    capacity: options.capacity ?? DEFAULT_SERVICES,
    backpressureThreshold: options.backpressureThreshold ?? DEFAULT_BACKPRESSURE_THRESHOLD,
    recoveryThreshold: options.recoveryThreshold ?? DEFAULT_RECOVERY_THRESHOLD,
    globalLimit: options.globalLimit ?? DEFAULT_GLOBAL_LIMIT,
  };
  checkInteger("capacity", settings.capacity, MAX_SERVICES);
  checkInteger("globalLimit", settings.globalLimit, MAX_GLOBAL_LIMIT);
  const { backpressureThreshold: on, recoveryThreshold: off } = settings;
  if (!(on > 0 && on <= 1)) {
    throw new FlowControlError(
      "VALUE",
      `The backpressure threshold must be above 0 and at most 1, such as 0.8: ${on}`,
    );
  }
  if (!(off > 0 && off < on)) {
    throw new FlowControlError(
      "VALUE",
      `The recovery threshold must be above 0 and below the backpressure threshold of ${on}: ${off}`,
    );
  }
  return settings;
}

/** Checks what a service is to be allowed. */
export function readLimits(limits: ServiceLimits): { maxInflight: number; maxBytes: number } {
  const maxInflight = limits.maxInflight ?? DEFAULT_MAX_INFLIGHT;
  const maxBytes = limits.maxInflightBytes ?? DEFAULT_MAX_INFLIGHT_BYTES;
  checkInteger("maxInflight", maxInflight, MAX_INFLIGHT_LEDGERS);
  checkInteger("maxInflightBytes", maxBytes, Number.MAX_SAFE_INTEGER);
  return { maxInflight, maxBytes };
}

/** Checks the name of a service. */
export function checkName(name: string): void {
  if (name.length > 0 && name.length <= MAX_NAME_LENGTH) return;
  throw new FlowControlError(
    "VALUE",
    `A service's name must have 1 to ${MAX_NAME_LENGTH} characters: it has ${name.length}`,
  );
}

/** Checks ledgers and whatever else is told of a service. */
export function checkFigures(ledgers: number, others: Readonly<Record<string, number>>): void {
  if (!(Number.isInteger(ledgers) && ledgers >= 0)) {
    throw new FlowControlError(
      "VALUE",
      `Ledgers are counted in whole numbers from 0 on: ${ledgers}`,
    );
  }
  for (const [what, value] of Object.entries(others)) {
    if (value >= 0 && value < Infinity) continue;
    throw new FlowControlError("VALUE", `${what} must be a number from 0 on: ${value}`);
  }
}

/** Checks a throttle that somebody asks for by hand. */
export function checkThrottle(throttle: number | undefined): void {
  if (throttle === undefined || throttle >= MIN_THROTTLE && throttle < 1) return;
  throw new FlowControlError(
    "VALUE",
    `A throttle must be from ${MIN_THROTTLE} to below 1, or undefined for none: ${throttle}`,
  );
}

function checkInteger(what: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw new FlowControlError("VALUE", `${what} must be an integer from 1 to ${most}: ${value}`);
}

/** The clock of the options, and who is told of errors. */
export function surroundings(
  options: FlowControlOptions,
): { clock: Clock; onError: (error: unknown) => void } {
  return {
    clock: options.clock ?? realClock,
    onError: options.onError ?? ((error) => console.error("A listener of flow control:", error)),
  };
}

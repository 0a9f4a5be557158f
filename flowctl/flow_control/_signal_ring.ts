import { LOAD_UNITS, THROTTLE_UNITS } from "./_flow_cells.ts";
import { FlowControlError } from "./flow_control_error.ts";
import type { FlowLevel, FlowReason, FlowSignal } from "./flow_signal.ts";
import { SIGNAL_SLOTS } from "./limits.ts";

const NONE = -1;

/** Figures of a slot, in a typed array: as properties each change would allocate a number. */
const LOAD = 0, THROTTLE = 1, RATE = 2, TIME = 3, FIGURES = 4;

/** A signal that is used again and again. */
export class SignalSlot implements FlowSignal {
  service = "";
  serviceIndex = NONE;
  level: FlowLevel = "on";
  reason: FlowReason = "queue_full";
  readonly #figures = new Float64Array(FIGURES);

  get load(): number {
    return this.#figures[LOAD]!;
  }

  get throttle(): number {
    return this.#figures[THROTTLE]!;
  }

  get suggestedRate(): number | undefined {
    const rate = this.#figures[RATE]!;
    return Number.isNaN(rate) ? undefined : rate;
  }

  get timeMs(): number {
    return this.#figures[TIME]!;
  }

  /** `load` and `throttle` are in their units. */
  setFigures(load: number, throttle: number, rate: number | undefined, timeMs: number): void {
    this.#figures[LOAD] = load / LOAD_UNITS;
    this.#figures[THROTTLE] = throttle / THROTTLE_UNITS;
    this.#figures[RATE] = rate ?? NaN;
    this.#figures[TIME] = timeMs;
  }

  set(signal: FlowSignal): void {
    this.service = signal.service;
    this.serviceIndex = signal.serviceIndex;
    this.level = signal.level;
    this.reason = signal.reason;
    this.#figures[LOAD] = signal.load;
    this.#figures[THROTTLE] = signal.throttle;
    this.#figures[RATE] = signal.suggestedRate ?? NaN;
    this.#figures[TIME] = signal.timeMs;
  }

  copy(): FlowSignal {
    return keep(this);
  }
}

function keep(from: FlowSignal): FlowSignal {
  const { service, serviceIndex, level, reason, load, throttle, suggestedRate, timeMs } = from;
  const kept: FlowSignal = Object.freeze({
    service,
    serviceIndex,
    level,
    reason,
    load,
    throttle,
    suggestedRate,
    timeMs,
    copy: () => kept,
  });
  return kept;
}

/**
 * The last signals, in slots made once. A full ring gives up the oldest signal of the same service, so
 * that one that changes all the time does not push out the others'; of a service that has none in it,
 * the oldest of all. Both cost the same however full it is: slots are chained by age, in all and per
 * service.
 */
export class SignalRing {
  readonly #slots: SignalSlot[] = [];
  /** The slots after and before one by age, in all and within its service. */
  readonly #younger = new Int32Array(SIGNAL_SLOTS).fill(NONE);
  readonly #older = new Int32Array(SIGNAL_SLOTS).fill(NONE);
  readonly #youngerOfService = new Int32Array(SIGNAL_SLOTS).fill(NONE);
  readonly #olderOfService = new Int32Array(SIGNAL_SLOTS).fill(NONE);
  readonly #oldestOf: Int32Array;
  readonly #youngestOf: Int32Array;
  /** Slots that listeners look at right now, and which must not change. */
  readonly #held = new Uint8Array(SIGNAL_SLOTS);
  /** Slots that hold nothing, as a stack. */
  readonly #free = Int32Array.from({ length: SIGNAL_SLOTS }, (_, i) => SIGNAL_SLOTS - 1 - i);
  #freeCount = SIGNAL_SLOTS;
  #oldest = NONE;
  #youngest = NONE;

  /** `services`: most services that there can be. */
  constructor(services: number) {
    for (let i = 0; i < SIGNAL_SLOTS; i++) this.#slots.push(new SignalSlot());
    this.#oldestOf = new Int32Array(services).fill(NONE);
    this.#youngestOf = new Int32Array(services).fill(NONE);
  }

  /**
   * A place for a new signal of a service; `slot()` gives its slot, which the caller fills.
   *
   * @throws FlowControlError CAPACITY when listeners hold all places
   */
  add(service: number): number {
    const place = this.#freeCount > 0 ? this.#free[--this.#freeCount]! : this.#giveUp(service);
    this.#slots[place]!.serviceIndex = service;
    this.#append(place, service);
    return place;
  }

  slot(place: number): SignalSlot {
    return this.#slots[place]!;
  }

  /** Takes the oldest signal out; its slot is good until the next `add`. */
  takeOldest(): SignalSlot | undefined {
    const place = this.#oldest;
    if (place === NONE) return undefined;
    this.#remove(place);
    this.#free[this.#freeCount++] = place;
    return this.#slots[place];
  }

  /** Keeps a place from being used again, until `release`. */
  hold(place: number): void {
    this.#held[place] = 1;
  }

  release(place: number): void {
    this.#held[place] = 0;
  }

  /** Copies of all, oldest first. */
  copies(): FlowSignal[] {
    const all: FlowSignal[] = [];
    for (let at = this.#oldest; at !== NONE; at = this.#younger[at]!) {
      all.push(this.#slots[at]!.copy());
    }
    return all;
  }

  #giveUp(service: number): number {
    let place = this.#oldestOf[service]!;
    while (place !== NONE && this.#held[place] === 1) place = this.#youngerOfService[place]!;
    if (place === NONE) {
      place = this.#oldest;
      while (place !== NONE && this.#held[place] === 1) place = this.#younger[place]!;
    }
    if (place === NONE) {
      throw new FlowControlError(
        "CAPACITY",
        `Listeners caused ${SIGNAL_SLOTS} signals within each other: a listener must not update ` +
          "a service so that it is called again",
      );
    }
    this.#remove(place);
    return place;
  }

  #append(place: number, service: number): void {
    this.#younger[place] = NONE;
    this.#older[place] = this.#youngest;
    if (this.#youngest === NONE) this.#oldest = place;
    else this.#younger[this.#youngest] = place;
    this.#youngest = place;
    const before = this.#youngestOf[service]!;
    this.#youngerOfService[place] = NONE;
    this.#olderOfService[place] = before;
    if (before === NONE) this.#oldestOf[service] = place;
    else this.#youngerOfService[before] = place;
    this.#youngestOf[service] = place;
  }

  #remove(place: number): void {
    const younger = this.#younger[place]!, older = this.#older[place]!;
    if (older === NONE) this.#oldest = younger;
    else this.#younger[older] = younger;
    if (younger === NONE) this.#youngest = older;
    else this.#older[younger] = older;
    const service = this.#slots[place]!.serviceIndex;
    const after = this.#youngerOfService[place]!, before = this.#olderOfService[place]!;
    if (before === NONE) this.#oldestOf[service] = after;
    else this.#youngerOfService[before] = after;
    if (after === NONE) this.#youngestOf[service] = before;
    else this.#olderOfService[after] = before;
  }
}

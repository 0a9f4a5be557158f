import type { Clock } from "../component/mod.ts";
import type { FlowLevel, FlowReason, FlowSignal } from "./flow_signal.ts";
import { Listeners } from "./_listeners.ts";
import { SignalRing } from "./_signal_ring.ts";

/** The signals of one flow control: kept, told to listeners at once, and to slow readers in time. */
export class FlowSignals {
  readonly #clock: Clock;
  readonly #services: number;
  readonly #ring: SignalRing;
  readonly #listeners: Listeners<FlowSignal>;

  /** `services`: most services that there can be; `onError` gets what a listener throws. */
  constructor(clock: Clock, services: number, onError: (error: unknown) => void) {
    this.#clock = clock;
    this.#services = services;
    this.#ring = new SignalRing(services);
    this.#listeners = new Listeners(onError);
  }

  subscribe(listener: (signal: FlowSignal) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** The last signals, oldest first. */
  recent(): FlowSignal[] {
    return this.#ring.copies();
  }

  /** `load` and `throttle` are in their units: whole numbers allocate nothing on the way. */
  publish(
    service: string,
    index: number,
    level: FlowLevel,
    reason: FlowReason,
    load: number,
    throttle: number,
    rate: number | undefined,
  ): void {
    const place = this.#ring.add(index);
    const slot = this.#ring.slot(place);
    slot.service = service;
    slot.level = level;
    slot.reason = reason;
    slot.setFigures(load, throttle, rate, this.#clock.now());
    if (this.#listeners.count === 0) return;
    this.#ring.hold(place);
    this.#listeners.tell(slot);
    this.#ring.release(place);
  }

  read(abort: AbortSignal): AsyncIterableIterator<FlowSignal> {
    return new SignalReader(this.#services, abort, (listener) => this.subscribe(listener));
  }
}

/** Signals for whoever is not always ready for one. */
class SignalReader implements AsyncIterableIterator<FlowSignal> {
  readonly #ring: SignalRing;
  readonly #abort: AbortSignal;
  readonly #leave: () => void;
  /** Those who wait for a signal, in their order. */
  readonly #waiting: ((result: IteratorResult<FlowSignal>) => void)[] = [];
  readonly #end = () => this.#stop();
  #ended = false;

  constructor(
    services: number,
    abort: AbortSignal,
    subscribe: (listener: (signal: FlowSignal) => void) => () => void,
  ) {
    this.#ring = new SignalRing(services);
    this.#abort = abort;
    this.#leave = subscribe((signal) => this.#take(signal));
    if (abort.aborted) this.#stop();
    else abort.addEventListener("abort", this.#end, { once: true });
  }

  next(): Promise<IteratorResult<FlowSignal>> {
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    const slot = this.#ring.takeOldest();
    if (slot !== undefined) return Promise.resolve({ done: false, value: slot.copy() });
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  return(): Promise<IteratorResult<FlowSignal>> {
    this.#stop();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #take(signal: FlowSignal): void {
    const resolve = this.#waiting.shift();
    if (resolve !== undefined) resolve({ done: false, value: signal.copy() });
    else this.#ring.slot(this.#ring.add(signal.serviceIndex)).set(signal);
  }

  #stop(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#leave();
    this.#abort.removeEventListener("abort", this.#end);
    for (const resolve of this.#waiting.splice(0)) resolve({ done: true, value: undefined });
  }
}

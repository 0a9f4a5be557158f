import type { AnyFlowControl } from "./any_flow_control.ts";
import {
  ACTIVE,
  BYTES,
  CELLS,
  CONSUMER,
  type FlowCells,
  type FlowMemory,
  type FlowServices,
  GENERATION,
  INFLIGHT,
  LOAD_UNITS,
  loadUnits,
  QUEUE,
  THROTTLE_UNITS,
} from "./_flow_cells.ts";
import { FlowControlError } from "./flow_control_error.ts";
import {
  checkFigures,
  checkName,
  checkThrottle,
  type FlowControlOptions,
  readLimits,
  readSettings,
  type ServiceLimits,
  surroundings,
} from "./flow_options.ts";
import type { FlowLevel, FlowReason, FlowSignal } from "./flow_signal.ts";
import { FlowSignals } from "./_flow_signals.ts";
import { MAX_INFLIGHT_LEDGERS } from "./limits.ts";
import { localMemory } from "./_local_memory.ts";
import { Pacing } from "./_pacing.ts";
import type { ServiceFlow } from "./service_flow.ts";
import type { Clock } from "../component/mod.ts";

/**
 * Flow control of services within one thread: who says how loaded it is gets back how fast its producers
 * should send.
 *
 * ```ts
 * import { FlowControl } from "@obsrvr/stellar-components/flowctl";
 *
 * const flow = new FlowControl();
 * const sink = flow.intern("sink", { maxInflight: 100 });
 * flow.drained(sink, 50, 1000);
 * flow.update(sink, 81);
 * console.log(flow.isActive(sink), flow.pacedRate(sink)); // true 25
 * ```
 */
export class FlowControl implements AnyFlowControl {
  readonly backpressureThreshold: number;
  readonly recoveryThreshold: number;
  readonly globalLimit: number;
  /** The thresholds in the units of loads. */
  readonly #on: number;
  readonly #off: number;
  readonly #cells: FlowCells;
  readonly #services: FlowServices;
  readonly #capacity: number;
  readonly #owner: boolean;
  readonly #pacing: Pacing;
  readonly #signals: FlowSignals;
  readonly #clock: Clock;
  /** All indexes that were ever used are below it. */
  #highest: number;
  #steppedAtMs: number;

  /** `memory` is where the state stands, for the variant that several threads share. */
  constructor(options: FlowControlOptions = {}, memory?: FlowMemory) {
    const { clock, onError } = surroundings(options);
    const { cells, services, settings, owner } = memory ?? localMemory(readSettings(options));
    this.backpressureThreshold = settings.backpressureThreshold;
    this.recoveryThreshold = settings.recoveryThreshold;
    this.globalLimit = settings.globalLimit;
    this.#cells = cells;
    this.#services = services;
    this.#capacity = settings.capacity;
    this.#owner = owner;
    this.#on = loadUnits(settings.backpressureThreshold, 1);
    this.#off = loadUnits(settings.recoveryThreshold, 1);
    this.#pacing = new Pacing(cells, this.#off);
    this.#signals = new FlowSignals(clock, settings.capacity, onError);
    this.#clock = clock;
    this.#highest = owner ? 0 : settings.capacity;
    this.#steppedAtMs = clock.monotonic();
  }

  get totalInflight(): number {
    return this.#cells.total();
  }

  intern(name: string, limits: ServiceLimits = {}): number {
    this.#checkOwner("takes in services");
    checkName(name);
    const { maxInflight, maxBytes } = readLimits(limits);
    const index = this.indexOf(name) ?? this.#freeIndex();
    this.#services.setLimits(index, maxInflight, maxBytes);
    if (!this.#isUsed(index)) this.#use(index, name);
    return index;
  }

  release(index: number): void {
    this.#checkOwner("releases services");
    const at = this.#at(index);
    if (this.#cells.replaceCount(at + ACTIVE, 1, 0)) {
      this.#publish(index, "off", this.#loadAt(index, at));
    }
    this.#cells.addTotal(-this.#cells.exchangeCount(at + INFLIGHT, 0));
    this.#cells.setCount(at + GENERATION, -this.#cells.count(at + GENERATION));
  }

  indexOf(name: string): number | undefined {
    for (let index = 0; index < this.#highest; index++) {
      if (this.#isUsed(index) && this.nameOf(index) === name) return index;
    }
    return undefined;
  }

  nameOf(index: number): string {
    return this.#services.name(index, this.#cells.count(this.#at(index) + GENERATION));
  }

  update(
    index: number,
    inflight: number,
    inflightBytes = 0,
    queueFill = 0,
    consumerLoad = 0,
  ): void {
    const at = this.#at(index);
    const ledgers = inflight < MAX_INFLIGHT_LEDGERS ? inflight : MAX_INFLIGHT_LEDGERS;
    // Written so that NaN is refused as well.
    if (
      (ledgers | 0) !== inflight && ledgers !== MAX_INFLIGHT_LEDGERS ||
      !(inflight >= 0 && inflightBytes >= 0 && queueFill >= 0 && consumerLoad >= 0) ||
      !(inflight + inflightBytes + queueFill + consumerLoad < Infinity)
    ) {
      checkFigures(inflight, { inflightBytes, queueFill, consumerLoad });
    }
    const cells = this.#cells;
    const added = ledgers - cells.exchangeCount(at + INFLIGHT, ledgers);
    if (added !== 0) cells.addTotal(added);
    cells.setCount(at + BYTES, loadUnits(inflightBytes, this.#services.maxBytes(index)));
    cells.setCount(at + QUEUE, loadUnits(queueFill, 1));
    cells.setCount(at + CONSUMER, loadUnits(consumerLoad, 1));
    this.#cross(index, at, this.#loadAt(index, at, cells.recentTotal()));
  }

  drained(index: number, ledgers: number, busyMs: number): void {
    const at = this.#at(index);
    checkFigures(ledgers, { busyMs });
    this.#pacing.drained(at, Math.min(ledgers, MAX_INFLIGHT_LEDGERS), busyMs);
  }

  step(): void {
    this.#checkOwner("steps");
    const nowMs = this.#clock.monotonic();
    const passedMs = nowMs - this.#steppedAtMs;
    this.#steppedAtMs = nowMs;
    this.#cells.noteStep();
    const total = this.#cells.total();
    for (let index = 0; index < this.#highest; index++) {
      if (!this.#isUsed(index)) continue;
      if (passedMs > 0) this.#pacing.measure(index * CELLS, passedMs);
      this.#stepOne(index, index * CELLS, total);
    }
  }

  override(index: number, throttle: number | undefined): void {
    const at = this.#at(index);
    checkThrottle(throttle);
    this.#pacing.override(at, throttle ?? 1);
    const level = throttle === undefined ? "off" : "on";
    this.#publish(index, level, this.#loadAt(index, at), "manual");
  }

  pacedRate(index: number): number | undefined {
    const at = this.#at(index);
    return this.#pacing.rate(at, this.#loadAt(index, at));
  }

  drainRate(index: number): number | undefined {
    return this.#pacing.drainRate(this.#at(index));
  }

  throughput(index: number): number {
    return this.#pacing.throughput(this.#at(index));
  }

  load(index: number): number {
    return this.#loadAt(index, this.#at(index)) / LOAD_UNITS;
  }

  throttle(index: number): number {
    return this.#pacing.throttle(this.#at(index)) / THROTTLE_UNITS;
  }

  isActive(index: number): boolean {
    return this.#cells.count(this.#at(index) + ACTIVE) === 1;
  }

  inflight(index: number): number {
    return this.#cells.count(this.#at(index) + INFLIGHT);
  }

  maxInflight(index: number): number {
    this.#at(index);
    return this.#services.maxInflight(index);
  }

  describe(index: number): ServiceFlow {
    const at = this.#at(index), load = this.#loadAt(index, at);
    return {
      name: this.nameOf(index),
      index,
      inflight: this.inflight(index),
      maxInflight: this.maxInflight(index),
      load: load / LOAD_UNITS,
      reason: this.#pacing.isByHand(at) ? "manual" : this.#reasonAt(index, at, load),
      throttle: this.throttle(index),
      active: this.isActive(index),
      throughput: this.throughput(index),
      drainRate: this.drainRate(index),
      pacedRate: this.pacedRate(index),
    };
  }

  indexes(): number[] {
    const all: number[] = [];
    for (let index = 0; index < this.#highest; index++) if (this.#isUsed(index)) all.push(index);
    return all;
  }

  subscribe(listener: (signal: FlowSignal) => void): () => void {
    return this.#signals.subscribe(listener);
  }

  signals(abort: AbortSignal): AsyncIterableIterator<FlowSignal> {
    return this.#signals.read(abort);
  }

  recentSignals(): FlowSignal[] {
    return this.#signals.recent();
  }

  #stepOne(index: number, at: number, total: number): void {
    const load = this.#loadAt(index, at, total);
    if (this.#cross(index, at, load)) return;
    if (this.#cells.count(at + ACTIVE) === 1) {
      if (load > this.#on && this.#pacing.deepen(at)) {
        this.#publish(index, "deeper", load);
      }
      return;
    }
    const level = this.#pacing.recover(at, load);
    if (level !== undefined) this.#publish(index, level, load);
  }

  /** Turns backpressure on or off when the load asks for it; of several threads one does. */
  #cross(index: number, at: number, load: number): boolean {
    const cells = this.#cells;
    if (cells.count(at + ACTIVE) === 0) {
      if (load <= this.#on) return false;
      if (!cells.replaceCount(at + ACTIVE, 0, 1)) return false;
      this.#pacing.start(at);
      this.#publish(index, "on", load);
      return true;
    }
    if (load >= this.#off || !cells.replaceCount(at + ACTIVE, 1, 0)) return false;
    this.#publish(index, "off", load);
    return true;
  }

  #publish(index: number, level: FlowLevel, load: number, reason?: FlowReason): void {
    const at = index * CELLS;
    this.#signals.publish(
      this.nameOf(index),
      index,
      level,
      reason ?? this.#reasonAt(index, at, load),
      load,
      this.#pacing.throttle(at),
      this.#pacing.rate(at, load),
    );
  }

  #loadAt(index: number, at: number, total = this.#cells.total()): number {
    const bytes = this.#cells.count(at + BYTES), consumer = this.#cells.count(at + CONSUMER);
    return Math.max(this.#queueLoad(index, at, total), bytes, consumer);
  }

  #queueLoad(index: number, at: number, total: number): number {
    const cells = this.#cells;
    return Math.max(
      loadUnits(cells.count(at + INFLIGHT), this.#services.maxInflight(index)),
      cells.count(at + QUEUE),
      loadUnits(total, this.globalLimit),
    );
  }

  /** What makes a load; of parts that are equal, the queue. */
  #reasonAt(index: number, at: number, load: number): FlowReason {
    const bytes = this.#cells.count(at + BYTES), consumer = this.#cells.count(at + CONSUMER);
    if (bytes < load && consumer < load) return "queue_full";
    const queue = this.#queueLoad(index, at, this.#cells.total());
    if (consumer > queue && consumer > bytes) return "slow_consumer";
    return bytes > queue ? "memory" : "queue_full";
  }

  /** Where the cells of a service begin. */
  #at(index: number): number {
    if ((index | 0) === index && index >= 0 && index < this.#capacity && this.#isUsed(index)) {
      return index * CELLS;
    }
    throw new FlowControlError(
      "SERVICE",
      `No service has the index ${index}: an index comes from intern() and ends with release()`,
    );
  }

  #isUsed(index: number): boolean {
    return this.#cells.count(index * CELLS + GENERATION) > 0;
  }

  #freeIndex(): number {
    for (let index = 0; index < this.#highest; index++) if (!this.#isUsed(index)) return index;
    if (this.#highest < this.#capacity) return this.#highest++;
    throw new FlowControlError(
      "CAPACITY",
      `There are ${this.#capacity} services already, which is the most: release one, or give ` +
        "flow control a larger capacity",
    );
  }

  #use(index: number, name: string): void {
    const at = index * CELLS;
    this.#services.setName(index, name);
    this.#pacing.reset(at);
    for (const cell of [BYTES, QUEUE, CONSUMER]) this.#cells.setCount(at + cell, 0);
    this.#cells.setCount(at + GENERATION, 1 - this.#cells.count(at + GENERATION));
  }

  #checkOwner(what: string): void {
    if (this.#owner) return;
    throw new FlowControlError("BUFFER", `Only the thread that made the buffer ${what}`);
  }
}

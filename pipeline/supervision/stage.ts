import type { HealthReply } from "../../flowctl/mod.ts";
import type { Ended, Launch, ReadyLine } from "../process/mod.ts";

/** One component of the pipeline: how it is started and asked. */
export interface Stage {
  /** For example `stellar-arrow-source`. */
  readonly component: string;
  /** Whether the pipeline is nothing without it; the others are missed, but data flows on. */
  readonly isEssential: boolean;
  /**
   * How to start it.
   *
   * @param before ready line of the component it reads from
   * @param earlier its own ready line of an earlier life, whose ports it keeps
   */
  launch(before: ReadyLine | undefined, earlier: ReadyLine | undefined): Launch;
  /** Asks its health port. Never rejects. */
  askHealth(ready: ReadyLine, signal: AbortSignal): Promise<HealthReply>;
  /** Whether its gRPC server says that it serves. Never rejects. */
  isServing(ready: ReadyLine, signal: AbortSignal): Promise<boolean>;
}

/** A component's process, as its supervisor needs it. */
export interface SupervisedProcess {
  readonly pid: number;
  /** Resolves when the component says that it is ready. */
  readonly ready: Promise<ReadyLine>;
  /** Resolves when it has ended. Never rejects. */
  readonly ended: Promise<Ended>;
  /** The newest line of a kind that was meant for the manager. */
  machineLine(kind: string): unknown;
  /** Its last lines that were meant for people. */
  lastLines(): readonly string[];
  /** Asks it to stop, and kills it after the grace period; answers whether that was needed. */
  stop(graceMs: number): Promise<boolean>;
  /** Ends it at once. */
  kill(): void;
}

/** Starts processes. */
export type Spawn = (launch: Launch, onLine: (line: string) => void) => SupervisedProcess;

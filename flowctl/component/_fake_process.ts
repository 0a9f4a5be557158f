import type { Component } from "./component.ts";
import type { HostProcess } from "./host_process.ts";

/** A process in memory: signals are calls, and the exit codes are kept. */
export class FakeProcess implements HostProcess {
  readonly args: readonly string[] = [];
  readonly env = { get: (name: string): string | undefined => this.variables[name] };
  readonly out: string[] = [];
  readonly err: string[] = [];
  readonly codes: number[] = [];
  signal: (name: string) => void = () => {};
  uncaught: (error: unknown) => void = () => {};

  constructor(private readonly variables: Record<string, string> = {}) {}

  writeOut = (line: string) => void this.out.push(line);
  writeError = (line: string) => void this.err.push(line);
  onSignal = (handler: (name: string) => void) => this.signal = handler;
  onUncaught = (handler: (error: unknown) => void) => this.uncaught = handler;
  inputEnd = () => new Promise<void>(() => {});
  exit = (code: number) => void this.codes.push(code);
}

/** A component that records what is asked of it. */
export function recorded(calls: string[], parts: Partial<Component> = {}): Component {
  return {
    start: () => {
      calls.push("start");
      return Promise.resolve({ ports: {} });
    },
    health: () => ({ status: "healthy", details: {} }),
    stop: (reason) => {
      calls.push(`stop ${reason}`);
      return Promise.resolve();
    },
    ...parts,
  };
}

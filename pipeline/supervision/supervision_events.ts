/** What supervision tells while it works. */
export interface SupervisionEvents {
  /** A process was started. */
  started(component: string, pid: number): void;
  /** A process has ended. */
  ended(component: string): void;
  /** A line meant for people. */
  line(component: string, text: string): void;
  /** Something went wrong, as a sentence. */
  problem(text: string): void;
  /** Something changed that is no problem, as a sentence. */
  note(text: string): void;
}

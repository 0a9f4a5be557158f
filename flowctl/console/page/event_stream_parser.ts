/** One event of a stream. */
export interface StreamEvent {
  /** Its name; `message` where the stream gives none. */
  readonly event: string;
  readonly data: string;
}

/** Longest line that is kept: above any snapshot of 1,000 services, below what a page can hold. */
const MAX_WAITING_CHARACTERS = 16 * 1024 * 1024;

/**
 * Reads the text of an event stream (HTML Living Standard, "Server-sent events"), however it is cut
 * into pieces. EventSource does the same, but cannot send a token.
 */
export class EventStreamParser {
  #waiting = "";
  #event = "";
  #data: string[] = [];

  /**
   * Takes the next piece.
   *
   * @returns the events that are whole now
   * @throws {RangeError} when a line has no end
   */
  push(text: string): StreamEvent[] {
    const events: StreamEvent[] = [];
    // A CR at the end may be the first half of a CRLF: it waits for what comes next.
    const all = this.#waiting + text;
    const whole = all.endsWith("\r") ? all.slice(0, -1) : all;
    const lines = whole.split(/\r\n|\r|\n/);
    this.#waiting = lines.pop()! + all.slice(whole.length);
    if (this.#waiting.length > MAX_WAITING_CHARACTERS) {
      throw new RangeError("a line of the event stream is too long");
    }
    for (const line of lines) {
      const event = this.#line(line);
      if (event !== undefined) events.push(event);
    }
    return events;
  }

  #line(line: string): StreamEvent | undefined {
    if (line === "") return this.#take();
    const colon = line.indexOf(":");
    if (colon === 0) return undefined;
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#event = value;
    else if (field === "data") this.#data.push(value);
    return undefined;
  }

  #take(): StreamEvent | undefined {
    const event = this.#event || "message";
    const data = this.#data;
    this.#event = "";
    this.#data = [];
    return data.length === 0 ? undefined : { event, data: data.join("\n") };
  }
}

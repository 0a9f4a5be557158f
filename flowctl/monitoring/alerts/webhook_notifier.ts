import { type Clock, describeError, type Logger } from "../../component/mod.ts";
import { within } from "../../controller/mod.ts";
import type { AlertGroup, AlertNotifier } from "./alert_groups.ts";
import { type WebhookMessage, webhookMessage } from "./webhook_message.ts";
import { WebhookTarget } from "./webhook_target.ts";

/** Longest wait for a receiver's answer. */
export const WEBHOOK_TIMEOUT_MS = 10_000;

/** Longest wait before the second try of a message; it doubles from try to try. */
const FIRST_WAIT_MS = 1_000;

/** Longest wait before any try. */
const LONGEST_WAIT_MS = 60_000;

/** Tries of a message. With the waits between them a receiver may be away for five minutes. */
export const MAX_TRIES = 12;

/** What became of the messages. */
export interface WebhookCounts {
  sent: number;
  /** Tries that failed and are made again. */
  retried: number;
  /** Messages given up. */
  dropped: number;
}

/** What a webhook is made of. */
export interface WebhookOptions {
  /** Where messages are posted; a secret, since whoever knows it may post there too. */
  readonly url: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** From 0 to 1, for the waits between tries. */
  readonly random?: () => number;
}

/** A message that waits. */
interface Waiting {
  group: AlertGroup;
  tries: number;
}

/**
 * Posts messages to a webhook in the form of Alertmanager, one at a time, and tries again what fails.
 * One message a rule waits: a newer one takes its place and tells what it would have told, so that
 * what waits is bounded by the number of rules.
 *
 * Life: nothing runs while nothing waits; `stop()` drops what waits.
 */
export class WebhookNotifier implements AlertNotifier {
  /** For metrics. */
  readonly counts: WebhookCounts = { sent: 0, retried: 0, dropped: 0 };
  readonly #options: WebhookOptions;
  readonly #target: WebhookTarget;
  /** By name of the rule, in the order in which they came. */
  readonly #waiting = new Map<string, Waiting>();
  readonly #ending = new AbortController();
  #sending: Promise<void> | undefined;

  /**
   * Posts nothing yet.
   *
   * @throws {TypeError} when the URL is none
   */
  constructor(options: WebhookOptions) {
    this.#options = options;
    this.#target = new WebhookTarget(options.url);
  }

  /** How many messages wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Posts soon. */
  notify(group: AlertGroup): void {
    if (this.#ending.signal.aborted) return;
    this.#put(group, 0);
    this.#sending ??= this.#sendAll().finally(() => this.#sending = undefined);
  }

  /** Posts no more; ends a post that is on its way. */
  async stop(): Promise<void> {
    this.#ending.abort(new DOMException("the alerts stop", "AbortError"));
    this.#waiting.clear();
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#ending;
    for (let failures = 0; this.#waiting.size > 0 && !signal.aborted;) {
      const [name, { group, tries }] = this.#waiting.entries().next().value!;
      this.#waiting.delete(name);
      const failure = await this.#post(webhookMessage(group));
      if (signal.aborted) return;
      if (failure === undefined) {
        failures = 0;
        this.counts.sent++;
        continue;
      }
      this.#failed(group, tries + 1, failure);
      // The receiver is away for all messages alike.
      if (failure.isFinal) continue;
      await clock.sleep(this.#wait(failures++), signal).catch(() => {});
    }
  }

  /** Full jitter, so that many control planes do not come back at once. */
  #wait(failures: number): number {
    const { random = Math.random } = this.#options;
    return random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
  }

  #failed(group: AlertGroup, tries: number, { reason, isFinal }: Failure): void {
    const { log } = this.#options;
    const fields = { rule: group.rule.name, tries, reason };
    if (isFinal || tries >= MAX_TRIES) {
      this.counts.dropped++;
      log.error("A message to ALERT_WEBHOOK_URL is given up", fields);
      return;
    }
    this.counts.retried++;
    if (tries === 1) log.warn("ALERT_WEBHOOK_URL does not take a message; trying again", fields);
    this.#put(group, tries);
  }

  /** What waits of the same rule becomes one message. */
  #put(group: AlertGroup, tries: number): void {
    const { name } = group.rule;
    const other = this.#waiting.get(name);
    if (other === undefined) this.#waiting.set(name, { group, tries });
    // A message that comes back after a try is older than the one that waits.
    else if (tries > 0) other.group = merged(group, other.group);
    else other.group = merged(other.group, group);
  }

  /** Answers what went wrong; `undefined` after a success. */
  async #post(message: WebhookMessage): Promise<Failure | undefined> {
    const late = () => new Error(`no answer within ${WEBHOOK_TIMEOUT_MS / 1000} s`);
    const bounds = {
      clock: this.#options.clock,
      ms: WEBHOOK_TIMEOUT_MS,
      signal: this.#ending.signal,
      late,
    };
    try {
      const status = await within(bounds, (signal) => this.#target.post(message, signal));
      if (status >= 200 && status < 300) return undefined;
      const isFinal = status < 500 && status !== 408 && status !== 429;
      return { reason: `it answers with status ${status}`, isFinal };
    } catch (error) {
      return { reason: this.#target.masked(describeError(error)), isFinal: false };
    }
  }
}

/** Why a post failed, and whether another try would be no better. */
interface Failure {
  readonly reason: string;
  readonly isFinal: boolean;
}

/** The newer message, with what had ended in the older one and does not fire again. */
function merged(older: AlertGroup, newer: AlertGroup): AlertGroup {
  const known = new Set([...newer.firing, ...newer.resolved].map(({ serviceId }) => serviceId));
  const rest = older.resolved.filter(({ serviceId }) => !known.has(serviceId));
  return { ...newer, resolved: [...rest, ...newer.resolved] };
}

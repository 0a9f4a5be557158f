import { duration, NOTHING, plainText } from "../command/mod.ts";
import type { Service } from "../service/mod.ts";

/** A type or status as people read it. */
export function word(name: string): string {
  return name.toLowerCase();
}

/** How long ago a service was heard of. */
export function heardOf({ lastHeartbeatAt }: Pick<Service, "lastHeartbeatAt">, now: number) {
  if (lastHeartbeatAt === 0) return NOTHING;
  // The control plane's clock may be ahead of this machine's.
  return `${duration(Math.max(0, now - lastHeartbeatAt) / 1000)} ago`;
}

/** Somebody else's text, or a dash where there is none. */
export function textOr(text: string): string {
  return text === "" ? NOTHING : plainText(text);
}

import { green, red, yellow } from "@std/fmt/colors";

/** Colours of a status; what is not named has none. */
const COLOURS: Readonly<Record<string, (text: string) => string>> = {
  healthy: green,
  degraded: yellow,
  starting: yellow,
  stopping: yellow,
  unhealthy: red,
};

/** A status, which may be padded, in its colour. */
export function paintStatus(text: string): string {
  return COLOURS[text.trim()]?.(text) ?? text;
}

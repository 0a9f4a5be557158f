/** What the switch offers: that of the system, or one of the two. */
export const THEMES = ["auto", "light", "dark"] as const;

/** One of {@linkcode THEMES}. */
export type Theme = typeof THEMES[number];

/** Where a choice is kept; as `localStorage`, which a browser may refuse. */
export type ChoiceStore = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const KEY = "flowctl-console-theme";

/** The choice of before; `auto` where there is none. */
export function keptTheme(store: () => ChoiceStore): Theme {
  const kept = attempt(() => store().getItem(KEY));
  return THEMES.find((theme) => theme === kept) ?? "auto";
}

/** Keeps a choice, where the browser lets us. */
export function keepTheme(store: () => ChoiceStore, theme: Theme): void {
  attempt(() => theme === "auto" ? store().removeItem(KEY) : store().setItem(KEY, theme));
}

const TOKEN_KEY = "flowctl-console-token";

/** The token that was given in this tab. */
export function keptToken(store: () => ChoiceStore): string | undefined {
  return attempt(() => store().getItem(TOKEN_KEY)) ?? undefined;
}

/** Keeps a token for as long as this tab is open. */
export function keepToken(store: () => ChoiceStore, token: string): void {
  attempt(() => store().setItem(TOKEN_KEY, token));
}

// With storage forbidden the page works all the same: it only remembers nothing.
function attempt<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch {
    return undefined;
  }
}

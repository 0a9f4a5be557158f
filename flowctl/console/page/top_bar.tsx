import type { ConsoleState } from "./console_state.ts";
import { clockText } from "./figure_text.ts";
import { type Theme, THEMES } from "./kept_choices.ts";
import type { ThemeChoice } from "./use_theme.ts";

const THEME_WORDS: Readonly<Record<Theme, string>> = {
  auto: "Theme: system",
  light: "Theme: light",
  dark: "Theme: dark",
};

/** The page's head: name, connection and theme. */
export function TopBar({ state, theme }: { state: ConsoleState; theme: ThemeChoice }) {
  return (
    <header class="top-bar">
      <h1>
        <a href="#/">flowctl</a> <span class="quiet">console</span>
      </h1>
      <ConnectionLine state={state} />
      <select
        name="theme"
        aria-label="Theme"
        value={theme.chosen}
        onChange={(event) => theme.choose(event.currentTarget.value as Theme)}
      >
        {THEMES.map((each) => <option key={each} value={each}>{THEME_WORDS[each]}</option>)}
      </select>
    </header>
  );
}

function ConnectionLine({ state: { connection, lastUpdateMs } }: { state: ConsoleState }) {
  const words = {
    connecting: "Connecting",
    live: "Live",
    lost: "Not connected",
    token: "No access",
  };
  return (
    <p class={`connection ${connection}`} data-connection={connection}>
      <span class="dot" aria-hidden="true" />
      {/* The time changes with each snapshot: to say it aloud each time would be noise. */}
      <span role="status">{words[connection]}</span>
      {lastUpdateMs === undefined ? null : (
        <span class="quiet">
          , updated <time>{clockText(lastUpdateMs)}</time>
        </span>
      )}
    </p>
  );
}

/** Says that what is shown is old, for as long as it is. */
export function LostBanner({ state, retry }: { state: ConsoleState; retry: () => void }) {
  if (state.connection !== "lost") return null;
  const { lastUpdateMs, reason } = state;
  return (
    <div class="banner" role="alert">
      <p>
        <strong>Connection lost.</strong> {reason}
        {lastUpdateMs === undefined ? null : ` Last update ${clockText(lastUpdateMs)}.`}{" "}
        Trying again.
      </p>
      <button type="button" onClick={retry}>Try now</button>
    </div>
  );
}

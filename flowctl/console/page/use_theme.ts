import { useEffect, useState } from "preact/hooks";
import { keepTheme, keptTheme, type Theme } from "./kept_choices.ts";

/** The theme that is chosen and the one that is shown, and how to choose another. */
export interface ThemeChoice {
  readonly chosen: Theme;
  readonly shown: "light" | "dark";
  choose(theme: Theme): void;
}

/** Shows the theme that was chosen here before, or the system's, and follows the system. */
export function useTheme(): ThemeChoice {
  const [chosen, setChosen] = useState(() => keptTheme(() => localStorage));
  const [isSystemDark, setSystemDark] = useState(() => darkQuery().matches);
  useEffect(() => {
    const query = darkQuery();
    const changed = () => setSystemDark(query.matches);
    query.addEventListener("change", changed);
    return () => query.removeEventListener("change", changed);
  }, []);
  const shown = chosen === "auto" ? (isSystemDark ? "dark" : "light") : chosen;
  // Before anything is drawn: charts take their colours from the page.
  document.documentElement.dataset.theme = shown;
  return {
    chosen,
    shown,
    choose: (theme) => {
      keepTheme(() => localStorage, theme);
      setChosen(theme);
    },
  };
}

function darkQuery(): MediaQueryList {
  return matchMedia("(prefers-color-scheme: dark)");
}

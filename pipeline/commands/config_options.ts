import type { CommandOption } from "../../flowctl/command/mod.ts";

/** Options that several commands have. */
export const CONFIG_OPTIONS: readonly CommandOption[] = [
  { flag: "config", value: "FILE", help: "file with variables: NAME=value lines, or YAML" },
  {
    flag: "set",
    value: "NAME=VALUE",
    repeats: true,
    help: "set a variable of a component; before anything else that sets it",
  },
];

/** Where the state folder may be named, for commands that look for a run. */
export const FIND_OPTIONS: readonly CommandOption[] = [
  { flag: "profile", value: "NAME", help: "profile that names the state folder (STATE_DIR)" },
  { flag: "config", value: "FILE", help: "file that names it" },
];

/** Names a profile where it is no argument. */
export const PROFILE_OPTION: CommandOption = {
  flag: "profile",
  value: "NAME",
  help: "name of a profile or path of a file (default: local)",
};

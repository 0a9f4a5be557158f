import type { ComponentDeclaration } from "../component_declaration.ts";
import { table } from "./markdown.ts";

/** The sections that say where a value comes from and how it is written. */
export function precedenceSection({ prefix, name }: ComponentDeclaration): string[] {
  return [
    "",
    "## Where a value comes from",
    "",
    "Every setting is a variable. The first of these that sets it counts; an empty text counts as not",
    "set.",
    "",
    "1. a flag on the command line of a component: `--batch-size 50`",
    `2. the component's own environment variable: \`${prefix}_BATCH_SIZE=50\``,
    "3. the environment variable: `BATCH_SIZE=50`",
    "4. a file named with `--config`: lines `NAME=value` or `export NAME=value`, or YAML (`.yaml`); in it",
    "   a name with the component's prefix beats the plain one",
    "5. the profile, `local` unless another is named",
    "6. the default",
    "",
    "So what you export always beats a file and a profile. The commands of the manager, which start",
    "several components, have `--set NAME=VALUE` (as often as you like) in the place of step 1; a name",
    "that nobody declares is an error there.",
    "",
    "A pipeline has three components, so in a pipeline `PORT`, `HEALTH_PORT` and `FLOWCTL_COMPONENT_ID`",
    `only count with a component's prefix, such as \`${prefix}_PORT\`. The plain form is for a`,
    `component that runs alone (\`${name}\`). Port 0 picks a free port; the start-up lines name it.`,
    "",
    "`deno task pipeline config` shows every variable with its value and the step that it came from:",
    "",
    "```sh",
    "deno task pipeline config sink --profile production",
    "deno task pipeline config --json",
    "```",
    ...types(),
  ];
}

function types(): string[] {
  return [
    "",
    "## How values are written",
    "",
    ...table(["type", "written as"], [
      ["boolean", "`true` or `false`"],
      ["integer", "`100`"],
      ["number", "`0.8`"],
      [
        "duration",
        "`500ms`, `30s`, `5m`, `1h`; where the rule says so without `ms`",
      ],
      [
        "bytes",
        "`4096`, `64KiB`, `16MiB`, `1GiB` (also `KB`, `MB`, `GB`, which are powers of ten)",
      ],
      ["endpoint", "`host:port`, without `http://`"],
      ["path", "a file or folder, relative to where the command runs"],
      ["enum", "one of the words listed"],
      ["list", "with commas: `transfer,mint`"],
    ]),
  ];
}

import type { Profile } from "../profile.ts";
import { codeList, table } from "./markdown.ts";

/** The section of the profiles: what each sets, and how to make one. */
export function profileSection(profiles: readonly Profile[]): string[] {
  const names = [...new Set(profiles.flatMap(({ variables }) => Object.keys(variables)))];
  const rows = names.map((name) => [
    `\`${name}\``,
    ...profiles.map(({ variables }) =>
      variables[name] === undefined ? "–" : `\`${variables[name]}\``
    ),
  ]);
  return [
    "",
    "## Profiles",
    "",
    "A profile is a set of values for a kind of use. Commands take one by name or by path;",
    "`local` is used where none is named.",
    "",
    ...table(["profile", "for", "extends"], profiles.map(profileRow)),
    "",
    "What each sets, values of the profiles that it extends included; a dash is not set, so that the",
    "default counts:",
    "",
    ...table(["variable", ...profiles.map(({ name }) => name)], rows),
    ...componentRows(profiles),
    "",
    ...ownProfiles(),
  ];
}

function profileRow({ name, description, bases }: Profile): string[] {
  return [`\`${name}\``, description, bases === undefined ? "–" : codeList(bases.slice(0, 1))];
}

function componentRows(profiles: readonly Profile[]): string[] {
  const rows = profiles.flatMap(({ name, components }) =>
    Object.entries(components).flatMap(([component, variables]) =>
      Object.entries(variables).map(([variable, value]) => [
        `\`${name}\``,
        component,
        `\`${variable}=${value}\``,
      ])
    )
  );
  return rows.length === 0 ? [] : ["", ...table(["profile", "component", "sets"], rows)];
}

function ownProfiles(): string[] {
  return [
    "A profile of your own is a YAML file; name it by its path, in place of a profile's name:",
    "",
    "```yaml",
    "extends: production",
    "description: Ledgers of the archive, kept on the large disk",
    "variables:",
    "  SOURCE_TYPE: filesystem",
    "  STORAGE_PATH: /data/ledgers",
    "  OUTPUT_PATH: /data/tables",
    "components:",
    "  ttp-arrow-processor:",
    "    PORT: 9000",
    "```",
    "",
    "```sh",
    "deno task pipeline check ./mine.yaml",
    "deno task pipeline start ./mine.yaml",
    "```",
    "",
    "`extends` names another profile or a file (relative to this one); what stands here beats what is",
    "extended. `variables` is for every component that declares the variable, `components` for one of",
    "them, and the latter wins. A profile may set any declared variable, the manager's and the control",
    "plane's, too. A name that nobody declares is warned of by `start`, `check`, `config` and `doctor`,",
    "with the nearest right one, and otherwise ignored. Editors check a profile by",
    "[its schema](schemas/profile.schema.json) when the file begins with",
    "`# yaml-language-server: $schema=PATH`.",
  ];
}

import { type ComponentDeclaration, DeclarationError } from "./component_declaration.ts";
import { ConfigFileError, parseConfigFile } from "./config_file.ts";
import { declaredNames, nearestName, nearMisses } from "./near_miss.ts";
import { describePlace } from "./origin.ts";
import { loadProfile, type Profile, profilePath } from "./profile.ts";

/** Names that other programs have given their meaning, though they resemble a variable of ours. */
const KNOWN_ELSEWHERE: readonly string[] = ["SSL_CERT_FILE"];

/** Where names of variables are written. */
export interface NameSources {
  /** Names of the environment. */
  readonly environment: Iterable<string>;
  /** Name, path, or a profile already loaded. */
  readonly profile?: string | Profile;
  /** Path of a `--config` file. */
  readonly configFile?: string;
  /** Reads a configuration file or profile. */
  readonly readText?: (path: string) => string;
}

/**
 * A sentence for each name that no component declares: of a profile and a `--config` file all of them,
 * since everything there is meant for us; of the environment those that resemble a declared name. A
 * file or profile that cannot be read is passed over, as resolving the configuration tells it.
 *
 * @param declarations of all components, and of whatever else reads the same sources
 */
export function unknownNameWarnings(
  declarations: readonly ComponentDeclaration[],
  sources: NameSources,
): string[] {
  const readText = sources.readText ?? Deno.readTextFileSync;
  const known = declaredNames(declarations);
  const { configFile } = sources;
  const file = configFile === undefined
    ? undefined
    : readable(() => parseConfigFile(readText(configFile), configFile));
  return [
    ...environmentWarnings(declarations, sources.environment),
    ...[...file ?? []].filter(([name]) => !known.has(name)).map(([path, { line }]) => {
      const place = describePlace("file", { path, line, source: configFile! });
      return `${place}: no component declares it${hint(path, known)}`;
    }),
    ...profileWarnings(declarations, known, sources.profile, readText),
  ];
}

function environmentWarnings(
  declarations: readonly ComponentDeclaration[],
  environment: Iterable<string>,
): string[] {
  const names = [...environment].filter((name) => !KNOWN_ELSEWHERE.includes(name));
  return nearMisses(declarations, names).map(({ name, nearest }) =>
    `${name} is set but no component knows it; did you mean ${nearest}?`
  );
}

function profileWarnings(
  declarations: readonly ComponentDeclaration[],
  known: ReadonlySet<string>,
  source: string | Profile | undefined,
  readText: (path: string) => string,
): string[] {
  if (source === undefined) return [];
  const profile = typeof source === "string"
    ? readable(() => loadProfile(source, readText))
    : source;
  if (profile === undefined) return [];
  const at = (path: string) => {
    const place = profile.places?.get(path);
    return place === undefined
      ? `${path} in profile ${profile.name}`
      : describePlace("profile", place);
  };
  const warnings = Object.keys(profile.variables).filter((name) => !known.has(name))
    .map((name) => `${at(profilePath(name))}: no component declares it${hint(name, known)}`);
  for (const [component, variables] of Object.entries(profile.components)) {
    const declaration = declarations.find(({ name }) => name === component);
    if (declaration === undefined) {
      const names = declarations.map(({ name }) => name);
      warnings.push(
        `${at(`components.${component}`)}: no component has this name${
          hint(component, names, `; known are ${names.join(", ")}`)
        }`,
      );
      continue;
    }
    const own = declaredNames([declaration]);
    for (const name of Object.keys(variables).filter((name) => !own.has(name))) {
      warnings.push(
        `${at(profilePath(name, component))}: ${component} does not declare it${hint(name, own)}`,
      );
    }
  }
  return warnings;
}

function hint(name: string, known: Iterable<string>, otherwise = ""): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? otherwise : `; did you mean ${nearest}?`;
}

/** What `read` answers; nothing when the file or profile cannot be used. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const isTold = error instanceof DeclarationError || error instanceof ConfigFileError ||
      error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied ||
      error instanceof Deno.errors.NotCapable || error instanceof Deno.errors.IsADirectory;
    if (isTold) return undefined;
    throw error;
  }
}

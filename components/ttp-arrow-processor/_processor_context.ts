import {
  type ComponentContext,
  createLogger,
  loadConfig,
  MetricsRegistry,
  parseDeclaration,
  realClock,
} from "../../flowctl/mod.ts";

const declaration = parseDeclaration(
  await Deno.readTextFile(new URL("./component.yaml", import.meta.url)),
);

/** What the host would give a processor with these variables, for tests; its log goes to `write`. */
export function processorContext(
  variables: Readonly<Record<string, string>>,
  write: (line: string) => void = () => {},
): ComponentContext {
  const all: Record<string, string> = { PORT: "0", PROCESSOR_THREADS: "2", ...variables };
  return {
    declaration,
    config: loadConfig({
      declaration,
      env: { get: (name: string) => all[name] },
      profile: "local",
    }),
    log: createLogger({
      component: declaration.name,
      level: "warn",
      format: "text",
      clock: realClock,
      write,
    }),
    metrics: new MetricsRegistry(),
    signal: new AbortController().signal,
    clock: realClock,
  };
}

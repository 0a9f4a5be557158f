/**
 * Folders whose code a component's threads load. Deno lets a worker load a module only with
 * permission to read it, unlike the main module's own imports.
 */
const WORKER_CODE: Readonly<Record<string, readonly string[]>> = {
  "ttp-arrow-processor": ["components/ttp-arrow-processor", "stellar", "arrow"],
};

/** Folders of code, relative to the repository, that a component must be allowed to read. */
export function workerCode(component: string): readonly string[] {
  return WORKER_CODE[component] ?? [];
}

import type { PlannedComponent } from "./planned_component.ts";

/**
 * A sentence for each port of the configuration that another program listens on. Looked at before
 * anything is started, so that all of them are told at once and by the names of a pipeline.
 * Whatever else is wrong with an address is left to the component, which says it in full.
 */
export function takenPorts(components: readonly PlannedComponent[]): string[] {
  const sentences: string[] = [];
  for (const { declaration, config, listen } of components) {
    for (const variable of Object.values(declaration.ports)) {
      const port = config.integer(variable);
      // Port 0 picks a free one.
      if (port === 0 || !isTaken(listen.replace(/^\[|\]$/g, ""), port)) continue;
      const name = `${declaration.prefix}_${variable}`;
      sentences.push(
        `${name}: port ${port} of ${listen} is taken by another program; ` +
          `stop that one, or choose another port (0 picks a free one). Example: ${name}=0`,
      );
    }
  }
  return sentences;
}

function isTaken(hostname: string, port: number): boolean {
  try {
    Deno.listen({ hostname, port }).close();
    return false;
  } catch (error) {
    return error instanceof Deno.errors.AddrInUse;
  }
}

import { standardOutput } from "../command/mod.ts";
import { runFlowctl } from "./cli.ts";

if (import.meta.main) {
  const interrupted = new AbortController();
  // A watch ends in order; everything else may end at once.
  if (Deno.args.includes("--watch")) {
    Deno.addSignalListener("SIGINT", () => interrupted.abort());
  }
  const { signal } = interrupted;
  Deno.exit(await runFlowctl(Deno.args, { sink: standardOutput(), env: Deno.env, signal }));
}

import { standardOutput } from "../flowctl/command/mod.ts";
import { runCli } from "./cli.ts";

if (import.meta.main) {
  // `start` has its own way to stop; every other command ends at Ctrl-C, those that watch in order.
  const interrupted = new AbortController();
  const watches = Deno.args.some((argument) => argument === "--watch" || argument === "--follow");
  if (watches) Deno.addSignalListener("SIGINT", () => interrupted.abort());
  Deno.exit(
    await runCli(Deno.args, {
      sink: standardOutput(),
      env: Deno.env,
      signal: interrupted.signal,
    }),
  );
}

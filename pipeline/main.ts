import { runCli } from "./cli.ts";
import { standardOutput } from "./display/mod.ts";

if (import.meta.main) Deno.exit(await runCli(Deno.args, standardOutput()));

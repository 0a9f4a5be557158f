import { runCli } from "./cli.ts";
import { standardOutput } from "./console_output.ts";

if (import.meta.main) Deno.exit(await runCli(Deno.args, standardOutput()));

/**
 * `deno task test:conformance [--golden DIR]… [options of deno test]`: the conformance tests, with a
 * report of cases equal and different by tag. With `--golden` only the events are held against the
 * reference: what its proof finds is known of the repository's own cases.
 */
import { fromFileUrl } from "@std/path";

const forTests: string[] = [];
const forDeno: string[] = [];
const args = [...Deno.args];
for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
  if (arg === "--golden") forTests.push(arg, args.shift() ?? "");
  else if (arg.startsWith("--golden=")) forTests.push(arg);
  else forDeno.push(arg);
}
const tests = forTests.length > 0 ? "./conformance_test.ts" : "./";
const { code } = await new Deno.Command(Deno.execPath(), {
  args: [
    ...["test", "-A", "--no-check", ...forDeno, fromFileUrl(new URL(tests, import.meta.url))],
    ...["--", ...forTests],
  ],
}).spawn().status;
Deno.exit(code);

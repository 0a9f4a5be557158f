/**
 * `deno task test:conformance [--golden DIR]… [options of deno test]`: the conformance tests, with a
 * report of cases equal and different by tag.
 */
import { fromFileUrl } from "@std/path";

const tests = fromFileUrl(new URL("./conformance_test.ts", import.meta.url));
const forTests: string[] = [];
const forDeno: string[] = [];
const args = [...Deno.args];
for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
  if (arg === "--golden") forTests.push(arg, args.shift() ?? "");
  else if (arg.startsWith("--golden=")) forTests.push(arg);
  else forDeno.push(arg);
}
const { code } = await new Deno.Command(Deno.execPath(), {
  args: [
    ...["test", "-A", "--no-check", ...forDeno, tests],
    ...["--", ...forTests],
  ],
}).spawn().status;
Deno.exit(code);

import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { readDeclarations } from "./component_command.ts";
import { planPipeline } from "./pipeline_plan.ts";
import { unusableFiles } from "./unusable_files.ts";

async function planWith(env: Record<string, string>, profile = "flowctl") {
  return await planPipeline(await readDeclarations(), {
    profile,
    env: { get: (name) => env[name], toObject: () => env },
  });
}

Deno.test("where no file is named, or each is as it must be, nothing is wrong", async () => {
  const folder = await Deno.makeTempDir();
  const token = join(folder, "token");
  await Deno.writeTextFile(token, "open-sesame\n");
  for (const env of [{}, { AUTH_TOKEN_FILE: token }]) {
    for (const profile of ["local", "flowctl"]) {
      assertEquals(await unusableFiles(await planWith(env, profile)), []);
    }
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a token, certificate or authority that cannot be used is told once, by its variable", async () => {
  const folder = await Deno.makeTempDir();
  const file = join(folder, "a-file");
  await Deno.writeTextFile(file, "two\nlines");
  const missing = await unusableFiles(
    await planWith({ AUTH_TOKEN_FILE: join(folder, "nowhere") }),
  );
  assertEquals(missing.length, 1);
  assertMatch(missing[0]!, /^AUTH_TOKEN_FILE: ".*nowhere" .* cannot be read: No such file/);
  const wrong = await unusableFiles(
    await planWith({
      AUTH_TOKEN_FILE: file,
      TLS_CERT_FILE: file,
      TLS_KEY_FILE: file,
      TLS_CA_FILE: file,
      FLOWCTL_TLS_CA_FILE: file,
    }),
  );
  assertEquals(wrong.map((sentence) => sentence.split(":")[0]).sort(), [
    "AUTH_TOKEN_FILE",
    "FLOWCTL_TLS_CA_FILE",
    "TLS_CA_FILE",
    "TLS_CERT_FILE",
    "TLS_KEY_FILE",
  ]);
  await Deno.remove(folder, { recursive: true });
});

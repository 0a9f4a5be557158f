import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { readDeclarations } from "./component_command.ts";
import { missingLakes } from "./missing_lakes.ts";
import { planPipeline } from "./pipeline_plan.ts";

async function componentsWith(lake: string) {
  const env: Record<string, string> = { SOURCE_TYPE: "filesystem", STORAGE_PATH: lake };
  const { components } = await planPipeline(await readDeclarations(), {
    profile: "local",
    env: { get: (name) => env[name], toObject: () => env },
  });
  return components;
}

Deno.test("a lake that is a file, or not there, is no folder; an empty one is the source's to judge", async () => {
  const folder = await Deno.makeTempDir();
  const file = join(folder, "a-file");
  await Deno.writeTextFile(file, "");
  for (const path of [file, join(folder, "nowhere")]) {
    assertEquals(await missingLakes(await componentsWith(path)), [
      `STORAGE_PATH: "${path}" of stellar-arrow-source is no folder; name the folder of a SEP-54 ` +
      "lake. Example: STORAGE_PATH=./lake",
    ]);
  }
  assertEquals(await missingLakes(await componentsWith(folder)), []);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a lake that this user cannot read is told by its variable, with the reason", async () => {
  // To root every folder is readable.
  const open = () =>
    Promise.reject(new Deno.errors.PermissionDenied("Permission denied (os error 13)"));
  assertEquals(await missingLakes(await componentsWith("locked"), open), [
    'STORAGE_PATH: "locked" of stellar-arrow-source cannot be read: Permission denied (os error ' +
    "13); name a folder that this user may read. Example: STORAGE_PATH=./lake",
  ]);
});

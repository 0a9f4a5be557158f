import { assertEquals } from "@std/assert";
import { toFileUrl } from "@std/path";
import { testDeclaration } from "../_test_declaration.ts";
import { variablesWithoutEffect } from "./variables_without_effect.ts";

Deno.test("a variable that no program reads is found, wherever tests, checks and displays name it", async () => {
  const folder = await Deno.makeTempDir();
  const write = async (path: string, text: string) => {
    await Deno.mkdir(`${folder}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeTextFile(`${folder}/${path}`, text);
  };
  const names = [...testDeclaration().variables.keys()];
  const read = names.filter((name) => !["SIZE", "RATIO", "MODE", "WAIT"].includes(name));
  await write("components/a/main.ts", read.map((name) => `"${name}"`).join());
  await write("components/a/main_test.ts", '"SIZE"');
  await write("flowctl/config/cross_field_rules.ts", '"RATIO"');
  await write("flowctl/component/startup_display.ts", "config.values.MODE");
  await write("pipeline/main.ts", "config.values.WAIT; config.values.SIZE_LIMIT");
  const found = await variablesWithoutEffect([testDeclaration()], toFileUrl(`${folder}/`));
  assertEquals(found, ["SIZE", "RATIO", "MODE"]);
  await Deno.remove(folder, { recursive: true });
});

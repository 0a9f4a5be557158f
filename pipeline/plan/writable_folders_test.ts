import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { whyNotWritable } from "./writable_folders.ts";

Deno.test("a folder that is there, or can be made, is writable and stays as it was", async () => {
  const folder = await Deno.makeTempDir();
  assertEquals(await whyNotWritable(folder), undefined);
  assertEquals(await whyNotWritable(join(folder, "a/b/c")), undefined);
  assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a file in the place of a folder, at any depth, is named", async () => {
  const folder = await Deno.makeTempDir();
  const file = join(folder, "a-file");
  await Deno.writeTextFile(file, "");
  for (const path of [file, join(file, "out"), join(file, "a/b")]) {
    assertStringIncludes((await whyNotWritable(path))!, `${file} is a file`);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test({
  name: "a folder without permission is told with the reason",
  // To root every folder is writable, but for what the system itself holds.
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    // Who has all permissions is told by the system, in its words.
    const reason = await whyNotWritable("/proc/nowhere");
    assertEquals(typeof reason, "string");
    const env = { NO_COLOR: "1", OUTPUT_PATH: "/proc/nowhere" };
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "-q", "pipeline", "doctor"],
      cwd: new URL("../../", import.meta.url),
      env,
      stderr: "null",
    }).output();
    const text = new TextDecoder().decode(stdout);
    assertStringIncludes(text, "/proc/nowhere belongs to the system");
    assertEquals(text.includes("--allow-all"), false, text);
  },
});

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { logFiles, RotatingLog } from "./rotating_log.ts";

const AT = new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 6));

async function names(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
}

Deno.test("lines carry their time; a full file is put aside and the oldest is dropped", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "source.log");
  const line = (text: string) => `2026-01-02T03:04:05.006Z ${text}\n`;
  using log = new RotatingLog({ path, maxBytes: line("0").length * 2, maxFiles: 3 });
  for (let at = 0; at < 9; at++) log.write(AT, String(at));
  assertEquals(await names(folder), ["source.log", "source.log.1", "source.log.2"]);
  const texts = await Promise.all(logFiles(path, 3).map((file) => Deno.readTextFile(file)));
  assertEquals(texts, [line("8"), line("6") + line("7"), line("4") + line("5")]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a line larger than a file is kept whole, and one file alone is begun anew", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "x.log");
  using log = new RotatingLog({ path, maxBytes: 10, maxFiles: 1 });
  log.write(AT, "a long line that no file of ten bytes holds");
  log.write(AT, "next");
  assertEquals(await names(folder), ["x.log"]);
  assertEquals(await Deno.readTextFile(path), "2026-01-02T03:04:05.006Z next\n");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a log goes on where the run before has left it", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "x.log");
  for (const text of ["first", "second"]) {
    using log = new RotatingLog({ path, maxBytes: 1000, maxFiles: 2 });
    log.write(AT, text);
  }
  assertEquals((await Deno.readTextFile(path)).split("\n").length, 3);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("lines that cannot be written are counted and told of when it goes on", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "missing", "x.log");
  using log = new RotatingLog({ path, maxBytes: 1000, maxFiles: 2 });
  log.write(AT, "a");
  log.write(AT, "b");
  assertEquals(log.lost, 2);
  await Deno.mkdir(join(folder, "missing"));
  log.write(AT, "c");
  assertEquals(log.lost, 0);
  const text = await Deno.readTextFile(path);
  assertEquals(text.replaceAll("2026-01-02T03:04:05.006Z ", ""), "(2 lines are missing here)\nc\n");
  await Deno.remove(folder, { recursive: true });
});

import { assertEquals } from "@std/assert";
import { ComponentProcess } from "./component_process.ts";

function started(body: string, lines: string[] = []): ComponentProcess {
  return new ComponentProcess({
    component: "a",
    command: Deno.execPath(),
    args: ["eval", "--no-lock", "--no-config", body],
    env: { GREETING: "hello", NO_COLOR: "1" },
  }, (line) => lines.push(line));
}

Deno.test("lines for people and for the manager are told apart, and the last ones are kept", async () => {
  const lines: string[] = [];
  const process = started(
    `
    console.log("@ready " + JSON.stringify({ component: "a", ports: { flight: 7 } }));
    console.log('@done {"cursor":5}');
    console.log('@done {"cursor":6}');
    console.log("@broken {not json}");
    console.log("@ready {}");
    for (let at = 0; at < 12; at++) console.log(Deno.env.get("GREETING") + at);`,
    lines,
  );
  assertEquals(await process.ended, { code: 0, signal: null });
  assertEquals((await process.ready).ports, { flight: 7 });
  assertEquals(process.machineLine("done"), { cursor: 6 });
  assertEquals(lines.slice(0, 2), ["@broken {not json}", "@ready {}"]);
  assertEquals(lines.filter((line) => line.startsWith("hello")).length, 12);
  assertEquals(process.lastLines(), Array.from({ length: 10 }, (_, at) => `hello${at + 2}`));
});

Deno.test("a process that does not heed SIGTERM is killed after the grace period", async () => {
  const process = started(`
    Deno.addSignalListener("SIGTERM", () => {});
    console.log("@ready " + JSON.stringify({ component: "a", ports: {} }));
    setInterval(() => {}, 1000);`);
  await process.ready;
  assertEquals(await process.stop(50), true);
  assertEquals((await process.ended).signal, "SIGKILL");
  // Again is harmless, as for one that had ended by itself.
  assertEquals(await process.stop(50), false);
  process.kill();
});

Deno.test("it sees the end of its standard input when the manager is gone", async () => {
  // The manager is a process of its own here, killed without any chance to say goodbye.
  const module = new URL("./component_process.ts", import.meta.url).href;
  const body = `
    for await (const _ of Deno.stdin.readable);
    Deno.writeTextFileSync(Deno.env.get("GONE_FILE"), "gone");`;
  const folder = await Deno.makeTempDir();
  const manager = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      "--no-lock",
      `
      import { ComponentProcess } from ${JSON.stringify(module)};
      const args = ["eval", "--no-lock", "--no-config", ${
        JSON.stringify(`console.log('@ready {"component":"a","ports":{}}'); ${body}`)
      }];
      const launch = { component: "a", command: Deno.execPath(), env: {}, args };
      await new ComponentProcess(launch, () => {}).ready;
      console.log("up");
      setInterval(() => {}, 1000);`,
    ],
    env: { GONE_FILE: `${folder}/gone` },
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const reader = manager.stdout.getReader();
  await reader.read();
  const watcher = Deno.watchFs(folder);
  manager.kill("SIGKILL");
  await manager.status;
  await reader.cancel();
  for await (const event of watcher) if (event.kind === "create") break;
  await Deno.remove(folder, { recursive: true });
});

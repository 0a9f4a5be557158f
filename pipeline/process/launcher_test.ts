import { assertEquals } from "@std/assert";
import { ignoresHangup, npmLauncher, whenGone } from "./launcher.ts";
import { processFacts } from "./process_identity.ts";

const NPM_ENV = { get: (name: string) => name === "npm_execpath" ? "/npm-cli.js" : undefined };

function chain(...commands: string[]) {
  const pids = [Deno.ppid, 9001, 9002, 9003];
  return (pid: number) => {
    const at = pids.indexOf(pid);
    const command = commands[at];
    const facts = { pid, parent: pids[at + 1] ?? 1, startedAt: `t${at}`, command: command ?? "" };
    return Promise.resolve(command === undefined ? undefined : facts);
  };
}

Deno.test("the npm process is found above deno task and its shell", async () => {
  const facts = chain("deno task x", "sh -c 'deno' task x", "npm exec deno@2.9.6 task x", "bash");
  assertEquals(await npmLauncher(NPM_ENV, facts), { pid: 9002, startedAt: "t2" });
});

Deno.test("without npm's environment, or without npm above, there is no launcher", async () => {
  const facts = chain("deno task x", "npm exec deno");
  assertEquals(await npmLauncher({ get: () => undefined }, facts), undefined);
  assertEquals(await npmLauncher(NPM_ENV, chain("deno task x", "bash", "sshd")), undefined);
});

Deno.test("the end of a watched process is noticed", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-lock", "await new Promise(() => setInterval(() => {}, 1000))"],
    stdin: "null",
  }).spawn();
  const facts = (await processFacts(child.pid))!;
  const { promise, resolve } = Promise.withResolvers<void>();
  const watching = new AbortController();
  whenGone(facts, watching.signal, resolve, undefined, 10);
  child.kill("SIGKILL");
  await child.status;
  await promise;
  watching.abort();
  assertEquals(await processFacts(child.pid), undefined);
});

Deno.test("a look that fails counts as still there, and one look begins after the other", async () => {
  const watched = { pid: 4711, startedAt: "t" };
  const answers = [
    () => Promise.reject(new Error("no more processes")),
    () => Promise.resolve("t"),
    () => Promise.resolve(undefined),
  ];
  const { promise, resolve } = Promise.withResolvers<void>();
  let looking = 0;
  const startOf = async (pid: number) => {
    assertEquals([pid, ++looking], [4711, 1]);
    const answer = await answers.shift()!().finally(() => looking--);
    return answer;
  };
  whenGone(watched, new AbortController().signal, resolve, startOf, 1);
  await promise;
  assertEquals(answers, []);
});

Deno.test("a hang-up counts unless it was ignored at the start, as nohup does", async () => {
  const launcher = JSON.stringify(new URL("./launcher.ts", import.meta.url).href);
  const program = `import { ignoresHangup } from ${launcher}; console.log(await ignoresHangup());`;
  // This test may itself be run through nohup, and what is ignored stays so in children.
  const inherited = String(await ignoresHangup());
  for (const [shell, ignored] of [['trap "" HUP; ', "true"], ["", inherited]] as const) {
    const { stdout } = await new Deno.Command("sh", {
      args: ["-c", `${shell}exec "$0" eval --no-lock '${program}'`, Deno.execPath()],
      stdin: "null",
    }).output();
    assertEquals(new TextDecoder().decode(stdout).trim(), ignored);
  }
});

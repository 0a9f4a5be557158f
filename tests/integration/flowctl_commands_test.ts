import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { connectControlPlane, ControlPlane } from "../../flowctl/mod.ts";
import { processor, sink, source } from "../../flowctl/service/testing/mod.ts";
import { taskArguments } from "./direct_component.ts";

const TOKEN = "open-sesame";

/** A control plane with a token, half of whose services register over each protocol. */
async function started() {
  const plane = new ControlPlane({ port: 0, token: TOKEN });
  const { port } = await plane.start();
  // By name, as FLOWCTL_ENDPOINT has it by default.
  const endpoint = `localhost:${port}`;
  const v1 = await connectControlPlane({ endpoint, token: TOKEN, protocol: "v1" });
  const legacy = await connectControlPlane({ endpoint, token: TOKEN, protocol: "legacy" });
  await v1.register(source);
  await legacy.register(processor);
  await v1.register(sink);
  const metrics = { events_per_second: 12.5 };
  await legacy.heartbeat({ serviceId: "processor", metrics });
  v1.close();
  legacy.close();
  const folder = await Deno.makeTempDir();
  const tokenFile = join(folder, "token");
  await Deno.writeTextFile(tokenFile, TOKEN);
  const env = { FLOWCTL_ENDPOINT: endpoint, AUTH_TOKEN_FILE: tokenFile };
  return {
    endpoint,
    env,
    tokenFile,
    async [Symbol.asyncDispose]() {
      await plane.stop();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** A task with the permissions of its set. */
function task(
  command: "list" | "status" | "topology",
  args: readonly string[],
  env: Record<string, string>,
): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: [...taskArguments(`flowctl:${command}`), ...args],
    cwd: new URL("../../", import.meta.url),
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

async function output(command: Deno.Command): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  assertEquals(decoder.decode(stderr), "");
  return { code, text: decoder.decode(stdout) };
}

Deno.test("the tasks show services, figures and topology with the permissions of their set", async () => {
  await using plane = await started();
  for (const command of ["list", "status", "topology"] as const) {
    const { code, text } = await output(task(command, [], plane.env));
    assertEquals(code, 0, text);
    for (const id of ["source", "processor", "sink"]) assertStringIncludes(text, id);
  }
  const { text } = await output(task("status", ["--json", "--protocol", "legacy"], plane.env));
  const { health, metrics } = JSON.parse(text);
  assertEquals([health.status, metrics.total.events_per_second], ["healthy", 12.5]);
});

Deno.test("a wrong token and a control plane that is not there end a task with 1 and a sentence", async () => {
  await using plane = await started();
  await Deno.writeTextFile(plane.tokenFile, "wrong");
  const wrong = await output(task("list", [], plane.env));
  assertEquals(wrong.code, 1);
  assertStringIncludes(wrong.text, `Control plane ${plane.endpoint}: `);
  const probe = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = probe.addr as Deno.NetAddr;
  probe.close();
  const dead = await output(task("status", ["--endpoint", `127.0.0.1:${port}`], {}));
  assertEquals(dead.code, 1);
  assertStringIncludes(dead.text, `Control plane 127.0.0.1:${port}: nothing listens there`);
});

Deno.test("a watch shows the services until SIGINT, and ends with 0", async () => {
  await using plane = await started();
  await using child = task("list", ["--watch", "--json"], plane.env).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    assert(!done, text);
    text += value;
  }
  const { services } = JSON.parse(text.split("\n")[0]!);
  assertEquals(services.length, 3);
  child.kill("SIGINT");
  while (!(await reader.read()).done);
  assertEquals((await child.status).code, 0);
  await child.stderr.cancel();
});

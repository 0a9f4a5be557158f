import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { ControlPlane } from "../../flowctl/mod.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));
const TOKEN = "open-sesame";

/** The guide's example of a service, which runs until it is told to stop. */
async function guideExample(): Promise<string> {
  const guide = await Deno.readTextFile(join(ROOT, "docs/control-plane.md"));
  return /^```ts ignore\n(.*?)^```$/ms.exec(guide)![1]!;
}

Deno.test("the guide's service registers from a folder of its own and stays until it is told to stop", async () => {
  const folder = await Deno.makeTempDir();
  const gone = Promise.withResolvers<void>();
  await using plane = new ControlPlane({
    port: 0,
    token: TOKEN,
    onChange: ({ what }) => {
      if (what === "unregistered") gone.resolve();
    },
  });
  const { port } = await plane.start();
  await Deno.writeTextFile(join(folder, "token"), `${TOKEN}\n`);
  await Deno.writeTextFile(join(folder, "price_feed.ts"), await guideExample());
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "-q", "--check", "--config", join(ROOT, "deno.json"), "price_feed.ts"],
    cwd: folder,
    env: { FLOWCTL_ENDPOINT: `127.0.0.1:${port}`, AUTH_TOKEN_FILE: "token", NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = new Response(child.stderr).text();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value: said } = await reader.read();
  const [service] = plane.services();
  assertStringIncludes(said ?? await errors, `registered ${service?.id}`);
  assertEquals([service?.name, service?.status], ["price-feed", "HEALTHY"]);
  child.kill("SIGTERM");
  await gone.promise;
  assertEquals((await child.status).code, 0);
  assertEquals([plane.services(), await errors], [[], ""]);
  await reader.cancel();
  await Deno.remove(folder, { recursive: true });
});

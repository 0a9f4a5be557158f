import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { createLogger, FakeClock, MetricsRegistry } from "../component/mod.ts";
import { ConfigError, parseDeclaration, permissionFlags, resolveConfig } from "../config/mod.ts";
import { alertSetup } from "./alert_setup.ts";

const declaration = parseDeclaration(
  await Deno.readTextFile(new URL("component.yaml", import.meta.url)),
);

function configOf(variables: Record<string, string>) {
  return resolveConfig({ declaration, env: { get: (name) => variables[name] } });
}

function setup(variables: Record<string, string>) {
  const { config, problems } = configOf(variables);
  assertEquals(problems, []);
  const clock = new FakeClock();
  const log = createLogger({
    component: "a",
    level: "info",
    format: "text",
    clock,
    write: () => {},
  });
  const { signal } = new AbortController();
  return alertSetup({ declaration, config, log, metrics: new MetricsRegistry(), signal, clock });
}

async function refused(variables: Record<string, string>): Promise<string> {
  return (await assertRejects(() => setup(variables), ConfigError)).message;
}

Deno.test("without variables the built-in rules are told to the log", async () => {
  const { rules, heartbeatMs, notifiers } = await setup({});
  assertEquals([rules.rules.length, heartbeatMs, notifiers.length], [6, 10_000, 1]);
});

Deno.test("rules of one's own take the place of the built-in ones, and a mistake names file and line", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "rules.yaml");
  try {
    await Deno.writeTextFile(path, "rules: []\n");
    assertEquals((await setup({ ALERT_RULES_PATH: path })).rules.rules, []);
    await Deno.writeTextFile(path, "rules: none\n");
    const told = await refused({ ALERT_RULES_PATH: path });
    assertStringIncludes(told, "ALERT_RULES_PATH");
    assertStringIncludes(told, "line 1, rules: must be a list");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  assertStringIncludes(await refused({ ALERT_RULES_PATH: path }), "a file that can be read");
});

Deno.test("a webhook is one notifier more, and permits its host and port alone", async () => {
  const ALERT_WEBHOOK_URL = "https://alerts.example.com/hook/secret?key=1";
  const { notifiers } = await setup({ ALERT_WEBHOOK_URL });
  assertEquals(notifiers.length, 2);
  const net = (url: string) =>
    permissionFlags(declaration, configOf({ ALERT_WEBHOOK_URL: url }).config)
      .find((flag) => flag.startsWith("--allow-net="))!.split(",").at(-1);
  assertEquals(
    [ALERT_WEBHOOK_URL, "http://me:pw@[::1]:99/x", "http://a.example"].map(net),
    ["alerts.example.com:443", "[::1]:99", "a.example:80"],
  );
});

Deno.test("a URL that is none is refused without being told", async () => {
  for (
    const url of ["ftp://example.com/hush-hush", "example.com/hush-hush", "https:///hush-hush"]
  ) {
    const { problems } = configOf({ ALERT_WEBHOOK_URL: url });
    assertEquals(problems.map(({ variable, value }) => [variable, value]), [
      ["ALERT_WEBHOOK_URL", "***"],
    ], url);
  }
  for (
    const url of ["https://example.com:99999/hush-hush", "https://a:%zz@example.com/hush-hush"]
  ) {
    const told = await refused({ ALERT_WEBHOOK_URL: url });
    assertStringIncludes(told, "ALERT_WEBHOOK_URL");
    assertEquals(told.includes("hush"), false, told);
  }
});

/** The files of deploy/ with Debian's Prometheus. Skipped where there is none. */
import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { builtInAlertRules, ruleMeasure } from "../../flowctl/mod.ts";
import {
  type ComponentTask,
  DirectComponent,
  taskArguments,
} from "../integration/direct_component.ts";
import { isInstalled, PrometheusProcess } from "./prometheus_process.ts";

const DEPLOY = fromFileUrl(new URL("../../deploy/", import.meta.url));
const hasPromtool = await isInstalled("promtool");
const hasPrometheus = await isInstalled("prometheus");

async function promtool(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command("promtool", {
    args,
    cwd: join(DEPLOY, "prometheus"),
    stdin: "null",
  }).output();
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assertEquals(code, 0, said);
  return said;
}

Deno.test({
  name: "promtool accepts the configuration and the rules, and the rules' own tests hold",
  ignore: !hasPromtool,
  fn: async () => {
    await promtool("check", "config", "prometheus.yml");
    await promtool("check", "rules", "rules.yml");
    await promtool("test", "rules", "rules_test.yml");
  },
});

/** The four programs of a pipeline, by the ports that prometheus.yml expects of them. */
const DEFAULT_PORTS: Readonly<Record<ComponentTask, number>> = {
  flowctl: 8087,
  source: 8088,
  processor: 8089,
  sink: 8090,
};

/** The committed configuration with real ports, looked at each second. */
async function configFile(
  folder: string,
  ports: Readonly<Record<string, number>>,
): Promise<string> {
  let text = await Deno.readTextFile(join(DEPLOY, "prometheus", "prometheus.yml"));
  for (const [task, port] of Object.entries(DEFAULT_PORTS)) {
    const [before, after] = [`127.0.0.1:${port}`, `127.0.0.1:${ports[task]}`];
    assertEquals(text.split(before).length, 2, `prometheus.yml names ${before} once`);
    text = text.replace(before, after);
  }
  text = text.replaceAll("_interval: 15s", "_interval: 1s");
  await Deno.copyFile(join(DEPLOY, "prometheus", "rules.yml"), join(folder, "rules.yml"));
  const path = join(folder, "prometheus.yml");
  await Deno.writeTextFile(path, text);
  return path;
}

/** All expressions of a dashboard's panels, with "All" chosen of each variable. */
async function expressionsOf(dashboard: string): Promise<string[]> {
  const { panels } = JSON.parse(await Deno.readTextFile(join(DEPLOY, "grafana", dashboard)));
  return panels
    .flatMap(({ targets = [] }: { targets?: { expr: string }[] }) => targets)
    .map(({ expr }: { expr: string }) =>
      expr.replaceAll(/\$(service|job)\b/g, ".*").replaceAll("$__rate_interval", "30s")
    );
}

async function dashboardExpressions(): Promise<Map<string, string[]>> {
  const all = new Map<string, string[]>();
  for await (const { name } of Deno.readDir(join(DEPLOY, "grafana"))) {
    all.set(name, await expressionsOf(name));
  }
  return all;
}

/** A pipeline whose components find each other by discovery, on free ports. */
async function startPipeline(stack: AsyncDisposableStack, folder: string) {
  const start = (task: ComponentTask, args: string[], env: Record<string, string>) =>
    stack.use(new DirectComponent([...taskArguments(task), ...args], env));
  const flowctl = start(
    "flowctl",
    ["--port", "0", "--health-port", "0", "--state-path", ":memory:"],
    { MONITORING_INTERVAL: "1s" },
  );
  const ports: Record<string, number> = { flowctl: (await flowctl.ready()).ports.health! };
  const common = {
    ENABLE_FLOWCTL: "true",
    FLOWCTL_ENDPOINT: `127.0.0.1:${(await flowctl.ready()).ports.grpc}`,
    FLOWCTL_HEARTBEAT_INTERVAL: "1s",
    MONITORING_INTERVAL: "1s",
  };
  const components: Readonly<Record<string, Record<string, string>>> = {
    source: {
      SOURCE_TYPE: "simulated",
      SIMULATED_LEDGER_INTERVAL: "200ms",
      STORAGE_PATH: join(folder, "ledgers"),
    },
    processor: {},
    sink: { OUTPUT_PATH: join(folder, "out"), FLUSH_INTERVAL: "1s" },
  };
  for (const [task, env] of Object.entries(components)) {
    const component = start(task as ComponentTask, [], { ...common, ...env });
    ports[task] = (await component.ready()).ports.health!;
  }
  return ports;
}

Deno.test({
  name: "Prometheus finds each panel of each dashboard, and each rule, in a running pipeline",
  ignore: !hasPrometheus,
  fn: async (t) => {
    const folder = await Deno.makeTempDir();
    await using stack = new AsyncDisposableStack();
    stack.defer(() => Deno.remove(folder, { recursive: true }));
    const ports = await startPipeline(stack, folder);
    const config = await configFile(folder, ports);
    const prometheus = stack.use(new PrometheusProcess(config, join(folder, "data")));

    const found = async (expressions: readonly string[]) => {
      let empty: readonly string[] = expressions;
      await prometheus.until(async () => {
        const results = await Promise.all(
          empty.map(async (expression) => (await prometheus.query(expression)).length),
        );
        empty = empty.filter((_, at) => results[at] === 0);
        return empty.length === 0;
      }, () => ({ found: empty }));
    };
    const dashboards = await dashboardExpressions();
    assertEquals([...dashboards.keys()].sort(), [
      "flow_control.json",
      "pipeline_overview.json",
      "token_transfers.json",
    ]);
    for (const [name, expressions] of dashboards) {
      await t.step(name, () => found(expressions));
    }
    // A growth is known after two windows; short ones show as well that all of it is there.
    const looks = builtInAlertRules().rules.map((rule) =>
      ruleMeasure(rule.growthOverMs === undefined ? rule : { ...rule, growthOverMs: 5_000 })
    );
    await t.step("what the rules look at", () => found(looks));
    await t.step("the rules themselves", async () => {
      let states = await prometheus.rules();
      await prometheus.until(async () => {
        states = await prometheus.rules();
        return states.every(({ health }) => health !== "unknown");
      }, () => ({ evaluated: states }));
      assertEquals(
        states.map(({ health, lastError }) => lastError ?? health),
        states.map(() => "ok"),
      );
      assertEquals(states.length, builtInAlertRules().rules.length);
    });
  },
});

/**
 * The console in a real Chromium, served by a real control plane to which services report. Without
 * a Chromium (CHROMIUM, or one on the PATH) these tests are skipped.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Controller, type OwnRegistration } from "../../flowctl/controller/mod.ts";
import { callUnary, rawClient } from "../../grpc/testing/mod.ts";
import { v1 } from "../../flowctl/protocol/mod.ts";
import { type BrowserPage, Chromium, chromiumPath, type View } from "./chromium.ts";
import { DirectComponent, taskArguments } from "./direct_component.ts";

const program = chromiumPath();
if (program === undefined) {
  console.log("no Chromium is found (CHROMIUM, PATH): the tests of the console are skipped");
}

const HOSTILE = `<img src=x onerror=alert(1)>"'&</script><script>alert(2)</script>`;

/** A control plane as its task starts it, and services that report to it every 100 ms. */
class Stage implements AsyncDisposable {
  readonly #controllers: Controller[] = [];
  #ports: Readonly<Record<string, number>> = {};

  private constructor(readonly plane: DirectComponent) {}

  static async start(env: Record<string, string> = {}, httpPort = "0"): Promise<Stage> {
    const options = ["--port", "0", "--health-port", httpPort, "--state-path", ":memory:"];
    const often = { MONITORING_INTERVAL: "1s", HEARTBEAT_TTL: "2s", SWEEP_INTERVAL: "1s" };
    const plane = new DirectComponent([...taskArguments("flowctl"), ...options], {
      ...often,
      ...env,
    });
    const stage = new Stage(plane);
    stage.#ports = (await plane.ready()).ports;
    return stage;
  }

  /** The page's address. */
  get address(): string {
    return `http://127.0.0.1:${this.#ports.health}/`;
  }

  /** The API's answer. */
  async json(path: string) {
    return await (await fetch(`${this.address}${path}`)).json();
  }

  /** A service with figures. */
  async service(
    id: string,
    registration: Omit<OwnRegistration, "id" | "name">,
    figures: Record<string, number> = {},
  ): Promise<Controller> {
    const controller = new Controller({
      endpoint: `127.0.0.1:${this.#ports.grpc}`,
      registration: { id, name: id, ...registration },
      heartbeatIntervalMs: 100,
      metrics: Object.fromEntries(
        Object.entries(figures).map(([name, value]) => [name, () => value]),
      ),
    });
    this.#controllers.push(controller);
    controller.start();
    await controller.registered();
    return controller;
  }

  /** A service that is never heard of again. */
  async silentService(id: string): Promise<void> {
    const client = rawClient(this.#ports.grpc!);
    const { RegisterComponent } = v1.controlPlaneServiceMethods;
    const component = v1.componentInfo.create({ id, type: v1.ComponentType.PROCESSOR });
    await callUnary(client, RegisterComponent, { component, componentId: id });
    client.close();
  }

  /** Source, processor and sink, the sink under backpressure. */
  async pipeline() {
    const [ledger, event] = ["example.Ledger", "example.Event"];
    const source = await this.service("source-1", {
      type: "SOURCE",
      outputEventTypes: [ledger],
      endpoint: "127.0.0.1:8815",
    }, { events_per_second: 12, load_ratio: 0.25, throttle_rate: 0.4, last_ledger: 59_000_000 });
    const processor = await this.service("processor-1", {
      type: "PROCESSOR",
      inputEventTypes: [ledger],
      outputEventTypes: [event],
      endpoint: "127.0.0.1:8816",
    }, { events_per_second: 1234, load_ratio: 0.5, processing_latency_ms: 7.4 });
    const sink = await this.service("sink-1", { type: "CONSUMER", inputEventTypes: [event] }, {
      events_per_second: 1200,
      load_ratio: 0.91,
      backpressure_active: 1,
      queue_depth: 345,
      ledgers_behind_tip: 17,
    });
    return { source, processor, sink };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#controllers.map((controller) => controller.stop()));
    await this.plane[Symbol.asyncDispose]();
  }
}

type Open = (hash?: string, view?: View) => Promise<BrowserPage>;
type Run = (stage: Stage, open: Open) => Promise<void>;

function browserTest(name: string, run: Run, env: () => Record<string, string> = () => ({})): void {
  Deno.test({
    name,
    ignore: program === undefined,
    fn: async () => {
      await using stage = await Stage.start(env());
      await using browser = await Chromium.start(program!);
      await run(stage, (hash = "", view) => browser.open(stage.address + hash, view));
    },
  });
}

/** The same with a control plane that reads a file. */
function fileTest(
  name: string,
  text: string,
  run: Run,
  env: (file: string) => Record<string, string>,
): void {
  let file = "";
  browserTest(name, async (stage, open) => {
    try {
      await run(stage, open);
    } finally {
      await Deno.remove(file);
    }
  }, () => {
    file = Deno.makeTempFileSync();
    Deno.writeTextFileSync(file, text);
    return env(file);
  });
}

const row = (id: string) => `document.querySelector('tr[data-service=${JSON.stringify(id)}]')`;

/** The texts of a row's cells. */
const cells = (id: string) => `[...${row(id)}.cells].map((each) => each.innerText.trim())`;

browserTest(
  "the console shows the figures of the API, with no error and nothing from elsewhere",
  async (stage, open) => {
    await stage.pipeline();
    const page = await open();
    await page.until(`${row("sink-1")}?.innerText.includes("345")`);
    assertEquals(await page.value(cells("sink-1")), [
      ..."sink-1|consumer|healthy|1,200/s|91 %|backpressure|–|345|–|17".split("|"),
      (await page.value<string[]>(cells("sink-1"))).at(-1)!,
    ]);
    assertEquals((await page.value<string[]>(cells("source-1"))).slice(3, 6), [
      "12/s",
      "25 %",
      "40 % pace",
    ]);
    const { total } = await stage.json("api/snapshot");
    assertEquals([total.events_per_second, total.load_ratio.value], [1200, 0.91]);
    const tiles = await page.value<string>("document.querySelector('.tiles').innerText");
    for (const text of ["healthy", "3 of 3 services work", "1,200/s", "91 %", "7.4 ms", "345"]) {
      assertStringIncludes(tiles, text);
    }
    await page.until(
      "document.querySelector('[aria-label=Joins]').textContent.includes('1,234/s')",
    );
    const joins = await page.value(
      "[...document.querySelectorAll('[aria-label=Joins] li')].map((each) => each.textContent)",
    );
    assertEquals(joins, [
      "source-1 to processor-1: Ledger, 12/s (ledgers), held back",
      "processor-1 to sink-1: Event, 1,234/s (events), held back",
    ]);
    const report = await stage.json("api/health-report");
    await page.until(
      `document.body.innerText.includes(${JSON.stringify(report.recommendations[0].text)})`,
    );
    await page.until("document.querySelectorAll('canvas').length === 4");
    await page.until(
      "document.querySelector('[data-metric=load_ratio] [role=img]').ariaLabel.includes('now 91 %')",
    );
    assertEquals(page.problems, []);
    const elsewhere = page.requested.filter((url) => !url.startsWith(stage.address));
    assertEquals(elsewhere, []);
  },
);

browserTest(
  "a service that falls silent is shown as unhealthy, one that leaves is gone, without a reload",
  async (stage, open) => {
    const { sink } = await stage.pipeline();
    const page = await open();
    await page.until(`${row("sink-1")}?.innerText.includes("healthy")`);
    await page.value("window.isTheSame = true");
    await sink.stop();
    await page.until(`${row("sink-1")} === null`);
    await page.until("document.querySelector('.tiles').innerText.includes('2 of 2')");
    await stage.silentService("silent");
    await page.until(`${row("silent")}?.innerText.includes("unhealthy")`);
    await page.until("document.querySelector('.node.unhealthy') !== null");
    await page.until("document.querySelector('.tiles').innerText.includes('2 of 3')");
    assertEquals(await page.value("window.isTheSame"), true);
    assertEquals(page.problems, []);
  },
);

browserTest(
  "by keyboard alone one gets to a service and back to where one was",
  async (stage, open) => {
    await stage.pipeline();
    const page = await open();
    await page.until(`${row("sink-1")} !== null && document.querySelector('.node') !== null`);
    const focused = () => page.value<string>("document.activeElement.innerText ?? ''");
    await page.press("Tab");
    assertEquals(await focused(), "Skip to the content");
    await page.press("Enter");
    assertEquals(await page.value("document.activeElement.id"), "content");
    for (let i = 0; i < 60; i++) {
      if (await page.value(`document.activeElement.closest('tr') === ${row("sink-1")}`)) break;
      await page.press("Tab");
    }
    assertEquals(await focused(), "sink-1");
    const outline = "getComputedStyle(document.activeElement).outlineStyle";
    assertEquals(await page.value(outline), "solid");
    await page.press("Enter");
    await page.until(
      "document.activeElement.matches('h2') && document.querySelectorAll('canvas').length === 8",
    );
    assertEquals(await focused(), "sink-1");
    const text = await page.text();
    for (const figure of ["Backpressure\non", "Queue\n345", "Behind the tip\n17", "processor-1"]) {
      assertStringIncludes(text, figure);
    }
    await page.value("history.back()");
    await page.until(`document.activeElement.closest('tr') === ${row("sink-1")}`);
    assertEquals(page.problems, []);
  },
);

browserTest("names of services are text, whatever is in them", async (stage, open) => {
  await stage.service(HOSTILE, { type: "SOURCE", outputEventTypes: [HOSTILE] });
  await stage.service("reader", { type: "CONSUMER", inputEventTypes: [HOSTILE] });
  const page = await open();
  await page.until(`document.querySelectorAll("tbody tr").length === 2`);
  await page.value(`document.querySelector("tbody th a").focus()`);
  await page.press("Enter");
  await page.until("document.querySelector('.service-head') !== null");
  assertEquals(await page.value("document.querySelector('h2').textContent"), HOSTILE);
  const strange =
    "document.querySelectorAll('img, script:not([src=\"/console/console.js\"])').length";
  assertEquals(await page.value(strange), 0);
  assertEquals(page.problems, []);
});

browserTest(
  "light and dark follow the system until one is chosen, which is remembered",
  async (stage, open) => {
    await stage.pipeline();
    const size = { width: 1280, height: 800 };
    const page = await open("", { ...size, theme: "dark" });
    await page.until(`${row("sink-1")} !== null`);
    const ground = () => page.value<string>("getComputedStyle(document.body).backgroundColor");
    const dark = await ground();
    await page.look({ ...size, theme: "light" });
    await page.until("document.documentElement.dataset.theme === 'light'");
    assert(await ground() !== dark);
    await page.value(`(() => {
    const select = document.querySelector("select[name=theme]");
    select.value = "dark";
    select.dispatchEvent(new Event("change", { bubbles: true }));
  })()`);
    await page.until("document.documentElement.dataset.theme === 'dark'");
    assertEquals(await ground(), dark);
    await page.go(`${stage.address}?again`);
    await page.until("location.search === '?again' && document.querySelector('table') !== null");
    assertEquals(await page.value("document.querySelector('select[name=theme]').value"), "dark");
    assertEquals(await ground(), dark);
    assertEquals(page.problems, []);
  },
);

browserTest(
  "a phone shows everything within its width, the data going down",
  async (stage, open) => {
    await stage.pipeline();
    const page = await open("", { width: 390, height: 844, isPhone: true });
    await page.until("document.querySelectorAll('.node').length === 3");
    assertEquals(await page.value("document.documentElement.scrollWidth"), 390);
    const tops = await page.value<number[]>(
      "[...document.querySelectorAll('.node')].map((each) => each.getBoundingClientRect().top)",
    );
    assertEquals(new Set(tops).size, 3);
    await page.go(`${stage.address}#/service/sink-1`);
    await page.until("document.querySelector('.service-head') !== null");
    assertEquals(await page.value("document.documentElement.scrollWidth"), 390);
    assertEquals(page.problems, []);
  },
);

browserTest(
  "a connection that is lost is said, with the last figures still there, and it comes back by itself",
  async (stage, open) => {
    const page = await open();
    await page.until("document.body.innerText.includes('No services')");
    await stage.pipeline();
    await page.until(`${row("sink-1")}?.innerText.includes("345")`);
    await page.until("document.querySelector('[data-connection=live]') !== null");
    await page.value("window.isTheSame = true");
    await stage.plane.terminate();
    await page.until("document.querySelector('.banner[role=alert]') !== null");
    assertStringIncludes(
      await page.value<string>("document.querySelector('.banner').innerText"),
      "Connection lost.",
    );
    assertEquals(/Last update \d\d:\d\d:\d\d/.test(await page.text()), true);
    assertStringIncludes((await page.value<string[]>(cells("sink-1"))).join(), "345");
    await using again = await Stage.start({}, new URL(stage.address).port);
    await again.service("newcomer", { type: "SOURCE" });
    await page.until(`${row("newcomer")} !== null && ${row("sink-1")} === null`);
    await page.until("document.querySelector('.banner') === null");
    assertEquals(await page.value("window.isTheSame"), true);
  },
);

const RULES = `
rules:
  - name: BusySink
    severity: critical
    figure: load_ratio
    above: 0.9
    summary: "{service} is loaded to {value}"
    advice: Look at its disk.
`;

fileTest(
  "an alert that fires stands first, is said aloud and is in the title",
  RULES,
  async (stage, open) => {
    const page = await open();
    await page.until("document.body.innerText.includes('No services')");
    await stage.pipeline();
    await page.until("document.querySelector('.badge')?.innerText === '1 firing'");
    const alert = await page.value<string>("document.querySelector('.entries li').innerText");
    const { summary } = (await stage.json("api/alerts")).alerts[0];
    assertStringIncludes(summary, "sink-1 is loaded to 91");
    for (const text of ["BusySink", "critical", summary, "Look at its disk."]) {
      assertStringIncludes(alert, text);
    }
    const aloud = "document.querySelector('[aria-live=polite].hidden').textContent";
    await page.until(`${aloud}.includes(${JSON.stringify(`Alert: ${summary}`)})`);
    assertEquals(await page.value("document.title"), "(1) healthy – flowctl console");
    assertEquals(page.problems, []);
  },
  (file) => ({ ALERT_RULES_PATH: file }),
);

fileTest(
  "a control plane with a token is shown to those who give it, and to no others",
  "right-token-0123456789",
  async (stage, open) => {
    const page = await open();
    const give = async (token: string) => {
      await page.value("document.querySelector('#token').select()");
      await page.write(token);
      await page.press("Enter");
    };
    await page.until("document.querySelector('#token') !== null");
    await give("wrong");
    await page.until("document.querySelector('.token .error') !== null");
    await give("right-token-0123456789");
    await page.until("document.body.innerText.includes('No services')");
    await page.until("document.querySelector('[data-connection=live]') !== null");
    await page.go(`${stage.address}?again`);
    await page.until(
      "location.search === '?again' && document.body.innerText.includes('No services')",
    );
    assertEquals(page.problems.filter((problem) => !problem.includes("401")), []);
  },
  (file) => ({ AUTH_TOKEN_FILE: file }),
);

import { join } from "@std/path";
import { eventually, patiently } from "../e2e/patience.ts";

/** Names under which Chromium is installed. */
const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/** The browser's program: CHROMIUM, or one on the PATH; `undefined` where there is none. */
export function chromiumPath(): string | undefined {
  const named = Deno.env.get("CHROMIUM");
  if (named) return named;
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isFile);
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

type Fields = Record<string, unknown>;
type Listener = (method: string, params: Fields) => void;

/** How a page is looked at. */
export interface View {
  readonly width: number;
  readonly height: number;
  readonly theme?: "light" | "dark";
  readonly isPhone?: boolean;
}

/**
 * A headless Chromium, spoken to over the DevTools protocol. Disposing ends it and removes its
 * profile.
 */
export class Chromium implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #answers = new Map<
    number,
    { resolve(value: Fields): void; reject(error: Error): void }
  >();
  readonly #sessions = new Map<string, Listener>();
  #lastId = 0;

  private constructor(child: Deno.ChildProcess, profile: string, socket: WebSocket) {
    this.#child = child;
    this.#profile = profile;
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => this.#heard(JSON.parse(data)));
  }

  /** Starts the program. */
  static async start(program: string): Promise<Chromium> {
    const profile = await Deno.makeTempDir({ prefix: "chromium-" });
    const child = new Deno.Command(program, {
      args: [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--no-proxy-server",
        "--remote-debugging-port=0",
        `--user-data-dir=${profile}`,
        "about:blank",
      ],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const socket = new WebSocket(await patiently("Chromium does not start", listening(child)));
    await patiently(
      "Chromium does not answer",
      new Promise((resolve) => socket.addEventListener("open", resolve, { once: true })),
    );
    return new Chromium(child, profile, socket);
  }

  /** Opens a page, with nothing kept of others. */
  async open(url: string, view: View = { width: 1280, height: 800 }): Promise<BrowserPage> {
    const { browserContextId } = await this.send("Target.createBrowserContext", {});
    const made = await this.send("Target.createTarget", { url: "about:blank", browserContextId });
    const { targetId } = made;
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    const id = sessionId as string;
    const page = new BrowserPage(
      (method, params = {}) => this.send(method, params, id),
      (listener) => this.#sessions.set(id, listener),
    );
    await page.start(view);
    await page.go(url);
    return page;
  }

  /** A command of the protocol, with its answer. */
  send(method: string, params: Fields, sessionId?: string): Promise<Fields> {
    const id = ++this.#lastId;
    const answer = new Promise<Fields>((resolve, reject) =>
      this.#answers.set(id, { resolve, reject })
    );
    this.#socket.send(JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) }));
    return patiently(`Chromium does not answer ${method}`, answer);
  }

  // deno-lint-ignore no-explicit-any -- the protocol's messages.
  #heard({ id, result, error, method, params, sessionId }: any): void {
    if (id === undefined) return this.#sessions.get(sessionId)?.(method, params);
    const answer = this.#answers.get(id);
    this.#answers.delete(id);
    if (error === undefined) answer?.resolve(result);
    else answer?.reject(new Error(error.message));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) =>
      this.#socket.addEventListener("close", resolve, { once: true })
    );
    await this.send("Browser.close", {});
    await patiently("Chromium does not end", Promise.all([closed, this.#child.status]));
    await Deno.remove(this.#profile, { recursive: true }).catch(() => {});
  }
}

/** The address that Chromium says it listens on; the rest of what it says is read and let go. */
function listening(child: Deno.ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const read = async () => {
      let said = "";
      for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
        said = (said + text).slice(-10_000);
        const address = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
        if (address !== undefined) resolve(address);
      }
      reject(new Error(`Chromium has ended: ${said}`));
    };
    read().catch(reject);
  });
}

type Send = (method: string, params?: Fields) => Promise<Fields>;

/** One page. */
export class BrowserPage {
  /** Errors of the console, exceptions and broken rules of the Content-Security-Policy. */
  readonly problems: string[] = [];
  /** Addresses that the page has asked for. */
  readonly requested: string[] = [];
  readonly #send: Send;

  constructor(send: Send, listen: (listener: Listener) => void) {
    this.#send = send;
    listen((method, params) => this.#heard(method, params));
  }

  /** Listens to what goes wrong, and sets the view. */
  async start(view: View): Promise<void> {
    for (const domain of ["Page", "Runtime", "Log", "Network", "Audits"]) {
      await this.#send(`${domain}.enable`);
    }
    await this.look(view);
  }

  /** Looks at the page in another way. */
  async look({ width, height, theme = "light", isPhone = false }: View): Promise<void> {
    await this.#send("Emulation.setDeviceMetricsOverride", {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: isPhone,
    });
    await this.#send("Emulation.setEmulatedMedia", {
      features: [{ name: "prefers-color-scheme", value: theme }],
    });
  }

  /** Goes to an address. */
  async go(url: string): Promise<void> {
    await this.#send("Page.navigate", { url });
  }

  /** The value of an expression in the page. */
  async value<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.#send("Runtime.evaluate", {
      expression,
      returnByValue: true,
      awaitPromise: true,
      // deno-lint-ignore no-explicit-any -- the protocol's answer.
    }) as any;
    if (exceptionDetails !== undefined) {
      throw new Error(`${expression}: ${exceptionDetails.exception?.description}`);
    }
    return result.value;
  }

  /** Waits until an expression holds in the page. */
  async until(expression: string): Promise<void> {
    let text = "";
    await eventually(`${expression} does not come to hold`, async () => {
      text = await this.text();
      return await this.value<boolean>(`Boolean(${expression})`);
    }, () => `${this.problems.join("\n")}\n${text}`);
  }

  /** All that the page shows. */
  async text(): Promise<string> {
    return await this.value("document.body?.innerText ?? ''");
  }

  /** Presses a key, as by hand. */
  async press(key: "Tab" | "Enter"): Promise<void> {
    const event = key === "Tab"
      ? { key, code: key, windowsVirtualKeyCode: 9 }
      : { key, code: key, windowsVirtualKeyCode: 13, text: "\r" };
    await this.#send("Input.dispatchKeyEvent", { type: "keyDown", ...event });
    await this.#send("Input.dispatchKeyEvent", { type: "keyUp", ...event });
  }

  /** Writes a text where the focus is. */
  async write(text: string): Promise<void> {
    await this.#send("Input.insertText", { text });
  }

  /** A picture as PNG; of the whole page, or of what fits the view. */
  async picture(isWhole = false): Promise<Uint8Array> {
    const { data } = await this.#send("Page.captureScreenshot", {
      format: "png",
      captureBeyondViewport: isWhole,
    });
    return Uint8Array.fromBase64(data as string);
  }

  // deno-lint-ignore no-explicit-any -- the protocol's messages.
  #heard(method: string, params: any): void {
    if (method === "Runtime.exceptionThrown") {
      const { exception, text } = params.exceptionDetails;
      this.problems.push(`exception: ${exception?.description ?? text}`);
    } else if (
      method === "Runtime.consoleAPICalled" && ["error", "warning"].includes(params.type)
    ) {
      // deno-lint-ignore no-explicit-any -- as above.
      const said = params.args.map((each: any) => each.value ?? each.description);
      this.problems.push(`console: ${said.join(" ")}`);
    } else if (method === "Log.entryAdded" && params.entry.level === "error") {
      this.problems.push(`log: ${params.entry.text} ${params.entry.url ?? ""}`);
    } else if (method === "Audits.issueAdded") {
      this.problems.push(`issue: ${JSON.stringify(params.issue)}`);
    } else if (method === "Network.requestWillBeSent") this.requested.push(params.request.url);
  }
}

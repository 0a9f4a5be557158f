import { fromFileUrl, join } from "@std/path";
import { buildGoProgram } from "../../bench/peers/mod.ts";
import { patiently } from "../e2e/patience.ts";

const FOLDER = fromFileUrl(new URL("./flowctl_go_client/", import.meta.url));
const PROTO = fromFileUrl(new URL("../../proto/", import.meta.url));
const PROGRAM = join(FOLDER, "client");

/** What became of a call: a gRPC code by Go's name, and protobuf's JSON with the fields' own names. */
export interface GoOutcome {
  readonly code: string;
  readonly message?: string;
  // deno-lint-ignore no-explicit-any -- the messages of the .proto files, as JSON.
  readonly answer?: any;
}

/** How the Go client connects; absent: plain HTTP/2 without a token. */
export interface GoClientOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly token?: string;
}

/** Builds the Go client; answers why it cannot be had here, or nothing. */
export function buildGoClient(): Promise<string | undefined> {
  return buildGoProgram(FOLDER, PROGRAM);
}

/** A running Go client of a control plane, which makes one call after the other. */
export class GoClient implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #output: ReadableStreamDefaultReader<string>;
  readonly #errors: Promise<string>;
  #rest = "";

  /** @param endpoint `host:port` */
  constructor(endpoint: string, options: GoClientOptions = {}) {
    const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    this.#child = new Deno.Command(PROGRAM, {
      args: [...flags, PROTO, endpoint],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#output = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    this.#errors = new Response(this.#child.stderr).text();
  }

  /** One call, such as `flowctl.v1.ControlPlaneService/Heartbeat`. */
  async call(method: string, request: unknown = {}): Promise<GoOutcome> {
    const line = `${JSON.stringify({ method, request })}\n`;
    await this.#input.write(new TextEncoder().encode(line));
    return JSON.parse(await patiently(`the Go client says nothing to ${method}`, this.#line()));
  }

  /** Lets it end. */
  async [Symbol.asyncDispose](): Promise<void> {
    // One that has failed has closed its input.
    await this.#input.close().catch(() => {});
    await this.#output.cancel();
    await this.#errors;
    await this.#child.status;
  }

  async #line(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf("\n");
      if (end >= 0) {
        const line = this.#rest.slice(0, end);
        this.#rest = this.#rest.slice(end + 1);
        return line;
      }
      const { value, done } = await this.#output.read();
      if (done) throw new Error(`the Go client has ended: ${await this.#errors}`);
      this.#rest += value;
    }
  }
}

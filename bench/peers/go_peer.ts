import { fromFileUrl, join } from "@std/path";

/** The Go program that runs SDF's token-transfer processor, built and ready. */
export interface GoPeer {
  readonly path: string;
}

/** A first build downloads and compiles the Go SDK; one that takes longer has no network. */
const BUILD_TIMEOUT_MS = 300_000;

const FOLDER = fromFileUrl(new URL("./go/", import.meta.url));

/** What Go says when modules cannot be had: no network, no proxy, or downloads not allowed. */
const NO_MODULES =
  /dial tcp|no such host|i\/o timeout|connection (refused|reset)|TLS handshake|GOPROXY=off|network is unreachable/;

/**
 * Builds the Go peer (`bench/peers/go`).
 *
 * @returns the peer, or a sentence that says why there is none: no Go on this machine, or its
 * modules cannot be had
 * @throws {Error} when it cannot be built for any other reason
 */
export async function buildGoPeer(): Promise<GoPeer | string> {
  const path = join(FOLDER, "peer");
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command("go", {
      args: ["build", "-o", path, "."],
      cwd: FOLDER,
      stdin: "null",
      signal: AbortSignal.timeout(BUILD_TIMEOUT_MS),
    }).output();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "Go is not installed";
    throw error;
  }
  if (output.success) return { path };
  const said = new TextDecoder().decode(output.stderr).trim();
  const absent = whyAbsent(said, output.signal);
  if (absent === undefined) throw new Error(`the Go peer cannot be built: ${said}`);
  return absent;
}

/** Why a build that failed counts as no Go here; `undefined` when it is a fault of the program. */
export function whyAbsent(said: string, signal: string | null): string | undefined {
  // Nothing but the time-out sends a signal.
  if (signal !== null) return "the Go peer's modules did not come in time";
  if (!NO_MODULES.test(said)) return undefined;
  return `the Go peer's modules cannot be had: ${said.split("\n").at(-1)}`;
}

/** What the Go reference makes of files. */
export interface ReferenceOutcome {
  /** Events in the form of the conformance corpus, one a line. */
  readonly events: string;
  /** One for each file or ledger that was refused. */
  readonly errors: readonly { readonly file: string; readonly ledger: number; error: string }[];
}

/** Runs the reference over ledger or batch files. */
export async function referenceEvents(
  peer: GoPeer,
  options: { mode: "reconstructed" | "unified"; passphrase: string },
  files: readonly string[],
): Promise<ReferenceOutcome> {
  const { stdout, stderr } = await new Deno.Command(peer.path, {
    args: [
      "events",
      "--mode",
      options.mode,
      "--network-passphrase",
      options.passphrase,
      ...files,
    ],
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  const errors = decoder.decode(stderr).split("\n").filter((line) => line !== "");
  return { events: decoder.decode(stdout), errors: errors.map((line) => JSON.parse(line)) };
}

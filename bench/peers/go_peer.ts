import { fromFileUrl, join } from "@std/path";
import { buildGoProgram } from "./go_program.ts";

/** The Go program that runs SDF's token-transfer processor, built and ready. */
export interface GoPeer {
  readonly path: string;
}

const FOLDER = fromFileUrl(new URL("./go/", import.meta.url));

/**
 * Builds the Go peer (`bench/peers/go`).
 *
 * @returns the peer, or a sentence that says why there is none: no Go on this machine, or its
 * modules cannot be had
 * @throws {Error} when it cannot be built for any other reason
 */
export async function buildGoPeer(): Promise<GoPeer | string> {
  const path = join(FOLDER, "peer");
  return await buildGoProgram(FOLDER, path) ?? { path };
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

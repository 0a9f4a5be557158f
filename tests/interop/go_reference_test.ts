/**
 * The Go reference beside this project: on the corpus (the reference must give what the corpus
 * says) and on simulated ledgers, whose generator has the same authors as the rules and so proves
 * nothing without an independent opinion. Skipped where there is no Go.
 */
import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { buildGoPeer, type GoPeer, referenceEvents } from "../../bench/peers/mod.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));
const GOLDEN = join(ROOT, "tests/conformance/golden");

/** Each changes a rule of the events or the form of the metadata. */
const PROTOCOLS = [7, 8, 10, 13, 18, 20, 21, 22, 23, 28] as const;
const LEDGERS_A_PROTOCOL = 20;
/** From here on metadata carries unified events. */
const FIRST_UNIFIED_PROTOCOL = 23;
const SEED = 11;

type Mode = "reconstructed" | "unified";

const built = await buildGoPeer();
const peer = typeof built === "string" ? undefined : built;
if (typeof built === "string") console.log(`skipped: ${built}`);

function lines(text: string): unknown[] {
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

async function task(args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "-q", ...args],
    cwd: ROOT,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

async function ourEvents(mode: Mode, passphrase: string, files: readonly string[]) {
  const { code, out, err } = await task([
    "ttp:events",
    "--format",
    "reference",
    "--mode",
    mode,
    "--network-passphrase",
    passphrase,
    ...files,
  ]);
  assertEquals(code, 0, err);
  return lines(out);
}

async function ledgerFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) files.push(...await ledgerFiles(path));
    else if (/\.xdr\.zstd?$/.test(entry.name)) files.push(path);
  }
  // Names begin with what is left to the largest ledger, so the newest come first.
  return files.sort().reverse();
}

async function compareSimulated(peer: GoPeer, protocol: number): Promise<void> {
  const lake = await Deno.makeTempDir();
  const made = await task([
    "simulate",
    "--out",
    lake,
    "--ledgers",
    String(LEDGERS_A_PROTOCOL),
    "--seed",
    String(SEED),
    "--protocol",
    String(protocol),
  ]);
  assertEquals(made.code, 0, made.err);
  const { networkPassphrase } = JSON.parse(await Deno.readTextFile(join(lake, ".config.json")));
  const files = await ledgerFiles(lake);
  const modes: Mode[] = protocol < FIRST_UNIFIED_PROTOCOL
    ? ["reconstructed"]
    : ["reconstructed", "unified"];
  for (const mode of modes) {
    const options = { mode, passphrase: networkPassphrase };
    const reference = await referenceEvents(peer, options, files);
    assertEquals(reference.errors, []);
    const events = lines(reference.events);
    assertEquals(events.length > LEDGERS_A_PROTOCOL, true, "the ledgers hold too little");
    assertEquals(await ourEvents(mode, networkPassphrase, files), events);
  }
  await Deno.remove(lake, { recursive: true });
}

for (const protocol of PROTOCOLS) {
  Deno.test({
    name: `events of simulated ledgers of protocol ${protocol} are those of the Go reference`,
    ignore: peer === undefined,
    fn: () => compareSimulated(peer!, protocol),
  });
}

interface Case {
  readonly passphrase: string;
  readonly files: Readonly<Record<string, string>>;
}

/** Files of the corpus that the reference reads in one mode, by passphrase. */
async function corpus(kind: string): Promise<Map<string, Case[]>> {
  const { cases } = JSON.parse(await Deno.readTextFile(join(GOLDEN, "manifest.json")));
  const groups = new Map<string, Case[]>();
  for (const each of cases as Case[]) {
    const file = each.files[kind];
    if (file === undefined || !await exists(file)) continue;
    groups.set(each.passphrase, [...groups.get(each.passphrase) ?? [], each]);
  }
  return groups;
}

function exists(file: string): Promise<boolean> {
  return Deno.stat(join(GOLDEN, file)).then(() => true, () => false);
}

for (const [mode, prefix] of [["reconstructed", ""], ["unified", "unified_"]] as const) {
  Deno.test({
    name: `the Go peer gives the corpus' events, ${mode}`,
    ignore: peer === undefined,
    fn: async () => {
      for (const [passphrase, cases] of await corpus(`${prefix}events`)) {
        const files = cases.map((each) => join(GOLDEN, each.files.xdr!));
        const { events, errors } = await referenceEvents(peer!, { mode, passphrase }, files);
        const expected = await Promise.all(
          cases.map((each) => Deno.readTextFile(join(GOLDEN, each.files[`${prefix}events`]!))),
        );
        assertEquals(errors, []);
        assertEquals(lines(events), expected.flatMap(lines));
      }
    },
  });

  Deno.test({
    name: `the Go peer refuses what the corpus says it refuses, ${mode}`,
    ignore: peer === undefined,
    fn: async () => {
      for (const [passphrase, cases] of await corpus(`${prefix}error`)) {
        const files = cases.map((each) => join(GOLDEN, each.files.xdr!));
        const { events, errors } = await referenceEvents(peer!, { mode, passphrase }, files);
        assertEquals(events, "");
        assertEquals(errors.map((error) => error.file), files);
      }
    },
  });
}

/** The real source and processor, read by pyarrow.flight as anyone would. */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { makeSimulatedLake } from "../e2e/simulated_lake.ts";
import { DirectComponent, taskArguments } from "../integration/direct_component.ts";
import { findPython, runPython } from "./python.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));
const SCRIPT = fromFileUrl(new URL("./flight_components.py", import.meta.url));

/** The simulated network's first ledger is 2. */
const [FIRST, LAST] = [2, 21];

interface Answer {
  readonly described: string[][];
  readonly metadata: Record<string, string>;
  readonly covered: [number, number][];
  readonly rows: number;
  readonly columns: Record<string, unknown[]>;
}

const python = await findPython(["pyarrow.flight"]);
if ("missing" in python) console.log(`skipped: ${python.missing}`);

/** The events of the lake as `ttp:events` gives them, file by file, without Flight. */
async function eventsOf(lake: string): Promise<Record<string, unknown>[]> {
  const files: string[] = [];
  for await (const { name } of Deno.readDir(lake)) {
    if (/\.xdr\.zst/.test(name)) files.push(join(lake, name));
    else if (!name.startsWith(".")) {
      for await (const inner of Deno.readDir(join(lake, name))) {
        files.push(join(lake, name, inner.name));
      }
    }
  }
  const { networkPassphrase } = JSON.parse(await Deno.readTextFile(join(lake, ".config.json")));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    // Names begin with what is left to the largest ledger, so the newest come first.
    args: [
      ...["task", "-q", "ttp:events", "--network-passphrase", networkPassphrase],
      ...files.sort().reverse(),
    ],
    cwd: ROOT,
    stdin: "null",
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim().split("\n").map((line) => JSON.parse(line));
}

/** Checks that the batches follow one another and cover the range. */
function coversAll(covered: readonly [number, number][]): void {
  let next = FIRST;
  for (const [first, last] of covered) {
    assertEquals(first, next);
    next = last + 1;
  }
  assertEquals(next, LAST + 1);
}

Deno.test({
  name: "pyarrow.flight lists, describes and reads what the real source and processor serve",
  ignore: "missing" in python,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    await makeSimulatedLake(folder, { ledgers: LAST - FIRST + 1, seed: 5 });
    await using source = new DirectComponent(taskArguments("source"), {
      SOURCE_TYPE: "filesystem",
      STORAGE_PATH: folder,
    });
    const sourceAt = `127.0.0.1:${(await source.ready()).ports.flight}`;
    await using processor = new DirectComponent(taskArguments("processor"), {
      SOURCE_ENDPOINT: sourceAt,
    });
    const processorAt = `127.0.0.1:${(await processor.ready()).ports.flight}`;
    const read = async (address: string, dataset: string): Promise<Answer> => {
      const args = [SCRIPT, address, dataset, String(FIRST), String(LAST)];
      return JSON.parse(await runPython(python, args));
    };

    const ledgers = await read(sourceAt, "stellar_ledger");
    assertEquals(ledgers.described, [["stellar_ledger"]]);
    assertEquals(ledgers.metadata.name, "stellar_ledger");
    coversAll(ledgers.covered);
    const { sequence, hash, previous_hash } = ledgers.columns;
    assertEquals(sequence, Array.from({ length: LAST - FIRST + 1 }, (_, at) => FIRST + at));
    assertEquals(previous_hash!.slice(1), hash!.slice(0, -1));

    const events = await read(processorAt, "ttp_event");
    assertEquals(events.described, [["ttp_event"]]);
    assertEquals(events.metadata.network_passphrase, ledgers.metadata.network_passphrase);
    coversAll(events.covered);
    const due = await eventsOf(folder);
    assert(due.length > LAST - FIRST);
    for (const name of ["event_id", "ledger_sequence", "event_type", "amount", "successful"]) {
      assertEquals(events.columns[name], due.map((event) => event[name]), name);
    }
    for (const component of [processor, source]) assertEquals(await component.terminate(), 0);
    await Deno.remove(folder, { recursive: true });
  },
});

/** The manager as a person sees it: on a terminal, with a screen of its own and Ctrl-C. */
import { assertEquals, assertMatch } from "@std/assert";
import { findPython } from "../interop/python.ts";
import { allGone, eventually } from "./patience.ts";
import { PipelineCommands } from "./pipeline_commands.ts";
import { managerCommand } from "./pipeline_process.ts";
import { moreLedgers, simulatedTip } from "./simulated_tip.ts";
import type { TerminalScreen } from "./terminal_screen.ts";
import { CTRL_C, TerminalSession } from "./terminal_session.ts";

const python = await findPython(["pty"]);
if ("missing" in python) console.log(`skipped: ${python.missing}`);
const program = "missing" in python ? "" : python.program;
const ignore = "missing" in python;

/** Narrow, so that lines wrap. */
const NARROW = { columns: 72, rows: 24 };
/** Wide enough for the table of status. */
const WIDE = { columns: 150, rows: 24 };

/** A line of a component or of the manager. */
const LABELLED = /^(pipeline|source|processor|sink) +│ /;

/** The progress at the bottom of the screen. */
const PROGRESS = /^committed up to [\d,]+ .* tip [\d,]+$/;

/** Processes that the screen tells of. */
function components(screen: TerminalScreen): number[] {
  const started = screen.lines.join("\n").matchAll(/starting \w+, process (\d+)/g);
  return [...started].map(([, pid]) => Number(pid));
}

/** Holds what is left on a screen: no colour that goes on, no sequence that few terminals know. */
function assertClean(screen: TerminalScreen): void {
  assertEquals({ unknown: screen.unknown, isPainted: screen.isPainted }, {
    unknown: [],
    isPainted: false,
  });
}

Deno.test({
  name:
    "start on a terminal: one line of progress below the others, Ctrl-C, a summary, 0, nothing left",
  ignore,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    await using pipeline = new PipelineCommands(simulatedTip(folder));
    const command = [Deno.execPath(), "task", "-q", "pipeline:local"];
    await using session = new TerminalSession(program, command, pipeline.env, NARROW);
    const { screen } = session;
    await session.shows("progress", ({ lines }) => PROGRESS.test(lines.at(-1)!));
    const before = screen.lines.at(-1);
    await session.shows("progress that moves", ({ lines }) => {
      return PROGRESS.test(lines.at(-1)!) && lines.at(-1) !== before;
    });
    // It is the only one without a name before it: none was left above, none was torn.
    assertEquals(screen.lines.slice(0, -1).filter((line) => !LABELLED.test(line)), []);
    const pids = components(screen);
    assertEquals(pids.length, 3, session.text);

    await session.type(CTRL_C);
    assertEquals(await session.end(), 0, session.text);
    assertEquals(screen.lines.at(-1), "", "the prompt would not be on a line of its own");
    assertEquals(screen.column, 0);
    const lines = screen.lines.slice(0, -1);
    assertEquals(lines.filter((line) => !LABELLED.test(line)), []);
    assertMatch(session.text, /^pipeline +│ stopping \(SIGINT\)$/m);
    const summary = lines.slice(lines.indexOf("pipeline  │ stopped"));
    assertMatch(summary.join("\n"), /ledgers +.*committed up to[^]*events [^]*files [^]*rate /);
    assertClean(screen);
    await allGone(pids);
    assertEquals(pipeline.names(), ["logs"]);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "Ctrl-C while components are being started ends with 0, whole lines and nothing left",
  ignore,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    await using pipeline = new PipelineCommands(simulatedTip(folder));
    const command = [Deno.execPath(), "task", "-q", "pipeline:local"];
    await using session = new TerminalSession(program, command, pipeline.env, NARROW);
    await session.shows("a start", () => /starting processor, process \d+\n/.test(session.text));
    await session.type(CTRL_C);
    assertEquals(await session.end(), 0, session.text);
    const { lines } = session.screen;
    assertEquals(lines.slice(0, -1).filter((line) => !LABELLED.test(line)), []);
    assertMatch(session.text, /^pipeline +│ stopped$/m);
    assertClean(session.screen);
    await allGone(components(session.screen));
    assertEquals(pipeline.names(), ["logs"]);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "a terminal whose window is closed stops its pipeline in order, with nothing left",
  ignore,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    await using pipeline = new PipelineCommands(simulatedTip(folder));
    const command = managerCommand("start");
    await using session = new TerminalSession(program, command, pipeline.env, NARROW);
    await session.shows("progress", ({ lines }) => PROGRESS.test(lines.at(-1)!));
    const pids = components(session.screen);
    await session.close();
    await allGone(pids);
    await eventually("the state folder is not cleaned", () => pipeline.names().length === 1);
    const { output } = await pipeline.run("logs", "pipeline");
    assertMatch(output, /stopping \(SIGHUP\)[^]*committed up to ledger \d+/);
    assertEquals(/was killed/.test(output), false, output);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "status --watch draws its table in place, and Ctrl-C leaves it with 0",
  ignore,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    await using pipeline = new PipelineCommands(simulatedTip(folder));
    assertEquals((await pipeline.run("start", "--detach")).code, 0);
    await moreLedgers(folder);
    const command = managerCommand("status", "--watch");
    await using session = new TerminalSession(program, command, pipeline.env, WIDE);
    const { screen } = session;
    const ledger = () =>
      /^sink +\d+ +healthy .* ([\d,]+) +\S+ +\S+ +\S+ MiB$/m.exec(session.text)?.[1];
    await session.shows("a table", () => ledger() !== undefined);
    const before = ledger();
    await session.shows("a table that moves", () => ledger() !== undefined && ledger() !== before);

    await session.type(CTRL_C);
    assertEquals(await session.end(), 0, session.text);
    assertMatch(screen.lines[0]!, /^pipeline running, profile local, process \d+ detached, since /);
    const names = screen.lines.slice(1).filter((line) => !/^(\^C)?$/.test(line))
      .map((line) => line.split(" ")[0]);
    assertEquals(names, ["component", "source", "processor", "sink"], session.text);
    assertEquals(
      [screen.column, screen.lines.at(-1)],
      [0, ""],
      "the prompt has no line of its own",
    );
    assertClean(screen);
    assertEquals((await pipeline.status()).state, "running");
    assertEquals((await pipeline.run("stop")).code, 0);
    await Deno.remove(folder, { recursive: true });
  },
});

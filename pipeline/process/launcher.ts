/** A process by its id and start, so that a reused id is not taken for it. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string;
}

interface ProcessFacts extends ProcessIdentity {
  readonly parent: number;
  readonly command: string;
}

/**
 * Time between two looks for the launcher. Each look is a process; a stop a few seconds late costs
 * less than one of them every second for as long as a pipeline runs.
 */
const LOOK_EVERY_MS = 3_000;

/** More ancestors than between npm and this process; a walk that finds no npm ends here. */
const MAX_ANCESTORS = 16;

/**
 * The npm process that started this one, when there is one (`npx deno task …`).
 *
 * A SIGTERM to npx ends npx alone and leaves its child running, so the manager has to look for
 * itself. Whoever starts the manager through nohup or systemd keeps npm, or has none.
 */
export async function npmLauncher(
  env: { get(name: string): string | undefined },
  facts: (pid: number) => Promise<ProcessFacts | undefined> = processFacts,
): Promise<ProcessIdentity | undefined> {
  if (env.get("npm_execpath") === undefined) return undefined;
  let pid = Deno.ppid;
  for (let steps = 0; steps < MAX_ANCESTORS && pid > 1; steps++) {
    const found = await facts(pid);
    if (found === undefined) return undefined;
    if (isNpm(found.command)) return { pid: found.pid, startedAt: found.startedAt };
    pid = found.parent;
  }
  return undefined;
}

/**
 * Calls back once when a process has gone; stops looking when aborted. A look that fails tells
 * nothing, so the process counts as still there.
 *
 * @param startOf when the process with an id was started; `undefined` when there is none
 */
export function whenGone(
  process: ProcessIdentity,
  signal: AbortSignal,
  gone: () => void,
  startOf: (pid: number) => Promise<string | undefined> = processStart,
  everyMs = LOOK_EVERY_MS,
): void {
  let timer: ReturnType<typeof setTimeout>;
  const look = async () => {
    const startedAt = await startOf(process.pid).catch(() => process.startedAt);
    if (signal.aborted) return;
    if (startedAt === process.startedAt) timer = setTimeout(look, everyMs);
    else gone();
  };
  timer = setTimeout(look, everyMs);
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
}

// npm names its process after what it runs: `npm exec deno@… task …`.
function isNpm(command: string): boolean {
  const [program = "", script = ""] = command.split(" ");
  return /(^|\/)(npm|npx)$/.test(program) || /(npm|npx)(-cli)?(\.c?js)?$/.test(script);
}

/** When a process was started, in whatever form; `undefined` when it has ended. */
async function processStart(pid: number): Promise<string | undefined> {
  if (Deno.build.os !== "linux") return (await factsFromPs(pid))?.startedAt;
  return readStat(await proc(pid, "stat"))?.startedAt;
}

/** Parent, start and command line of a process; `undefined` when it has ended. */
export async function processFacts(pid: number): Promise<ProcessFacts | undefined> {
  return Deno.build.os === "linux" ? await factsFromProc(pid) : await factsFromPs(pid);
}

async function factsFromProc(pid: number): Promise<ProcessFacts | undefined> {
  const [stat, command] = await Promise.all([proc(pid, "stat"), proc(pid, "cmdline")]);
  const facts = readStat(stat);
  if (facts === undefined) return undefined;
  return { pid, ...facts, command: command.replaceAll("\0", " ").trim() };
}

/** Parent and start of a process out of its /proc/PID/stat; `undefined` when it has ended. */
function readStat(stat: string): { parent: number; startedAt: string } | undefined {
  if (stat === "") return undefined;
  // The name in brackets may hold anything, so the fields are counted from its end:
  // state, parent, …, start time as the 20th.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // A zombie has ended; its parent has not noticed.
  if (fields[0] === "Z") return undefined;
  return { parent: Number(fields[1]), startedAt: fields[19] ?? "" };
}

// Deno reads /proc only with every permission; a program needs the one to run programs, which the
// manager has anyway. Every Linux has `cat`, while `ps` is missing from small containers.
async function proc(pid: number, file: string): Promise<string> {
  const cat = new Deno.Command("cat", {
    args: [`/proc/${pid}/${file}`],
    stdin: "null",
    stderr: "null",
  });
  return new TextDecoder().decode((await cat.output()).stdout);
}

async function factsFromPs(pid: number): Promise<ProcessFacts | undefined> {
  const ps = new Deno.Command("ps", {
    args: ["-o", "ppid=,lstart=,command=", "-p", String(pid)],
    stdin: "null",
    stderr: "null",
  });
  const line = new TextDecoder().decode((await ps.output()).stdout).trim();
  const [, parent, startedAt, command] = /^(\d+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/
    .exec(line) ?? [];
  if (parent === undefined) return undefined;
  return { pid, parent: Number(parent), startedAt: startedAt!, command: command! };
}

/** Whether a signal was being ignored when this process started, as nohup does with SIGHUP. */
export async function ignoresHangup(): Promise<boolean> {
  if (Deno.build.os !== "linux") return !Deno.stdin.isTerminal();
  const status = await proc(Deno.pid, "status");
  const mask = /^SigIgn:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? "0";
  // Signal 1 is the lowest bit.
  return (BigInt(`0x${mask}`) & 1n) === 1n;
}

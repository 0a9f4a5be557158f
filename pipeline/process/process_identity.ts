/** A process by its id and start, so that a reused id is not taken for it. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string;
}

/** What the system tells of a process. */
export interface ProcessFacts extends ProcessIdentity {
  readonly parent: number;
  readonly command: string;
}

/** When a process was started, in whatever form; `undefined` when it has ended. */
export async function processStart(pid: number): Promise<string | undefined> {
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
  // state, parent, …, number of threads as the 18th, start time as the 20th.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // A zombie has ended and its parent has not noticed; while threads of it are left it has its ports.
  if (fields[0] === "Z" && Number(fields[17]) <= 1) return undefined;
  return { parent: Number(fields[1]), startedAt: fields[19] ?? "" };
}

// Deno reads /proc only with every permission; a program needs the one to run programs, which the
// manager has anyway. Every Linux has `cat`, while `ps` is missing from small containers.
/** The text of a file of a process below /proc; empty when it has ended. */
export async function proc(pid: number, file: string): Promise<string> {
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

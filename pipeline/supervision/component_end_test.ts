import { assertEquals } from "@std/assert";
import { type ComponentEnd, judgeEnd } from "./component_end.ts";

function reasonOf(end: ComponentEnd): string {
  return end.kind === "failed" ? `${end.reason} ${end.isFinal} ${end.exitCode}` : end.kind;
}

Deno.test("what the end of a process means follows from its code, its signal and its own word", () => {
  const cases: [number, string | null, string | undefined, boolean, string][] = [
    [0, null, "finished", true, "finished"],
    [0, null, undefined, true, "ended before its work was done false 1"],
    [0, null, "SIGTERM", true, "ended before its work was done false 1"],
    [0, null, "finished", false, "ended before its work was done false 1"],
    [1, null, "failed", true, "failed with exit code 1 false 1"],
    [2, null, "failed", true, "failed with exit code 2 true 2"],
    [4, null, "failed", true, "failed with exit code 4 true 1"],
    [137, "SIGKILL", undefined, true, "was ended by SIGKILL false 1"],
  ];
  for (const [code, signal, said, canFinish, expected] of cases) {
    assertEquals(reasonOf(judgeEnd({ code, signal }, said, canFinish, [])), expected);
  }
});

import { assertEquals } from "@std/assert";
import { sendSignal } from "./send_signal.ts";

Deno.test("a process gets the signal, and one that has ended is left alone", async () => {
  const child = new Deno.Command("sleep", { args: ["600"], stdin: "null" }).spawn();
  sendSignal(child.pid, "SIGTERM");
  assertEquals((await child.status).signal, "SIGTERM");
  sendSignal(child.pid, "SIGTERM");
});

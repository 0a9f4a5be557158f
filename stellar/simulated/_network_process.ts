/**
 * A simulated network in a process of its own, for a test that kills it: closes ledgers in the
 * folder of the first argument as fast as it can and prints the number of each.
 */
import { SimulatedNetwork } from "./simulated_network.ts";

await using network = await SimulatedNetwork.open({
  dir: Deno.args[0]!,
  seed: "net",
  clock: { now: () => 0, sleep: () => Promise.resolve() },
  ledgerIntervalMs: 1,
});
network.onLedger((sequence) => console.log(sequence));
await network.finished;

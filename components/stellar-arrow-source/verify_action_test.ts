import { assertEquals, assertRejects } from "@std/assert";
import { FlightError } from "../../flight/mod.ts";
import { networkId } from "../../stellar/mod.ts";
import { SIMULATED_PASSPHRASE } from "../../stellar/simulated/mod.ts";
import { TestLake } from "./_test_lake.ts";
import { verifyAction, type VerifyReport } from "./verify_action.ts";

const never = new AbortController().signal;

async function started() {
  const test = await TestLake.create(2, 9);
  const action = verifyAction(await test.open(), networkId(SIMULATED_PASSPHRASE));
  return {
    test,
    run: (body: unknown, signal = never) =>
      action.run(new TextEncoder().encode(JSON.stringify(body)), signal) as Promise<VerifyReport>,
    [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
  };
}

Deno.test("verify answers for the ledgers that its body names", async () => {
  await using t = await started();
  assertEquals(await t.run({ start_ledger: 3, end_ledger: 5 }), {
    first_ledger: 3,
    last_ledger: 5,
    checked: 3,
    problems: [],
  });
});

Deno.test("verify refuses fields that it does not know, and what is no object", async () => {
  await using t = await started();
  for (const body of [{ startLedger: 3 }, { start_ledger: 3, level: "full" }, [3], 3, null]) {
    const error = await assertRejects(() => t.run(body), FlightError) as FlightError;
    assertEquals(error.code, "INVALID_ARGUMENT");
  }
});

Deno.test("verify stops between ledgers when its caller has gone", async () => {
  await using t = await started();
  const gone = new FlightError("CANCELLED", "The client ended the call.");
  const controller = new AbortController();
  const running = t.run({}, controller.signal);
  controller.abort(gone);
  await assertRejects(() => running, FlightError, gone.message);
});

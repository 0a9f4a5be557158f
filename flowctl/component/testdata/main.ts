import { type Component, parseDeclaration, runComponent } from "../../mod.ts";
import text from "./component.yaml" with { type: "text" };

/** A component that does what the variable BEHAVIOUR says. */
await runComponent(parseDeclaration(text), ({ config, log, metrics, signal, clock }): Component => {
  const behaviour = config.string("BEHAVIOUR");
  const never = new Promise<void>(() => {});
  const finished = Promise.withResolvers<void>();
  metrics.gauge({ name: "test_answer", help: "Always 42.", read: () => 42 });
  if (behaviour === "fail") throw new Error("the component cannot be built");
  return {
    async start() {
      log.info("the secret is told", { secret: config.optionalString("SECRET") });
      log.atLedger(7);
      if (behaviour === "fail-start") throw new Error("the lake is empty");
      if (behaviour === "hang-start") await clock.sleep(1e9, signal);
      if (behaviour === "finish") finished.resolve();
      if (behaviour === "fail-later") finished.reject(new Error("ledger 8 does not decode"));
      // deno-lint-ignore no-console -- lets the test see that start has run
      if (behaviour === "uncaught") console.log("starting");
      if (behaviour === "uncaught") setTimeout(() => Promise.reject(new TypeError("a mistake")), 0);
      return {
        ports: { flight: 1234 },
        upstream: "somewhere:1",
        outputs: ["./a"],
        network: "Test",
      };
    },
    finished: finished.promise,
    health: () => ({
      status: behaviour === "unhealthy" ? "unhealthy" : "healthy",
      progress: { ledger: 7, tip: 9, ledgers_total: 5, events_total: 11 },
      details: { last_ledger: 7n },
    }),
    async stop(reason) {
      log.info("draining", { reason, aborted: signal.aborted });
      if (behaviour === "hang") await never;
    },
  };
});

import { assertEquals } from "@std/assert";
import { type ComponentContext, createLogger } from "../../../flowctl/mod.ts";
import { RunningSource } from "../_running_source.ts";
import { lakeOptions } from "./lake_options.ts";

Deno.test("a newest file that is waited for is told of in one plain sentence with its path", () => {
  const lines: string[] = [];
  const context: ComponentContext = {
    ...RunningSource.context({ STORAGE_PATH: "lake" }),
    log: createLogger({
      component: "source",
      level: "warn",
      format: "text",
      clock: RunningSource.context({}).clock,
      write: (line) => lines.push(line),
    }),
  };
  lakeOptions(context).onTornTip!("lake/FFFFFFFA--5.xdr.zst");
  assertEquals(lines.map((line) => line.slice(line.indexOf("WARN")).trimEnd()), [
    "WARN  source Waiting for lake/FFFFFFFA--5.xdr.zst to be whole, as its writer may not be done",
  ]);
});

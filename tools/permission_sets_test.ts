import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { builtInProfiles } from "../flowctl/mod.ts";
import { directTasks, permissionSets } from "./permission_sets.ts";
import { ROOT } from "./repository.ts";

Deno.test("the permission sets of deno.json follow from the declarations (deno task permissions:sets)", async () => {
  const config = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  assertEquals(config.permissions, await permissionSets());
  const tasks = directTasks();
  assertEquals(Object.keys(tasks).length, 12);
  for (const [name, task] of Object.entries(tasks)) assertEquals(config.tasks[name], task, name);
  for (const profile of builtInProfiles()) {
    assertEquals(
      config.tasks[`pipeline:${profile}`].command,
      `deno run -q -P=manager pipeline/main.ts start ${profile}`,
    );
  }
});

Deno.test("no component may run programs, load native code or read everything", async () => {
  const sets = Object.entries(await permissionSets())
    .filter(([name]) => /^(source|processor|sink)-/.test(name));
  assertEquals(sets.length, 12);
  for (const [, set] of sets) {
    assertEquals(set.run, undefined);
    for (const kind of [set.net, set.read, set.write, set.env]) {
      assertEquals(kind === true, false);
    }
  }
});

Deno.test("a direct task reaches the control plane of its profile, and writes no folder that it only reads", async () => {
  const sets = await permissionSets();
  const loopback = ["127.0.0.1", "localhost"];
  for (const component of ["source", "processor", "sink"]) {
    for (const profile of ["local", "flowctl", "development"]) {
      assertEquals(sets[`${component}-${profile}`]!.net, loopback);
    }
    const { net } = sets[`${component}-production`]!;
    assertEquals(net, [...loopback, "flowctl-prod.example.com:8080"]);
  }
  assertEquals(sets["source-local"]!.write, ["./data/ledgers"]);
  // The ledgers of production come from a lake, which is only read.
  assertEquals(sets["source-production"]!.write, undefined);
  assertEquals(sets["source-production"]!.read, ["./data/ledgers"]);
});

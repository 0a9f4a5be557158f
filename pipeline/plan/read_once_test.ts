import { assertEquals, assertThrows } from "@std/assert";
import { readDeclarations } from "./component_command.ts";
import { planPipeline } from "./pipeline_plan.ts";
import { readOnce } from "./read_once.ts";
import { stagesOf } from "./stages.ts";

Deno.test("a file is read once, and again only where that failed", () => {
  const answers = [undefined, "first", "second"];
  const readText = readOnce(() => {
    const answer = answers.shift();
    if (answer === undefined) throw new Deno.errors.NotFound("x");
    return answer;
  });
  assertThrows(() => readText("a"), Deno.errors.NotFound);
  assertEquals([readText("a"), readText("a"), readText("b")], ["first", "first", "second"]);
});

Deno.test("a component is started again with the configuration of the run, also when its file is gone", async () => {
  const configFile = await Deno.makeTempFile({ suffix: ".env" });
  await Deno.writeTextFile(configFile, "OUTPUT_PATH=/data/mine\n");
  const options = {
    profile: "local",
    env: { get: () => undefined, toObject: () => ({}) },
    configFile,
    readText: readOnce(),
  };
  const plan = await planPipeline(await readDeclarations(), options);
  await Deno.remove(configFile);
  const { env, args } = stagesOf(plan, options)[2]!.launch(undefined, undefined);
  assertEquals(env.ARROW_ANALYTICS_SINK_OUTPUT_PATH, "/data/mine");
  assertEquals(args.includes("--allow-write=/data/mine"), true);
});

import { assertEquals, assertStringIncludes } from "@std/assert";
import { ControlPlane } from "../../flowctl/mod.ts";
import { readDeclarations } from "./component_command.ts";
import { controlPlaneTrouble } from "./control_plane_trouble.ts";
import { planPipeline } from "./pipeline_plan.ts";

async function troubleAt(port: number): Promise<string | undefined> {
  const env: Record<string, string> = { FLOWCTL_ENDPOINT: `127.0.0.1:${port}` };
  const { components } = await planPipeline(await readDeclarations(), {
    profile: "flowctl",
    env: { get: (name) => env[name], toObject: () => env },
  });
  return await controlPlaneTrouble(components[0]!.config);
}

Deno.test("a control plane is no trouble, one that asks for a token is told", async () => {
  await using open = new ControlPlane({ port: 0 });
  assertEquals(await troubleAt((await open.start()).port), undefined);
  await using closed = new ControlPlane({ port: 0, token: "open-sesame" });
  assertStringIncludes((await troubleAt((await closed.start()).port))!, "asks for a token");
});

Deno.test("what speaks HTTP, as a health port does, is told to be no gRPC server", async () => {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => Response.json({ error: "there is no such path" }, { status: 404 }),
  );
  assertEquals(
    await troubleAt(server.addr.port),
    "no gRPC server listens there: what answered is text, as of plain HTTP",
  );
});

import { assertEquals, assertRejects } from "@std/assert";
import { pipelineReport, pipelineSnapshot } from "../../flowctl/mod.ts";
import { RestartError } from "../supervision/mod.ts";
import { ControlClient, ControlError } from "./control_client.ts";
import { ControlServer } from "./control_server.ts";
import type { PipelineStatus } from "./pipeline_status.ts";

const STATUS: PipelineStatus = {
  state: "running",
  profile: "local",
  pid: 1,
  since: "2026-01-01T00:00:00.000Z",
  detached: true,
  components: [],
};

const REPORT = pipelineReport(pipelineSnapshot({ services: [], problems: ["none"] }, 0));

function clientOf(port: number, token: string): ControlClient {
  return new ControlClient({ control: { port, token } });
}

Deno.test("whoever has the token gets the status and may restart; a refusal is told", async () => {
  const restarted: (string | undefined)[] = [];
  await using server = new ControlServer({
    status: () => STATUS,
    health: () => Promise.resolve([]),
    report: () => Promise.resolve(REPORT),
    restart: (component) => {
      restarted.push(component);
      if (component === "busy") throw new RestartError("a restart is on its way already");
      return Promise.resolve();
    },
  });
  const client = clientOf(server.start(), server.token);
  assertEquals(await client.status(), STATUS);
  assertEquals(await client.health(), []);
  assertEquals(await client.report(), REPORT);
  assertEquals(await client.restart(undefined), STATUS);
  await client.restart("a&b");
  await assertRejects(() => client.restart("busy"), ControlError, "on its way already");
  assertEquals(restarted, [undefined, "a&b", "busy"]);
});

Deno.test("without the token, or with another, nothing is told and nothing done", async () => {
  let done = 0;
  await using server = new ControlServer({
    status: () => (done++, STATUS),
    health: () => Promise.resolve((done++, [])),
    report: () => Promise.resolve((done++, REPORT)),
    restart: () => Promise.resolve(void done++),
  });
  const port = server.start();
  for (const token of ["", "x", `${server.token}x`]) {
    await assertRejects(() => clientOf(port, token).status(), ControlError, "token");
    await assertRejects(() => clientOf(port, token).health(), ControlError, "token");
    await assertRejects(() => clientOf(port, token).report(), ControlError, "token");
    await assertRejects(() => clientOf(port, token).restart("a"), ControlError, "token");
  }
  assertEquals(done, 0);
});

Deno.test("an action that there is not and a manager that is gone are told", async () => {
  const server = new ControlServer({
    status: () => STATUS,
    health: () => Promise.resolve([]),
    report: () => Promise.resolve(REPORT),
    restart: () => Promise.resolve(),
  });
  const port = server.start();
  const answer = await fetch(`http://127.0.0.1:${port}/stop`, {
    headers: { authorization: `Bearer ${server.token}` },
  });
  assertEquals([answer.status, await answer.json()], [404, { error: "no such action: GET /stop" }]);
  await server.stop();
  await assertRejects(() => clientOf(port, server.token).status(), ControlError, "no answer");
});

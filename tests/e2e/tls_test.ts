import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { FlightClient, FlightError } from "../../flight/mod.ts";
import { hasOpenssl } from "../../grpc/testing/mod.ts";
import { makeCertificates } from "./certificates.ts";
import { tableEvents } from "./golden_event.ts";
import { makeGoldenLake } from "./golden_lake.ts";
import { allGone, PipelineProcess } from "./pipeline_process.ts";

const openssl = await hasOpenssl();
if (!openssl) console.log("skipped: no openssl to make certificates with");

const TOKEN = "open-sesame";

/** The corpus as a lake, certificates and a token, in a folder of the test. */
async function secured(folder: string) {
  const lake = await makeGoldenLake(join(folder, "lake"));
  const files = await makeCertificates(folder);
  await Deno.writeTextFile(join(folder, "token"), `${TOKEN}\n`);
  const env = {
    SOURCE_TYPE: "filesystem",
    STORAGE_PATH: lake.folder,
    VERIFY_LEDGERS: "off",
    VERIFY_CHAIN: "false",
    START_LEDGER: String(lake.start),
    OUTPUT_PATH: join(folder, "out"),
    TLS_CERT_FILE: files.certificate,
    TLS_KEY_FILE: files.key,
    TLS_CA_FILE: files.authority,
    AUTH_TOKEN_FILE: join(folder, "token"),
    // Components neither use a proxy nor may read these.
    grpc_proxy: "http://127.0.0.1:1",
    https_proxy: "http://127.0.0.1:1",
    http_proxy: "http://127.0.0.1:1",
  };
  return { lake, files, env };
}

for (const address of ["127.0.0.1", "localhost"]) {
  Deno.test({
    name: `bound to ${address}, the pipeline with TLS and a token stores the reference's events`,
    ignore: !openssl,
    fn: async () => {
      const folder = await Deno.makeTempDir();
      const { lake, env } = await secured(folder);
      const bound = { BIND_ADDRESS: address, END_LEDGER: String(lake.end) };
      await using pipeline = new PipelineProcess({ ...env, ...bound });
      const { code, output } = await pipeline.end();
      assertEquals(code, 0, output);
      const events = await tableEvents(join(folder, "out/ttp_event"));
      assertEquals(events, lake.events);
      await allGone(pipeline.pids());
      await Deno.remove(folder, { recursive: true });
    },
  });
}

Deno.test({
  name: "without a certificate of the authority, or without the token, nobody reads the source",
  ignore: !openssl,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const { env, files } = await secured(folder);
    await using pipeline = new PipelineProcess(env);
    await pipeline.written(/all components are ready/);
    const [, port] = await pipeline.written(/^source +│ +flight +\S+:(\d+)$/m);
    const read = (path: string) => Deno.readFileSync(path);
    const tlsCa = read(files.authority);
    const shown = { clientCertificate: read(files.certificate), clientKey: read(files.key) };
    await using friend = new FlightClient(`localhost:${port}`, { tlsCa, ...shown, token: TOKEN });
    assertEquals((await friend.listFlights()).map(({ dataset }) => dataset), ["stellar_ledger"]);
    const strangers = [{ token: TOKEN }, { tlsCa, token: TOKEN }, { tlsCa, ...shown }];
    for (const options of strangers) {
      await using stranger = new FlightClient(`localhost:${port}`, {
        ...options,
        connectTimeoutMs: 2_000,
      });
      await assertRejects(() => stranger.listFlights(), FlightError);
    }
    pipeline.signal("SIGTERM");
    assertEquals((await pipeline.end()).code, 0);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "a certificate without the authority is refused with the variable, and nothing is started",
  ignore: !openssl,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const { env } = await secured(folder);
    await using pipeline = new PipelineProcess({ ...env, TLS_CA_FILE: "" });
    const { code, output } = await pipeline.end();
    assertEquals(code, 2, output);
    assertStringIncludes(output, "TLS_CA_FILE: must be set in a pipeline with TLS_CERT_FILE");
    assertEquals(pipeline.pids(), [pipeline.pid]);
    await Deno.remove(folder, { recursive: true });
  },
});

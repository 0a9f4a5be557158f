import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { FlightClient, FlightError, FlightServer } from "./mod.ts";
import { eventDataset, ledgerDataset } from "./testing/mod.ts";

/** Runs openssl in a folder; false where there is none. */
async function openssl(cwd: string, ...args: string[]): Promise<boolean> {
  try {
    const command = new Deno.Command("openssl", { args, cwd, stdout: "null", stderr: "piped" });
    const { success, stderr } = await command.output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** An authority, and a certificate of localhost for each name, in a temporary folder. */
async function certificates() {
  const dir = await Deno.makeTempDir();
  const ca = ["-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem"];
  await openssl(dir, "req", "-x509", ...ca, "-subj", "/CN=test authority", "-days", "2");
  await Deno.writeTextFile(`${dir}/ext`, "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
  for (const name of ["server", "client"]) {
    const key = ["-newkey", "rsa:2048", "-nodes", "-keyout", `${name}.key`, "-out", `${name}.csr`];
    await openssl(dir, "req", ...key, "-subj", "/CN=localhost");
    const sign = ["-req", "-in", `${name}.csr`, "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "2"];
    await openssl(
      dir,
      "x509",
      ...sign,
      "-CAcreateserial",
      "-extfile",
      "ext",
      "-out",
      `${name}.pem`,
    );
  }
  return {
    read: (name: string) => Deno.readFileSync(`${dir}/${name}`),
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
}

const available = await openssl(".", "version");
if (!available) console.log("skipped: no openssl to make certificates with");

Deno.test({
  name: "over TLS both sides talk, and a client without the authority does not",
  ignore: !available,
  async fn() {
    await using files = await certificates();
    const tls = { certificate: files.read("server.pem"), key: files.read("server.key") };
    const datasets = [ledgerDataset, eventDataset];
    await using server = new FlightServer({ bindAddress: "127.0.0.1", port: 0, datasets, tls });
    const endpoint = `localhost:${(await server.start()).port}`;
    await using client = new FlightClient(endpoint, { tlsCa: files.read("ca.pem") });
    assertEquals((await client.listFlights()).length, 2);
    let batches = 0;
    for await (const _ of client.doGet({ dataset: "ttp_event" })) batches++;
    assertEquals(batches, 20);
    await using plain = new FlightClient(endpoint, { connectTimeoutMs: 2000 });
    await assertRejects(() => plain.listFlights(), FlightError);
    assertThrows(
      () => new FlightClient("127.0.0.1:1", { tlsCa: tls.key }),
      FlightError,
      "host name",
    );
    await using foreign = new FlightClient(endpoint, {
      tlsCa: files.read("server.pem"),
      connectTimeoutMs: 2000,
    });
    await assertRejects(() => foreign.listFlights(), FlightError);
  },
});

Deno.test({
  name: "with mutual TLS a client needs a certificate of the server's authority",
  ignore: !available,
  async fn() {
    await using files = await certificates();
    const tlsCa = files.read("ca.pem");
    const tls = {
      certificate: files.read("server.pem"),
      key: files.read("server.key"),
      clientCa: tlsCa,
    };
    const datasets = [ledgerDataset, eventDataset];
    await using server = new FlightServer({ bindAddress: "127.0.0.1", port: 0, datasets, tls });
    const endpoint = `localhost:${(await server.start()).port}`;
    await using client = new FlightClient(endpoint, {
      tlsCa,
      clientCertificate: files.read("client.pem"),
      clientKey: files.read("client.key"),
    });
    assertEquals((await client.listFlights()).length, 2);
    await using without = new FlightClient(endpoint, { tlsCa, connectTimeoutMs: 2000 });
    await assertRejects(() => without.listFlights(), FlightError);
  },
});

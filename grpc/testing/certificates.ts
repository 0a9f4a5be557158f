/** Runs openssl in a folder; false where there is none. */
export async function openssl(cwd: string, ...args: string[]): Promise<boolean> {
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

/** An authority, and a certificate of localhost for `server` and `client`, in a temporary folder. */
export async function certificates() {
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

/** Whether certificates can be made here; tests that need them are skipped otherwise, and say so. */
export async function hasOpenssl(): Promise<boolean> {
  const has = await openssl(".", "version");
  if (!has) console.log("skipped: no openssl to make certificates with");
  return has;
}

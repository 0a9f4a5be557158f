import { join } from "@std/path";
import { openssl } from "../../grpc/testing/mod.ts";

/** Files of an authority and of a certificate that it signed for localhost. */
export interface Certificates {
  readonly certificate: string;
  readonly key: string;
  readonly authority: string;
}

/** Makes an authority and a certificate of localhost, for servers and clients, in a folder. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const make = (...args: string[]) => openssl(folder, ...args);
  const own = ["-newkey", "rsa:2048", "-nodes", "-days", "2"];
  await make(
    ...["req", "-x509", ...own, "-subj", "/CN=test authority"],
    ...["-keyout", "ca.key", "-out", "ca.crt"],
  );
  const names = "subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth,clientAuth\n";
  await Deno.writeTextFile(join(folder, "names"), names);
  await make(
    ...["req", ...own.slice(0, 3), "-subj", "/CN=localhost"],
    ...["-keyout", "pipeline.key", "-out", "pipeline.csr"],
  );
  await make(
    ...["x509", "-req", "-in", "pipeline.csr", "-CA", "ca.crt", "-CAkey", "ca.key"],
    ...["-CAcreateserial", "-days", "2", "-extfile", "names", "-out", "pipeline.crt"],
  );
  return {
    certificate: join(folder, "pipeline.crt"),
    key: join(folder, "pipeline.key"),
    authority: join(folder, "ca.crt"),
  };
}

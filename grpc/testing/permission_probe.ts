/**
 * Asks a server for its health, run with exact permissions by grpc/resolver_test.ts.
 *
 * usage: permission_probe.ts HOST:PORT
 *
 * @module
 */
import { Client, credentials } from "@grpc/grpc-js";
import { healthMethods, namedTarget } from "../mod.ts";

const { path, requestSerialize, responseDeserialize } = healthMethods.Check;
const client = new Client(namedTarget(Deno.args[0]!), credentials.createInsecure());
const request = { service: "" };
client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error, answer) => {
  client.close();
  if (error) {
    console.error(error.message);
    Deno.exit(1);
  }
  console.log(answer?.status);
});

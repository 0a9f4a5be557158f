import { connect } from "node:http2";
import { Duplex } from "node:stream";
import { assertEquals, assertNotEquals } from "@std/assert";
import { deferGoaway } from "./deferred_goaway.ts";

Deno.test("deferring twice leaves one deferral", () => {
  const goaway = () => {
    const socket = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
    const session = connect("http://localhost", { createConnection: () => socket });
    const method = session.goaway;
    session.destroy();
    return method;
  };
  const before = goaway();
  deferGoaway();
  const once = goaway();
  deferGoaway();
  assertNotEquals(once.name, "goaway");
  assertEquals(goaway(), once);
  assertEquals(before === once || before.name === "goaway", true);
});

import { assertEquals, assertStringIncludes } from "@std/assert";
import { whyAbsent } from "./go_program.ts";

Deno.test("a Go program whose modules cannot be had is absent; one that does not compile is a fault", () => {
  const network = 'main.go:2:8: x@v1.0.0: Get "https://proxy/x.zip": dial tcp: lookup proxy: ' +
    "no such host";
  assertStringIncludes(whyAbsent(network, null) ?? "", "cannot be had");
  assertStringIncludes(whyAbsent("module lookup disabled by GOPROXY=off", null) ?? "", "GOPROXY");
  assertStringIncludes(whyAbsent("", "SIGTERM") ?? "", "in time");
  assertEquals(whyAbsent("./main.go:3:1: undefined: foo", null), undefined);
  assertEquals(whyAbsent("missing go.sum entry for module", null), undefined);
});

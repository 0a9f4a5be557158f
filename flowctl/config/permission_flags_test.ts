import { assertEquals } from "@std/assert";
import { environmentOf, productDeclaration, testDeclaration } from "./_test_declaration.ts";
import { loadConfig } from "./load_config.ts";
import { childEnvironment, permissionFlags } from "./permission_flags.ts";
import { upstreamEndpoints } from "./upstream.ts";

const declaration = testDeclaration();

function flagsFor(variables: Record<string, string>, component = declaration): string[] {
  const config = loadConfig({
    declaration: component,
    env: environmentOf(variables),
    profile: "local",
  });
  return permissionFlags(component, config);
}

Deno.test("a component may use its ports, its upstream and its folders, and no more", () => {
  const [net, read, ...rest] = flagsFor({ SOURCE_ENDPOINT: "up.example:9000" });
  assertEquals(net, "--allow-net=127.0.0.1:8816,127.0.0.1:8089,up.example:9000");
  assertEquals(read, "--allow-read=./data");
  assertEquals(rest.length, 1);
  const names = rest[0]!.replace("--allow-env=", "").split(",");
  assertEquals(names, [
    ...declaration.variables.keys(),
    "TEST_ARROW_COMPONENT_*",
    "PIPELINE_CHILD",
    "PIPELINE_ORIGINS",
    "GRPC_*",
  ]);
});

Deno.test("each of several upstreams may be connected to, and is tried once in the order named", () => {
  const variables = { SOURCE_ENDPOINT: "b.example:2, a.example:1,b.example:2" };
  const [net] = flagsFor(variables);
  assertEquals(net, "--allow-net=127.0.0.1:8816,127.0.0.1:8089,b.example:2,a.example:1");
  const config = loadConfig({ declaration, env: environmentOf(variables) });
  assertEquals(upstreamEndpoints(config, "SOURCE_ENDPOINT"), ["b.example:2", "a.example:1"]);
});

Deno.test("an upstream that nobody names is the default port on this machine", () => {
  const [net] = flagsFor({});
  assertEquals(net, "--allow-net=127.0.0.1:8816,127.0.0.1:8089,127.0.0.1:8815");
  const config = loadConfig({ declaration, env: environmentOf({}) });
  assertEquals(upstreamEndpoints(config, "SOURCE_ENDPOINT"), ["127.0.0.1:8815"]);
});

Deno.test("with TLS the default upstream has the name that its certificate is checked by", () => {
  const sink = productDeclaration("arrow-analytics-sink");
  const [net] = flagsFor({ TLS_CA_FILE: "ca.crt" }, sink);
  assertEquals(net!.split("=")[1]!.split(",").includes("localhost:8816"), true, net);
  const config = loadConfig({ declaration: sink, env: environmentOf({ TLS_CA_FILE: "ca.crt" }) });
  assertEquals(upstreamEndpoints(config, "PROCESSOR_ENDPOINT"), ["localhost:8816"]);
});

Deno.test("a permission with a condition is given only under it", () => {
  assertEquals(flagsFor({ MODE: "read" }).some((flag) => flag.startsWith("--allow-write")), false);
  assertEquals(flagsFor({ MODE: "make" }).includes("--allow-write=./data"), true);
});

Deno.test("the control plane and what discovery may find are reached only with flowctl on", () => {
  const sink = productDeclaration("arrow-analytics-sink");
  const named = { PROCESSOR_ENDPOINT: "up.example:1", FLOWCTL_TLS_CA_FILE: "ca.crt" };
  const plain = ["127.0.0.1:8817", "127.0.0.1:8090", "up.example:1"];
  const flags = (variables: Record<string, string>) => {
    const [net, read] = flagsFor({ ...named, ...variables }, sink);
    return [net!.split("=")[1]!.split(","), read];
  };
  assertEquals(flags({}), [plain, "--allow-read=./data/out"]);
  const on = { ENABLE_FLOWCTL: "true", FLOWCTL_ENDPOINT: "plane.example:8080" };
  const found = { ...on, DISCOVERY_ALLOW: "a.example,b.example:9000" };
  // With an upstream that is named nothing is looked for.
  assertEquals(flags(found), [[...plain, "plane.example:8080"], "--allow-read=./data/out,ca.crt"]);
  const [listens] = flags({ ...found, PROCESSOR_ENDPOINT: "" });
  // A host without port is allowed on any.
  assertEquals(listens, [
    "127.0.0.1:8817",
    "127.0.0.1:8090",
    "plane.example:8080",
    "a.example",
    "b.example:9000",
  ]);
  const source = productDeclaration("stellar-arrow-source");
  assertEquals(source.variables.has("DISCOVERY_ALLOW"), false);
});

Deno.test("an upstream that is left to discovery has no address before it is found", () => {
  const sink = productDeclaration("arrow-analytics-sink");
  const variables = { ENABLE_FLOWCTL: "true", DISCOVERY_ALLOW: "up.example" };
  const [net] = flagsFor(variables, sink);
  assertEquals(
    net,
    "--allow-net=127.0.0.1:8817,127.0.0.1:8090,localhost:8080,up.example",
  );
  const config = loadConfig({ declaration: sink, env: environmentOf(variables), profile: "local" });
  assertEquals(upstreamEndpoints(config, "PROCESSOR_ENDPOINT"), []);
});

Deno.test("a comma in a path does not open a second one", () => {
  assertEquals(flagsFor({ FOLDER: "a,b" }).includes("--allow-read=a,,b"), true);
});

Deno.test("a source that only reads a lake cannot write it, the simulated network can", () => {
  const source = productDeclaration("stellar-arrow-source");
  const filesystem = flagsFor({ SOURCE_TYPE: "filesystem", STORAGE_PATH: "/lake" }, source);
  assertEquals(filesystem.slice(0, 2), [
    "--allow-net=127.0.0.1:8815,127.0.0.1:8088",
    "--allow-read=/lake",
  ]);
  assertEquals(filesystem.length, 3);
  const simulated = flagsFor({ STORAGE_PATH: "/lake" }, source);
  assertEquals(simulated.includes("--allow-write=/lake"), true);
});

Deno.test("a child's environment gives it the same configuration, whatever else is set there", () => {
  const parent = loadConfig({
    declaration,
    args: ["--size", "77"],
    env: environmentOf({ WAIT: "10m", KINDS: "x,y" }),
  });
  const environment = {
    ...childEnvironment(declaration, parent),
    SIZE: "1",
    WAIT: "1s",
    PORT: "1",
  };
  const child = loadConfig({ declaration, env: environmentOf(environment), inPipeline: true });
  assertEquals(child.values, parent.values);
});

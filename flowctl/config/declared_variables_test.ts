import { assertEquals } from "@std/assert";
import { COMPONENT_NAMES, productDeclaration } from "./_test_declaration.ts";

const root = new URL("../../", import.meta.url);

/** The code below a folder, without tests, as one text. */
async function codeBelow(folder: URL): Promise<string> {
  let code = "";
  for await (const entry of Deno.readDir(folder)) {
    const url = new URL(entry.isDirectory ? `${entry.name}/` : entry.name, folder);
    if (entry.isDirectory) code += await codeBelow(url);
    else if (/(?<!_test)\.ts$/.test(entry.name)) code += await Deno.readTextFile(url);
  }
  return code;
}

/** What every component's process does with its variables. */
const runtime = await codeBelow(new URL("flowctl/component/", root));

/**
 * Variables of the control plane's client, the connection pool and flow control, which the module
 * reads for every component.
 */
const SHARED_MODULE =
  /^(FLOWCTL_|CONNECTION_POOL_|FLOW_CONTROL_|MONITORING_|DISCOVERY_|ADVERTISE_|MAX_INFLIGHT$)/;

/** Variables that have their effect when the configuration is checked. */
const CHECKED = ["ALLOW_INSECURE"];

for (const component of COMPONENT_NAMES) {
  Deno.test(`${component} has no variable without effect, and reads none that is not declared`, async () => {
    const { variables } = productDeclaration(component);
    const own = await codeBelow(new URL(`components/${component}/`, root));
    const code = own + runtime + JSON.stringify(CHECKED);
    const unread = [...variables.values()].filter(({ name, overrides }) =>
      overrides === undefined && !SHARED_MODULE.test(name) && !code.includes(`"${name}"`) &&
      !code.includes(`config.values.${name}`)
    );
    assertEquals(unread.map(({ name }) => name), []);
    const read = own.matchAll(/\bconfig\.[a-zA-Z]+\(\s*"([A-Z_]+)"/g);
    const undeclared = [...read].map(([, name]) => name!).filter((name) => !variables.has(name));
    assertEquals(undeclared, []);
  });
}

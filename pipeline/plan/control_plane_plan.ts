import {
  alertConfiguration,
  type ComponentDeclaration,
  ConfigError,
  type ConfigProblem,
  isLoopback,
  type Origin,
  parseEndpoint,
  type ResolvedConfig,
} from "../../flowctl/mod.ts";
import {
  type PlannedComponent,
  planOne,
  type PlanOptions,
  resolveOne,
} from "./planned_component.ts";

/** The control plane of the run; `undefined` where the configuration asks for none of its own. */
export async function planControlPlane(
  declaration: ComponentDeclaration,
  manager: ResolvedConfig,
  components: readonly PlannedComponent[],
  options: PlanOptions,
): Promise<{ planned: PlannedComponent; problems: readonly ConfigProblem[] } | undefined> {
  if (manager.values.START_CONTROL_PLANE !== true) return undefined;
  const client = components.find(({ config }) => config.values.ENABLE_FLOWCTL === true);
  const endpoint = parseEndpoint(client?.config.optionalString("FLOWCTL_ENDPOINT") ?? "");
  if (client === undefined || endpoint === undefined || !isLoopback(endpoint.host)) {
    return undefined;
  }
  const { prefix } = declaration;
  const [port, bindAddress] = [`${prefix}_PORT`, `${prefix}_BIND_ADDRESS`];
  const settings = new Map([
    // What is not kept needs no file; the components register again when it is started again.
    ["STATE_PATH", ":memory:"],
    ...options.settings ?? [],
    [port, String(endpoint.port)],
    [bindAddress, "127.0.0.1"],
  ]);
  const own = (name: string): [string, Origin] => [name, { kind: "manager", name }];
  const settingOrigins = new Map([
    ...options.settings?.has("STATE_PATH") === true ? [] : [own("STATE_PATH")],
    // It listens where the components look for it.
    [port, client.config.origin("FLOWCTL_ENDPOINT")] as const,
    own(bindAddress),
  ]);
  const { config, problems } = resolveOne(declaration, { ...options, settings, settingOrigins });
  const { planned } = await planOne(declaration, config, settings);
  const all = [...problems, ...flowctlTlsProblems(planned, client)];
  // One that breaks its rule has been noted already.
  if (problems.length === 0) all.push(...await alertProblems(config));
  return { planned, problems: all };
}

/** What is wrong with the files and addresses that the control plane's alerts name. */
async function alertProblems(config: ResolvedConfig): Promise<readonly ConfigProblem[]> {
  try {
    await alertConfiguration(config);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems;
  }
}

/** The components must know the authority of a control plane that speaks TLS, and only of such a one. */
function flowctlTlsProblems(
  { config: server }: PlannedComponent,
  { config: client }: PlannedComponent,
): ConfigProblem[] {
  const serves = server.isSet("TLS_CERT_FILE");
  if (serves === client.isSet("FLOWCTL_TLS_CA_FILE")) return [];
  const [variable, config, rule] = serves
    ? [
      "FLOWCTL_TLS_CA_FILE",
      client,
      "must be set in a pipeline with TLS_CERT_FILE: the control plane of the run speaks TLS, too",
    ] as const
    : [
      "TLS_CERT_FILE",
      server,
      "must be set, with TLS_KEY_FILE, in a pipeline with FLOWCTL_TLS_CA_FILE: the control plane of " +
      "the run then speaks TLS",
    ] as const;
  return [{ variable, origin: config.origin(variable), rule, example: `${variable}=ca.crt` }];
}

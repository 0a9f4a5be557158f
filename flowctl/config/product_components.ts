/** A program of the product that is declared by a component.yaml, by its names. */
export interface ProductComponent {
  /** The name in its component.yaml. */
  readonly name: string;
  /** Its folder, with component.yaml and main.ts. */
  readonly folder: string;
  /** Its task (`deno task source`), its permission set, and what the manager calls it on the screen. */
  readonly short: string;
}

/** The components of the product, in the order of the data. */
export const PRODUCT_COMPONENTS: readonly ProductComponent[] = [
  component("stellar-arrow-source", "source"),
  component("ttp-arrow-processor", "processor"),
  component("arrow-analytics-sink", "sink"),
];

/** The control plane: no data goes through it, but it is declared and run as components are. */
export const CONTROL_PLANE: ProductComponent = {
  name: "flowctl-control-plane",
  folder: "flowctl/control_plane",
  short: "flowctl",
};

/** All programs that are declared and run in this way. */
export const PROGRAMS: readonly ProductComponent[] = [...PRODUCT_COMPONENTS, CONTROL_PLANE];

/** All declaration files whose variables a profile may set, relative to the repository, in the order of the guide. */
export const DECLARATION_FILES: readonly string[] = [
  ...PROGRAMS.map(({ folder }) => `${folder}/component.yaml`),
  "pipeline/manager.yaml",
];

function component(name: string, short: string): ProductComponent {
  return { name, folder: `components/${name}`, short };
}

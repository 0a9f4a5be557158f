/** A component of the product, by its names. */
export interface ProductComponent {
  /** Its folder below components/, and the name in its component.yaml. */
  readonly name: string;
  /** Its task (`deno task source`), its permission set, and what the manager calls it on the screen. */
  readonly short: string;
}

/** The components of the product, in the order of the data. */
export const PRODUCT_COMPONENTS: readonly ProductComponent[] = [
  { name: "stellar-arrow-source", short: "source" },
  { name: "ttp-arrow-processor", short: "processor" },
  { name: "arrow-analytics-sink", short: "sink" },
];

/** All declaration files whose variables a profile may set, relative to the repository, in the order of the guide. */
export const DECLARATION_FILES: readonly string[] = [
  ...PRODUCT_COMPONENTS.map(({ name }) => `components/${name}/component.yaml`),
  "pipeline/manager.yaml",
];

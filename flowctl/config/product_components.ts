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

import { PRODUCT_COMPONENTS } from "../../flowctl/mod.ts";

/** How a component is called on the screen: `source` for `stellar-arrow-source`. */
export function shortName(component: string): string {
  return PRODUCT_COMPONENTS.find(({ name }) => name === component)?.short ?? component;
}

/** The component with a short or a full name; `undefined` when there is none. */
export function fullName(nameOrShort: string): string | undefined {
  return PRODUCT_COMPONENTS.find(({ name, short }) => [name, short].includes(nameOrShort))?.name;
}

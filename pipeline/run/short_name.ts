import { PROGRAMS } from "../../flowctl/mod.ts";

/** How a component is called on the screen: `source` for `stellar-arrow-source`. */
export function shortName(component: string): string {
  return PROGRAMS.find(({ name }) => name === component)?.short ?? component;
}

/** The component, or the control plane, with a short or a full name; `undefined` when there is none. */
export function fullName(nameOrShort: string): string | undefined {
  return PROGRAMS.find(({ name, short }) => [name, short].includes(nameOrShort))?.name;
}

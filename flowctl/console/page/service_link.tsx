import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { serviceLink } from "./location_hash.ts";
import { labelOf, type ServiceLabels, withLabels } from "../../service/mod.ts";

/** What services are called on this page. */
export const Labels = createContext<ServiceLabels>(new Map());

/** A link to all about a service. */
export function ServiceLink({ id }: { id: string }) {
  return <a href={serviceLink(id)} title={id}>{labelOf(useContext(Labels), id)}</a>;
}

/** A sentence of the control plane. */
export function Sentence({ text }: { text: string }) {
  return <>{withLabels(text, useContext(Labels))}</>;
}

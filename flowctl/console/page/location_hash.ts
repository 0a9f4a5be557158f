/** What the page shows: everything, or one service. */
export type Place = { readonly serviceId?: string };

const SERVICE = "#/service/";

/** The place that the part after `#` of an address names; whatever else it is, everything. */
export function placeOf(hash: string): Place {
  if (!hash.startsWith(SERVICE)) return {};
  try {
    const serviceId = decodeURIComponent(hash.slice(SERVICE.length));
    return serviceId === "" ? {} : { serviceId };
  } catch {
    return {};
  }
}

/** The link to a service; its id may be any text. */
export function serviceLink(id: string): string {
  return SERVICE + encodeURIComponent(id.toWellFormed());
}

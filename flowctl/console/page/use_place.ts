import { useEffect, useState } from "preact/hooks";
import { type Place, placeOf } from "./location_hash.ts";

/** What the address says is to be shown, and what it said before. */
export interface Places {
  readonly now: Place;
  readonly before: Place;
}

/** Follows the part of the address after `#`. */
export function usePlace(): Places {
  const [places, setPlaces] = useState<Places>(() => ({ now: placeOf(location.hash), before: {} }));
  useEffect(() => {
    const changed = () => setPlaces(({ now }) => ({ now: placeOf(location.hash), before: now }));
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return places;
}

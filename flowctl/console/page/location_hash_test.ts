import { assertEquals } from "@std/assert";
import { placeOf, serviceLink } from "./location_hash.ts";

Deno.test("a link to a service leads back to its id, whatever that is", () => {
  for (const id of ["source-1", "a/b#c?d%", '"><img src=x onerror=alert(1)>', "ü 漢 🙂"]) {
    const link = serviceLink(id);
    assertEquals(/^#\/service\/[\w%.!~*'()-]+$/.test(link), true);
    assertEquals(placeOf(link), { serviceId: id });
  }
  assertEquals(placeOf(serviceLink("\ud800")), { serviceId: "\ufffd" });
});

Deno.test("any other address shows everything", () => {
  assertEquals(["", "#", "#x", "#/service/", "#/service/%zz"].map(placeOf), [{}, {}, {}, {}, {}]);
});

import { assertEquals } from "@std/assert";
import { testService } from "./_test_snapshot.ts";
import { nextSorting, sortedServices, type Sorting } from "./sorted_services.ts";

const SERVICES = [
  testService({ id: "b", load_ratio: 0.1, type: "SOURCE" }),
  testService({ id: "c" }),
  testService({ id: "a", load_ratio: 0.9, status: "UNHEALTHY" }),
];

const ids = (sorting: Sorting, filter?: string) =>
  sortedServices(SERVICES, sorting, filter).map(({ id }) => id).join("");

Deno.test("services are sorted by words and figures, what is not known last", () => {
  assertEquals(ids(undefined), "bca");
  assertEquals(ids({ by: "id", descending: false }), "abc");
  assertEquals(ids({ by: "load_ratio", descending: true }), "abc");
  assertEquals(ids({ by: "load_ratio", descending: false }), "bac");
});

Deno.test("a heading goes through its orders and back to none", () => {
  const first = nextSorting(undefined, "load_ratio");
  const second = nextSorting(first, "load_ratio");
  assertEquals([first?.descending, second?.descending], [true, false]);
  assertEquals(nextSorting(second, "load_ratio"), undefined);
  assertEquals(nextSorting(second, "id"), { by: "id", descending: false });
});

Deno.test("a filter finds all its words in id, type and status", () => {
  assertEquals([ids(undefined, " source "), ids(undefined, "A unHealthy"), ids(undefined, "x")], [
    "b",
    "a",
    "",
  ]);
});

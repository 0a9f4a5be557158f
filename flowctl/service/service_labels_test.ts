import { assertEquals } from "@std/assert";
import { labelOf, serviceLabels, withLabels } from "./service_labels.ts";

const given = (digits: string) => `COMPONENT_TYPE_SOURCE-1795857293${digits}`;

Deno.test("a service has its own id, or its name where the id was given to it", () => {
  const labels = serviceLabels([
    { id: "source-1", name: "stellar-arrow-source" },
    { id: given("542000000"), name: "stellar-arrow-source" },
    { id: given("542000001"), name: "" },
  ]);
  assertEquals([...labels.values()], ["source-1", "stellar-arrow-source", given("542000001")]);
  assertEquals(labelOf(labels, "gone"), "gone");
});

Deno.test("services of one name are told apart", () => {
  const labels = serviceLabels([
    { id: given("123450000"), name: "sink" },
    { id: given("223450000"), name: "sink" },
    { id: given("300000000"), name: "sink" },
  ]);
  assertEquals([...labels.values()], ["sink …12345", "sink …22345", "sink …72933"]);
});

Deno.test("sentences call services by their labels", () => {
  const labels = serviceLabels([{ id: given("542000000"), name: "sink" }]);
  assertEquals(
    withLabels(`${given("542000000")} and ${given("000000000")} of A-1 wait`, labels),
    `sink and ${given("000000000")} of A-1 wait`,
  );
});

/**
 * Asks a Flight server for its datasets, run with exact permissions by flight/resolver_test.ts.
 *
 * usage: permission_probe.ts HOST:PORT
 *
 * @module
 */
import { FlightClient } from "../mod.ts";

await using client = new FlightClient(Deno.args[0]!);
const flights = await client.listFlights();
console.log(flights.map((flight) => flight.dataset).join(","));

import { assertThrows } from "@std/assert";
import { FakeClock } from "../component/mod.ts";
import { GrpcError } from "../../grpc/mod.ts";
import { RequestLimiter } from "./request_limiter.ts";

Deno.test("a peer is refused beyond its requests a second, whatever its ports, and others are not", async () => {
  const clock = new FakeClock();
  const limiter = new RequestLimiter(clock, 3);
  for (const port of [1, 2, 3]) limiter.count(`10.0.0.1:${port}`);
  assertThrows(() => limiter.count("10.0.0.1:4"), GrpcError, "10.0.0.1 sends more than 3");
  limiter.count("10.0.0.2:4");
  await clock.advance(1_000);
  limiter.count("10.0.0.1:4");
});

import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { FlowControlError } from "./flow_control_error.ts";
import { FLOW_REASONS } from "./flow_signal.ts";
import {
  decodeFlowSignal,
  encodeFlowSignal,
  type FlowSignalMessage,
} from "./flow_signal_message.ts";

const fields = {
  consumer: "sink-1",
  load: 0.85,
  backpressure: true,
  throttle: 0.5,
  ledgers_per_second: 12.5,
  bytes_per_second: null,
  reason: "memory",
  valid_ms: 300,
};

const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

function sentence(bytes: Uint8Array): string {
  const { code, message } = assertThrows(() => decodeFlowSignal(bytes), FlowControlError);
  assertEquals(code, "MESSAGE");
  return message;
}

Deno.test("a flow signal is read from its JSON", () => {
  assertEquals(decodeFlowSignal(bytesOf(fields)), {
    consumer: "sink-1",
    load: 0.85,
    backpressure: true,
    throttle: 0.5,
    ledgersPerSecond: 12.5,
    bytesPerSecond: undefined,
    reason: "memory",
    validMs: 300,
  });
});

Deno.test("a flow signal is written with the names and nulls of the wire", () => {
  const text = new TextDecoder().decode(encodeFlowSignal(decodeFlowSignal(bytesOf(fields))));
  assertEquals(JSON.parse(text), fields);
});

Deno.test("a flow signal without valid_ms counts for 5 seconds", () => {
  const { valid_ms: _, ...rest } = fields;
  assertEquals(decodeFlowSignal(bytesOf(rest)).validMs, 5000);
});

Deno.test("what is written is read as the same", () => {
  const positive = fc.double({ min: 1e-300, max: 1e300, noNaN: true });
  const message = fc.record<FlowSignalMessage>({
    consumer: fc.string({ minLength: 1, maxLength: 100, unit: "grapheme" })
      .filter((text) => !/\p{Cc}/u.test(text) && text.length <= 256),
    load: fc.double({ min: 0, max: 1000, noNaN: true }).map((load) => load + 0),
    backpressure: fc.boolean(),
    throttle: fc.double({ min: 0, max: 1, noNaN: true }).map((throttle) => throttle + 0),
    ledgersPerSecond: fc.option(positive, { nil: undefined }),
    bytesPerSecond: fc.option(positive, { nil: undefined }),
    reason: fc.constantFrom(...FLOW_REASONS),
    validMs: fc.integer({ min: 100, max: 3_600_000 }),
  });
  fc.assert(fc.property(message, (given) => {
    assertEquals(decodeFlowSignal(encodeFlowSignal(given)), given);
  }));
});

const consumerRule =
  'and must be a text of 1 to 256 characters without control characters; for example "consumer": "arrow-analytics-sink"';
const rateRule = "and must be a number above 0, or null for none; for example";

const refusals: readonly (readonly [string, unknown, string])[] = [
  ["consumer", undefined, `is missing ${consumerRule}`],
  ["consumer", "", `is "" ${consumerRule}`],
  ["consumer", 7, `is 7 ${consumerRule}`],
  ["consumer", "a\nb", `is "a\\nb" ${consumerRule}`],
  ["consumer", "\ud800", `is "\\ud800" ${consumerRule}`],
  ["consumer", "x".repeat(257), `is "${"x".repeat(79)}… ${consumerRule}`],
  ["load", undefined, 'is missing and must be a number from 0 to 1000; for example "load": 0.85'],
  ["load", -0.1, 'is -0.1 and must be a number from 0 to 1000; for example "load": 0.85'],
  ["load", 1000.1, 'is 1000.1 and must be a number from 0 to 1000; for example "load": 0.85'],
  ["load", "1", 'is "1" and must be a number from 0 to 1000; for example "load": 0.85'],
  ["load", null, 'is null and must be a number from 0 to 1000; for example "load": 0.85'],
  ["backpressure", 1, 'is 1 and must be true or false; for example "backpressure": true'],
  ["throttle", 1.01, 'is 1.01 and must be a number from 0 to 1; for example "throttle": 0.5'],
  ["throttle", -1, 'is -1 and must be a number from 0 to 1; for example "throttle": 0.5'],
  ["ledgers_per_second", 0, `is 0 ${rateRule} "ledgers_per_second": 42.5`],
  ["ledgers_per_second", undefined, `is missing ${rateRule} "ledgers_per_second": 42.5`],
  ["bytes_per_second", -5, `is -5 ${rateRule} "bytes_per_second": null`],
  [
    "reason",
    "bored",
    'is "bored" and must be one of queue_full, slow_consumer, memory, manual; for example "reason": "queue_full"',
  ],
  [
    "valid_ms",
    99,
    'is 99 and must be an integer from 100 to 3600000; for example "valid_ms": 5000',
  ],
  [
    "valid_ms",
    3_600_001,
    'is 3600001 and must be an integer from 100 to 3600000; for example "valid_ms": 5000',
  ],
  [
    "valid_ms",
    100.5,
    'is 100.5 and must be an integer from 100 to 3600000; for example "valid_ms": 5000',
  ],
  [
    "valid_ms",
    null,
    'is null and must be an integer from 100 to 3600000; for example "valid_ms": 5000',
  ],
];

for (const [name, value, told] of refusals) {
  const shown = (JSON.stringify(value) ?? "nothing").slice(0, 20);
  Deno.test(`a flow signal whose ${name} is ${shown} is refused with a sentence`, () => {
    assertEquals(
      sentence(bytesOf({ ...fields, [name]: value })),
      `The flow signal field ${name} ${told}`,
    );
  });
}

Deno.test("a number that JSON cannot hold is refused", () => {
  const text = JSON.stringify(fields).replace("0.85", "1e999");
  assertEquals(
    sentence(new TextEncoder().encode(text)),
    'The flow signal field load is Infinity and must be a number from 0 to 1000; for example "load": 0.85',
  );
});

Deno.test("an unknown field is refused, also one that every object has", () => {
  assertEquals(
    sentence(bytesOf({ ...fields, rate: 1 })),
    'The flow signal has an unknown field "rate"; the fields are consumer, load, backpressure, ' +
      "throttle, ledgers_per_second, bytes_per_second, reason, valid_ms",
  );
  const text = JSON.stringify(fields).replace("{", '{"__proto__":{},');
  assertEquals(
    sentence(new TextEncoder().encode(text)).startsWith(
      'The flow signal has an unknown field "__proto__"',
    ),
    true,
  );
});

const example =
  'for example {"consumer":"arrow-analytics-sink","load":0.85,"backpressure":true,"throttle":0.5,' +
  '"ledgers_per_second":42.5,"bytes_per_second":null,"reason":"queue_full","valid_ms":5000}';

Deno.test("what is no JSON object in UTF-8 is refused with an example that is right", () => {
  const encode = (text: string) => new TextEncoder().encode(text);
  const notJson = `The flow signal must be a JSON object in UTF-8; ${example}`;
  assertEquals(sentence(encode("")), notJson);
  assertEquals(sentence(encode("{")), notJson);
  assertEquals(sentence(Uint8Array.of(0x7b, 0xff, 0x7d)), notJson);
  for (const text of ["null", "[]", "7", '"a"']) {
    assertEquals(
      sentence(encode(text)),
      `The flow signal must be a JSON object, not ${text}; ${example}`,
    );
  }
  decodeFlowSignal(encode(example.slice("for example ".length)));
});

Deno.test("a message that is too long is not even parsed", () => {
  assertEquals(
    sentence(new Uint8Array(4097)),
    "The flow signal has 4097 bytes and may have 4096",
  );
});

Deno.test("random bytes and random JSON are refused in no other way than with a sentence", () => {
  const refuses = (bytes: Uint8Array) => {
    try {
      decodeFlowSignal(bytes);
    } catch (error) {
      if (!(error instanceof FlowControlError)) throw error;
    }
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), refuses));
  const anyFields = fc.dictionary(fc.constantFrom(...Object.keys(fields)), fc.jsonValue());
  fc.assert(fc.property(anyFields, (json) => refuses(bytesOf({ ...fields, ...json }))));
});

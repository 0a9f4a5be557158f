import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { DeclarationError } from "../../config/mod.ts";
import { builtInAlertRules, MAX_ALERT_RULES, parseAlertRules } from "./alert_rules.ts";

const RULE = `
  - name: TooSlow
    severity: info
    figure: throughput
    below: 10
    resolve: 20
    for: 90s
    summary: "{service} does {value}"
    advice: Look.
`;

function problemsOf(text: string): readonly string[] {
  return assertThrows(() => parseAlertRules(text, "my.yaml"), DeclarationError).problems;
}

Deno.test("the built-in rules are the six of the documentation, with their times and thresholds", () => {
  const { rules } = builtInAlertRules();
  const facts = rules.map(({ name, figure, side, threshold, resolve, forMs }) =>
    [name, figure, side, threshold, resolve, forMs / 1000].join(" ")
  );
  assertEquals(facts, [
    "FlowctlHighLoad load_ratio above 0.85 0.75 120",
    "FlowctlBackpressure backpressure_active above 0 0 30",
    "FlowctlPoolUnhealthy pool_healthy_ratio below 0.5 0.75 60",
    "FlowctlHeartbeatMissed heartbeats_missed above 3 1.5 0",
    "FlowctlLagGrowing ledgers_behind_tip above 0.01 0 60",
    "FlowctlNoCommit commit_age_seconds above 120 120 0",
  ]);
  assertEquals(rules[5]!.while, {
    figure: "ledgers_behind_tip",
    side: "above",
    threshold: 0,
    overMs: 120_000,
  });
});

Deno.test("a file of one's own is read, with intervals of its own", () => {
  const { rules, groupIntervalMs, repeatIntervalMs } = parseAlertRules(
    `group_interval: 1m\nrepeat_interval: 1h\nrules:${RULE}`,
    "my.yaml",
  );
  assertEquals([groupIntervalMs, repeatIntervalMs], [60_000, 3_600_000]);
  assertEquals(rules, [{
    name: "TooSlow",
    severity: "info",
    figure: "throughput",
    side: "below",
    threshold: 10,
    resolve: 20,
    forMs: 90_000,
    summary: "{service} does {value}",
    advice: "Look.",
  }]);
  assertEquals(parseAlertRules("rules: []", "my.yaml").rules, []);
});

Deno.test("all mistakes of a file are told at once, each with its line", () => {
  const problems = problemsOf(`
repeat_interval: 1s
rules:
  - name: too slow
    severity: bad
    figure: throughputs
    above: 1
    below: 2
    for: soon
    summary: "{servise}"
    advise: x
`);
  assertEquals(problems.map((problem) => problem.replace(/: .*/, "")), [
    "line 11, rules[0].advise",
    "line 7, rules[0].above",
    "line 6, rules[0].figure",
    "line 4, rules[0].name",
    "line 5, rules[0].severity",
    "line 9, rules[0].for",
    "line 10, rules[0].summary",
    "line 4, rules[0].advice",
    "line 2, repeat_interval",
  ]);
  const [key, sides] = problems;
  assertStringIncludes(key!, "unknown key; known are name, severity, figure");
  assertStringIncludes(sides!, "either above or below, and not both");
  assertStringIncludes(problems[6]!, "known are {service}, {value}, {threshold}, {for}");
});

const ONE_MISTAKE: Readonly<Record<string, readonly [from: string, to: string, told: string]>> = {
  "a threshold that is no number": ["below: 10", "below: much", "must be a number"],
  "a resolve on the wrong side": ["resolve: 20", "resolve: 5", "5 must be at least the threshold"],
  "a time beyond a day": ["for: 90s", "for: 25h", '"25h" must be a time such as 30s or 2m'],
  "a while without its time": [
    "for: 90s",
    "while: { figure: queue_depth, above: 0 }",
    "over: is missing",
  ],
  "a while that is told elsewhere": [
    "for: 90s",
    "while: { figure: commit_age_seconds, above: 0, over: 1m }",
    "commit_age_seconds is not told together with throughput",
  ],
  "a growth of what has none": [
    "figure: throughput",
    "figure: pool_healthy_ratio\n    growth_over: 1m",
    "the growth of pool_healthy_ratio is not known",
  ],
  "a growth over an hour": [
    "figure: throughput",
    "figure: throughput\n    growth_over: 1h",
    "from 10s to 600s",
  ],
};

for (const [name, [from, to, told]] of Object.entries(ONE_MISTAKE)) {
  Deno.test(`${name} is a mistake`, () => {
    const problems = problemsOf(`rules:${RULE.replace(from, to)}`);
    assertEquals(problems.length, 1, problems.join("\n"));
    assertStringIncludes(problems[0]!, told);
  });
}

Deno.test("two rules of one name, too many rules, and what is no YAML are mistakes", () => {
  assertStringIncludes(problemsOf(`rules:${RULE}${RULE}`)[0]!, '"TooSlow" is the name of another');
  const many = Array.from(
    { length: MAX_ALERT_RULES + 1 },
    (_, at) => RULE.replace("TooSlow", `Slow${at}`),
  );
  assertEquals(problemsOf(`rules:${many.join("")}`).at(-1)?.includes("at most 100"), true);
  assertStringIncludes(problemsOf("rules: [")[0]!, "not valid YAML");
  assertStringIncludes(problemsOf("")[0]!, "rules: is missing");
});

Deno.test("the example of the documentation is a file of rules", async () => {
  const guide = await Deno.readTextFile(new URL("../../../docs/monitoring.md", import.meta.url));
  const [, example] = /```yaml\n(group_interval[^`]*)```/.exec(guide)!;
  const { rules } = parseAlertRules(example!, "docs/monitoring.md");
  assertEquals(rules.map(({ name, resolve }) => [name, resolve]), [["SlowSink", 10]]);
});

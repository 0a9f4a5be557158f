import {
  DeclarationError,
  type DeclarationReader,
  parseDuration,
  readYaml,
} from "../../config/mod.ts";
import { ALERT_FIGURE_NAMES, alertFigure, type AlertFigureName } from "./alert_figures.ts";
import {
  ALERT_SEVERITIES,
  type AlertRule,
  type AlertRules,
  type AlertSide,
  type AlertWhile,
  isPast,
} from "./alert_rule.ts";
import builtIn from "./alert_rules.yaml" with { type: "text" };

/** Most rules of a file: the values of a label, and each is looked at for each service. */
export const MAX_ALERT_RULES = 100;

/** Longest time in a rule; a longer one is a mistake in its unit. */
const MAX_RULE_MS = 24 * 3_600_000;
/** Longest growth that is looked at: its values are kept in memory. */
const MAX_GROWTH_OVER_MS = 600_000;
/** Shortest time between messages about one rule. */
const MIN_GROUP_INTERVAL_MS = 1_000;
/** Shortest time between repeats. */
const MIN_REPEAT_INTERVAL_MS = 60_000;
/** Longest text of a rule. */
const MAX_TEXT_LENGTH = 500;

const FILE_KEYS = ["group_interval", "repeat_interval", "rules"];
const RULE_KEYS = [
  "name",
  "severity",
  "figure",
  "growth_over",
  "above",
  "below",
  "resolve",
  "while",
  "for",
  "summary",
  "advice",
];
const WHILE_KEYS = ["figure", "above", "below", "over"];
const PLACEHOLDERS = ["service", "value", "threshold", "for"];

/** The rules that come with the program. */
export function builtInAlertRules(): AlertRules {
  return parseAlertRules(builtIn, "alert_rules.yaml");
}

/**
 * Reads a file of rules and checks all of it.
 *
 * @param text the file's content
 * @param file its name, for errors
 * @throws {DeclarationError} with every problem found
 */
export function parseAlertRules(text: string, file: string): AlertRules {
  const { root, problems } = readYaml(text, "typed");
  if (problems.length > 0) throw new DeclarationError(file, problems);
  root.onlyKeys(FILE_KEYS);
  const rules: AlertRule[] = [];
  const names = new Set<string>();
  for (const entry of root.items("rules")) {
    const rule = readRule(entry);
    if (names.has(rule.name)) entry.problem("name", `"${rule.name}" is the name of another rule`);
    names.add(rule.name);
    rules.push(rule);
  }
  if (rules.length > MAX_ALERT_RULES) {
    root.problem("rules", `must be at most ${MAX_ALERT_RULES} and are ${rules.length}`);
  }
  const result: AlertRules = {
    groupIntervalMs: readTime(root, "group_interval", MIN_GROUP_INTERVAL_MS, MAX_RULE_MS, 15_000),
    repeatIntervalMs: readTime(
      root,
      "repeat_interval",
      MIN_REPEAT_INTERVAL_MS,
      7 * MAX_RULE_MS,
      4 * 3_600_000,
    ),
    rules,
  };
  if (problems.length > 0) throw new DeclarationError(file, problems);
  return result;
}

function readRule(entry: DeclarationReader): AlertRule {
  entry.onlyKeys(RULE_KEYS);
  const { side, threshold } = readLimit(entry);
  const figure = entry.choice("figure", ALERT_FIGURE_NAMES);
  const growthOverMs = entry.has("growth_over")
    ? readTime(entry, "growth_over", 10_000, MAX_GROWTH_OVER_MS)
    : undefined;
  const isRatio = isKnown(figure) && alertFigure(figure).prometheus.dividedBy !== undefined;
  if (growthOverMs !== undefined && isRatio) {
    entry.problem("growth_over", `the growth of ${figure} is not known: leave it out`);
  }
  const condition = entry.has("while") ? readWhile(entry, figure) : undefined;
  return {
    name: entry.text("name", {
      pattern: /^[A-Z][A-Za-z0-9]{0,63}$/,
      hint: "a name such as HighLoad",
    }),
    severity: entry.choice("severity", ALERT_SEVERITIES),
    figure,
    ...(growthOverMs === undefined ? {} : { growthOverMs }),
    side,
    threshold,
    resolve: readResolve(entry, side, threshold),
    ...(condition === undefined ? {} : { while: condition }),
    forMs: readTime(entry, "for", 0, MAX_RULE_MS, 0),
    summary: readTemplate(entry, "summary"),
    advice: entry.text("advice", { pattern: SHORT, hint: `at most ${MAX_TEXT_LENGTH} characters` }),
  };
}

const SHORT = new RegExp(`^[^]{1,${MAX_TEXT_LENGTH}}$`);

function readWhile(entry: DeclarationReader, figure: AlertFigureName): AlertWhile {
  const reader = entry.child("while");
  reader.onlyKeys(WHILE_KEYS);
  const { side, threshold } = readLimit(reader);
  const other = reader.choice("figure", ALERT_FIGURE_NAMES);
  if (isKnown(figure) && isKnown(other) && !isSeenWith(figure, other)) {
    reader.problem("figure", `${other} is not told together with ${figure}`);
  }
  return { figure: other, side, threshold, overMs: readTime(reader, "over", 0, MAX_RULE_MS) };
}

function readLimit(reader: DeclarationReader): { side: AlertSide; threshold: number } {
  const above = reader.optionalNumber("above");
  const below = reader.optionalNumber("below");
  if (reader.has("above") === reader.has("below")) {
    reader.problem("above", "a rule has either above or below, and not both");
  }
  // What is no number is told; nothing can be compared with it.
  return reader.has("above")
    ? { side: "above", threshold: above ?? NaN }
    : { side: "below", threshold: below ?? NaN };
}

function readResolve(reader: DeclarationReader, side: AlertSide, threshold: number): number {
  const resolve = reader.optionalNumber("resolve") ?? threshold;
  if (isPast(resolve, side, threshold)) {
    const wanted = side === "above" ? "at most" : "at least";
    reader.problem("resolve", `${resolve} must be ${wanted} the threshold, which is ${threshold}`);
  }
  return resolve;
}

function readTime(
  reader: DeclarationReader,
  key: string,
  least: number,
  most: number,
  otherwise?: number,
): number {
  if (otherwise !== undefined && !reader.has(key)) return otherwise;
  const text = reader.text(key);
  const value = parseDuration(text);
  if (text !== "" && (value === undefined || value < least || value > most)) {
    const range = `from ${least / 1000}s to ${most / 1000}s`;
    reader.problem(key, `"${text}" must be a time such as 30s or 2m, ${range}`);
  }
  return value ?? 0;
}

function readTemplate(reader: DeclarationReader, key: string): string {
  const text = reader.text(key, { pattern: SHORT, hint: `at most ${MAX_TEXT_LENGTH} characters` });
  for (const [, name] of text.matchAll(/\{(\w*)\}/g)) {
    if (PLACEHOLDERS.includes(name!)) continue;
    const known = PLACEHOLDERS.map((each) => `{${each}}`).join(", ");
    reader.problem(key, `"{${name}}" is not known; known are ${known}`);
  }
  return text;
}

function isKnown(name: string): name is AlertFigureName {
  return (ALERT_FIGURE_NAMES as readonly string[]).includes(name);
}

/** Prometheus joins two figures by the labels that tell services apart. */
function isSeenWith(one: AlertFigureName, other: AlertFigureName): boolean {
  const labels = (name: AlertFigureName) => alertFigure(name).prometheus.by.join();
  return labels(one) === labels(other);
}

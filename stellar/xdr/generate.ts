/**
 * Writes `ledger_generated.ts`: a strict reader of Stellar's ledger XDR, made from the run-time schemas
 * of @stellar/stellar-sdk. A protocol upgrade is a new version of that package and a new run.
 *
 * For each type reachable from LedgerCloseMeta it writes `skipX(r, p)`, which checks everything that
 * can be checked and returns the position after the value. For the types named in `VIEWS` it also
 * writes a class with the position of each field, for those named in `ENUMS` the values.
 *
 * Run it with `deno task generate:xdr`.
 *
 * @module
 */
import { xdr } from "@stellar/stellar-sdk";
import { ENUMS, VIEWS } from "./generate_list.ts";

/** A schema node of @stellar/stellar-sdk 17, as far as it is read here. */
interface Node {
  kind: string;
  name?: string;
  entries?: [string, Node][];
  cases?: { discriminant: number; arm?: Arm }[];
  defaultArm?: Arm;
  nameByValue?: Map<number, string>;
  memberPrefix?: string;
  element?: Node;
  length?: number;
  maxLength?: number;
  getSchema?: () => Node;
}
type Arm = Node & { schema?: Node };

/** Follows lazy references, which break the cycles of recursive types. */
function resolve(node: Node): Node {
  let n = node;
  while (n.kind === "lazy") n = n.getSchema!();
  return n;
}

function armNode(arm: Arm | undefined): Node | undefined {
  if (arm === undefined) return undefined;
  return resolve(arm.kind === "field" ? arm.schema! : arm);
}

function children(node: Node): Node[] {
  switch (node.kind) {
    case "struct":
      return node.entries!.map(([, f]) => resolve(f));
    case "union":
      return [...node.cases!.map((c) => c.arm), node.defaultArm]
        .map(armNode).filter((n) => n !== undefined);
    case "array":
    case "fixedArray":
    case "option":
      return [resolve(node.element!)];
    default:
      return [];
  }
}

class Generator {
  readonly #functions = new Map<string, string>();
  readonly #names = new Map<Node, string>();
  readonly #fixed = new Map<Node, number | null>();
  readonly #minimum = new Map<Node, number>();
  readonly #recursive = new Map<Node, boolean>();

  /** Size in bytes when it never varies and the content needs no check, else null. */
  #fixedSize(node: Node): number | null {
    const known = this.#fixed.get(node);
    if (known !== undefined) return known;
    this.#fixed.set(node, null); // a type that contains itself varies
    const size = this.#computeFixedSize(node);
    this.#fixed.set(node, size);
    return size;
  }

  #computeFixedSize(node: Node): number | null {
    switch (node.kind) {
      case "int32":
      case "uint32":
        return 4;
      case "int64":
      case "uint64":
        return 8;
      case "void":
        return 0;
      case "opaque":
        return node.length! % 4 === 0 ? node.length! : null;
      case "fixedArray": {
        const size = this.#fixedSize(resolve(node.element!));
        return size === null ? null : size * node.length!;
      }
      case "struct": {
        let total = 0;
        for (const child of children(node)) {
          const size = this.#fixedSize(child);
          if (size === null) return null;
          total += size;
        }
        return total;
      }
      default:
        return null;
    }
  }

  /** Bytes that a value has at the least: the bound for counts. */
  #minimumSize(node: Node): number {
    const known = this.#minimum.get(node);
    if (known !== undefined) return known;
    this.#minimum.set(node, 4); // any cycle goes through a count, a flag or a discriminant
    const size = this.#computeMinimumSize(node);
    this.#minimum.set(node, size);
    return size;
  }

  #computeMinimumSize(node: Node): number {
    switch (node.kind) {
      case "struct":
        return children(node).reduce((sum, child) => sum + this.#minimumSize(child), 0);
      case "union":
        return 4 + Math.min(...node.cases!.map((c) => {
          const arm = armNode(c.arm);
          return arm === undefined ? 0 : this.#minimumSize(arm);
        }));
      case "fixedArray":
        return this.#minimumSize(resolve(node.element!)) * node.length!;
      case "opaque":
        return (node.length! + 3) & ~3;
      default:
        return this.#fixedSize(node) ?? 4;
    }
  }

  #isRecursive(node: Node): boolean {
    const known = this.#recursive.get(node);
    if (known !== undefined) return known;
    const seen = new Set<Node>();
    const stack = children(node);
    let found = false;
    while (stack.length > 0 && !found) {
      const next = stack.pop()!;
      if (next === node) found = true;
      if (seen.has(next)) continue;
      seen.add(next);
      stack.push(...children(next));
    }
    this.#recursive.set(node, found);
    return found;
  }

  /** Statement that moves `p` over a value of this type; empty for void. */
  #skip(node: Node): string {
    const size = this.#fixedSize(node);
    if (size !== null) return step(String(size));
    switch (node.kind) {
      case "bool":
        return "p = stepBool(r, p);";
      case "varOpaque":
      case "string":
        return `p = stepOpaque(r, p, ${node.maxLength});`;
      case "opaque":
        return `p = stepPadded(r, p, ${node.length});`;
      default:
        return `p = ${this.functionFor(node)}(r, p);`;
    }
  }

  #label(node: Node): string {
    switch (node.kind) {
      case "array": {
        const limit = node.maxLength === 0xffffffff ? "" : `Max${node.maxLength}`;
        return `${this.#label(resolve(node.element!))}Array${limit}`;
      }
      case "fixedArray":
        return `${this.#label(resolve(node.element!))}Array${node.length}`;
      case "option":
        return `Optional${this.#label(resolve(node.element!))}`;
      case "string":
      case "varOpaque": {
        const limit = node.maxLength === 0xffffffff ? "" : String(node.maxLength);
        return (node.name ?? (node.kind === "string" ? "String" : "Opaque")) + limit;
      }
      default:
        return node.name ?? node.kind[0]!.toUpperCase() + node.kind.slice(1);
    }
  }

  /** Name of the skip function of a type; writes the function the first time. */
  functionFor(node: Node): string {
    const known = this.#names.get(node);
    if (known !== undefined) return known;
    // A list inside a recursive type counts its depth, the same list elsewhere does not.
    const isNestedList = node.name === undefined && this.#isRecursive(node);
    const name = `skip${isNestedList ? "Nested" : ""}${this.#label(node)}`;
    this.#names.set(node, name);
    const other = this.#functions.get(name);
    if (other === undefined) this.#functions.set(name, ""); // keeps the order of first use
    const text = this.#emit(name, node);
    if (other !== undefined && other !== "" && other !== text) {
      throw new Error(`Two different types would both be read by ${name}`);
    }
    if (other === undefined) this.#functions.set(name, text);
    return name;
  }

  #emit(name: string, node: Node): string {
    const body: string[] = [];
    const recursive = this.#isRecursive(node);
    if (recursive) body.push("enter(r, p);");
    const leave = recursive ? "r.depth--;" : "";
    switch (node.kind) {
      case "struct":
        body.push(...this.#structSteps(node), leave, "return p;");
        break;
      case "union":
        body.push(...this.#unionBody(node, leave));
        break;
      case "enum": {
        const cases = [...node.nameByValue!.keys()].map((v) => `case ${v}:`).join(" ");
        body.push(word("value"), `switch (value) { ${cases} return p + 4; }`);
        body.push(`throw unknownValue(value, p);`);
        break;
      }
      case "option": {
        const element = resolve(node.element!);
        body.push(word("flag"), `if (flag === 0) { ${leave} return p + 4; }`);
        body.push("if (flag !== 1) throw wrongFlag(flag, p);", "p += 4;");
        body.push(this.#skip(element), leave, "return p;");
        break;
      }
      case "array": {
        const element = resolve(node.element!);
        const size = this.#fixedSize(element);
        body.push(`const n = count(r, p, ${node.maxLength}, ${this.#minimumSize(element)});`);
        body.push("p += 4;");
        if (size !== null) body.push(step(`n * ${size}`));
        else body.push(`for (let i = 0; i < n; i++) { ${this.#skip(element)} }`);
        body.push(leave, "return p;");
        break;
      }
      case "fixedArray":
        body.push(`for (let i = 0; i < ${node.length}; i++) {`);
        body.push(this.#skip(resolve(node.element!)), "}", leave, "return p;");
        break;
      default:
        throw new Error(`No rule for the XDR kind "${node.kind}" of ${this.#label(node)}`);
    }
    const text = body.filter((line) => line !== "").join("\n");
    const named = node.name !== undefined && node.kind !== "option" && node.kind !== "array";
    const wrapped = named
      ? `try {\n${text}\n} catch (error) { throw within(error, "${node.name}"); }`
      : text;
    return `export function ${name}(r: XdrReader, p: number): number {\n${wrapped}\n}`;
  }

  /** Fields one after the other; runs of fixed size become one step. */
  #structSteps(node: Node): string[] {
    const steps: string[] = [];
    let run = 0;
    const flush = () => {
      steps.push(step(String(run)));
      run = 0;
    };
    for (const child of children(node)) {
      const size = this.#fixedSize(child);
      if (size !== null) run += size;
      else {
        flush();
        steps.push(this.#skip(child));
      }
    }
    flush();
    return steps;
  }

  #unionBody(node: Node, leave: string): string[] {
    const lines = [word("arm"), "p += 4;", "switch (arm) {"];
    const groups = new Map<string, number[]>();
    for (const c of node.cases!) {
      const arm = armNode(c.arm);
      const statement = arm === undefined ? "" : this.#skip(arm);
      groups.set(statement, [...(groups.get(statement) ?? []), c.discriminant]);
    }
    for (const [statement, values] of groups) {
      lines.push(values.map((v) => `case ${v}:`).join(" "), statement, leave, "return p;");
    }
    const other = armNode(node.defaultArm);
    lines.push("default:");
    if (other === undefined) lines.push("throw unknownValue(arm, p - 4);");
    else lines.push(this.#skip(other), leave, "return p;");
    lines.push("}");
    return lines;
  }

  /** A reusable object with the position of each field of a struct. */
  view(name: string): string {
    const node = resolve(rootSchema(name));
    if (node.kind !== "struct") throw new Error(`A view needs a struct, ${name} is a ${node.kind}`);
    const fields = node.entries!.map(([field]) => `  ${field} = 0;`).join("\n");
    const steps = node.entries!.map(([field, child]) => {
      return `    this.${field} = p;\n    ${this.#skip(resolve(child))}\n`;
    }).join("");
    return `/** Positions of the fields of one ${name}. */
export class ${name}View {
${fields}
  /** Position after the last field. */
  end = 0;

  /** Strictly reads the ${name} at \`p\` and returns the position after it. */
  locate(r: XdrReader, p: number): number {
    try {
${steps}    this.end = p;
    return p;
    } catch (error) { throw within(error, "${name}"); }
  }
}`;
  }

  get functions(): string[] {
    return [...this.#functions.values()];
  }
}

/** Statement that moves `p` over bytes without content to check. */
function step(size: string): string {
  if (size === "0") return "";
  return `if (p + ${size} > r.end) throw short(r, p, ${size}); p += ${size};`;
}

/**
 * Statement that reads the word at `p`. Written out, like `step`: a call for each word costs a tenth of the
 * whole pass, because the optimizer's budget for inlining is spent early.
 */
function word(name: string): string {
  return `if (p + 4 > r.end) throw short(r, p, 4); const ${name} = r.view.getInt32(p);`;
}

function rootSchema(name: string): Node {
  // The package types its schemas per class; here they are only walked.
  const type = (xdr as unknown as Record<string, { schema?: Node } & Partial<Node>>)[name];
  if (type === undefined) throw new Error(`@stellar/stellar-sdk has no XDR type ${name}`);
  return resolve((type.schema ?? type) as Node);
}

function enumTable(name: string): string {
  const node = rootSchema(name);
  const members = [...node.nameByValue!].map(([value, member]) => {
    const prefix = node.memberPrefix ?? "";
    const short = member.startsWith(prefix) ? member.slice(prefix.length) : member;
    return `  ${short[0]!.toLowerCase()}${short.slice(1)}: ${value},`;
  });
  return `/** Values of the XDR enum ${name}. */\nexport const ${name} = {\n${
    members.join("\n")
  }\n} as const;`;
}

/** The whole text of `ledger_generated.ts`. */
export function generate(): string {
  const generator = new Generator();
  generator.functionFor(rootSchema("LedgerCloseMeta"));
  const views = VIEWS.map((name) => generator.view(name));
  const enums = ENUMS.map(enumTable);
  return `// Generated by \`deno task generate:xdr\`. Do not edit.
// Source: the XDR schemas of npm:@stellar/stellar-sdk (Stellar's .x files).
import {
  count, enter, short, stepBool, stepOpaque, unknownValue, within, wrongFlag,
  type XdrReader,
} from "./xdr_reader.ts";

${enums.join("\n\n")}

${views.join("\n\n")}

${generator.functions.join("\n\n")}
`;
}

if (import.meta.main) {
  const target = new URL("./ledger_generated.ts", import.meta.url);
  const text = generate();
  if (Deno.args.includes("--stdout")) console.log(text);
  else await Deno.writeTextFile(target, text);
}

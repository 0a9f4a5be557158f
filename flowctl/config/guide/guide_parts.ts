/** The parts of the guide that people write, in `docs/configuration/`, in their order. */
export const GUIDE_PARTS = [
  "quick-start",
  "scenarios",
  "security",
  "best-practice",
  "troubleshooting",
] as const;

/** One of them. */
export type GuidePart = (typeof GUIDE_PARTS)[number];

/** The text of each part. */
export type GuideTexts = Readonly<Partial<Record<GuidePart, string>>>;

/** A line of a part that stands for a message of the product. */
const MESSAGE_LINE = /^\{\{message ([a-z-]+)\}\}$/;

/** Reads all parts. */
export async function readGuideParts(root: URL): Promise<GuideTexts> {
  const read = GUIDE_PARTS.map(async (part): Promise<[GuidePart, string]> => {
    return [part, await Deno.readTextFile(new URL(`docs/configuration/${part}.md`, root))];
  });
  return Object.fromEntries(await Promise.all(read));
}

/**
 * A part as lines, with the product's own messages in the place of `{{message NAME}}`. Its links are
 * those of a file in docs/configuration/; the guide stands one folder above.
 *
 * @throws {Error} when there is no such message
 */
export function partLines(text: string | undefined, messages: Readonly<Record<string, string>>) {
  if (text === undefined) return [];
  const lines = text.trimEnd().replaceAll("](../", "](").split("\n");
  return [
    "",
    ...lines.flatMap((line) => {
      const name = MESSAGE_LINE.exec(line)?.[1];
      if (name === undefined) return [line];
      const message = messages[name];
      if (message === undefined) throw new Error(`The guide has no message "${name}"`);
      return ["```text", message, "```"];
    }),
  ];
}

/** Names of the messages that a text asks for. */
export function messagesOf(text: string): string[] {
  return text.split("\n").map((line) => MESSAGE_LINE.exec(line)?.[1])
    .filter((name) => name !== undefined);
}

/** Longest line that is kept whole; a longer one is handed on in pieces, so memory stays bounded. */
const MAX_LINE_LENGTH = 64 * 1024;

/** Bytes to lines of text, without their line ends; the last line needs none. */
export class TextLineStream extends TransformStream<Uint8Array, string> {
  constructor() {
    const decoder = new TextDecoder();
    let rest = "";
    super({
      transform(chunk, controller) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
        rest = lines.pop()!;
        for (const line of lines) controller.enqueue(line.replace(/\r$/, ""));
        if (rest.length > MAX_LINE_LENGTH) {
          controller.enqueue(rest);
          rest = "";
        }
      },
      flush(controller) {
        rest += decoder.decode();
        if (rest !== "") controller.enqueue(rest);
      },
    });
  }
}

import { Utf8 } from "apache-arrow";
import { VariableBytesColumn } from "./_variable_bytes_column.ts";

/** A column of text. Bytes that are appended must be UTF-8. */
export class Utf8Column extends VariableBytesColumn {
  private readonly encoder = new TextEncoder();

  constructor() {
    super(new Utf8());
  }

  /** Appends a string; plain ASCII takes a loop, anything else the text encoder. */
  appendString(s: string): void {
    const from = this.used;
    const length = s.length;
    // A UTF-16 unit takes at most three bytes of UTF-8.
    if (from + length * 3 > this.bytes.length) this.growBytes(from + length * 3);
    const bytes = this.bytes;
    for (let i = 0; i < length; i++) {
      const unit = s.charCodeAt(i);
      if (unit > 0x7f) {
        const { written } = this.encoder.encodeInto(s, bytes.subarray(from));
        this.endValue(from + written);
        return;
      }
      bytes[from + i] = unit;
    }
    this.endValue(from + length);
  }
}

import { Buffer } from "node:buffer";
import { createHash, timingSafeEqual } from "node:crypto";
import type { Metadata } from "@grpc/grpc-js";
import { GrpcError } from "./grpc_error.ts";

/** The token that a server asks for, compared in constant time. */
export class BearerToken {
  readonly #digest: Buffer;

  constructor(token: string) {
    this.#digest = digest(token);
  }

  /** Whether it is the token; takes as long whatever the first difference is. */
  equals(text: string): boolean {
    return timingSafeEqual(digest(text), this.#digest);
  }

  /** Throws GrpcError UNAUTHENTICATED when a call's metadata lacks the token. */
  check(metadata: Metadata): void {
    const header = String(metadata.get("authorization")[0] ?? "");
    if (header === "") {
      throw new GrpcError(
        "UNAUTHENTICATED",
        'This server asks for a token: send the header "authorization: Bearer …".',
      );
    }
    const text = /^bearer /i.test(header) ? header.slice("bearer ".length) : "";
    if (!this.equals(text)) {
      throw new GrpcError("UNAUTHENTICATED", "The token of the call is not the server's.");
    }
  }

  /**
   * The token as a Handshake gives it: as header, as password of a basic header (whatever the
   * user), or as payload. Throws GrpcError UNAUTHENTICATED when none of them has it.
   */
  fromHandshake(metadata: Metadata, payload: Uint8Array): string {
    const header = String(metadata.get("authorization")[0] ?? "");
    const candidates = [new TextDecoder().decode(payload)];
    if (/^bearer /i.test(header)) candidates.push(header.slice("bearer ".length));
    if (/^basic /i.test(header)) {
      const pair = Buffer.from(header.slice("basic ".length), "base64").toString("utf8");
      candidates.push(pair.slice(pair.indexOf(":") + 1));
    }
    for (const text of candidates) if (this.equals(text)) return text;
    throw new GrpcError("UNAUTHENTICATED", "The handshake does not carry the server's token.");
  }
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

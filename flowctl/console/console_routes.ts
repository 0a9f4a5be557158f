import type { HttpRoute, HttpRoutes } from "../component/mod.ts";
import icon from "./page/icon.svg" with { type: "text" };
import page from "./page/index.html" with { type: "text" };
import script from "./console_bundle_generated.js" with { type: "text" };
import styles from "./page/console.css" with { type: "text" };

/**
 * What the page may do: use what comes with it and nothing else. Script that stands in text, which
 * a service could bring in its name, is never run; and text becomes markup nowhere (Trusted Types).
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/** The console's page and its parts, by path. */
export function consoleRoutes(): HttpRoutes {
  return {
    "/": asset(page, "text/html; charset=utf-8"),
    "/console/console.js": asset(script, "text/javascript; charset=utf-8"),
    "/console/console.css": asset(styles, "text/css; charset=utf-8"),
    "/console/icon.svg": asset(icon, "image/svg+xml; charset=utf-8"),
  };
}

/** A text that stays as it is while the process runs; a browser asks whether it has changed. */
function asset(text: string, contentType: string): HttpRoute {
  const bytes = new TextEncoder().encode(text);
  let tag: Promise<string> | undefined;
  return async (request) => {
    const etag = await (tag ??= entityTag(bytes));
    const headers = {
      ...SECURITY_HEADERS,
      etag,
      "cache-control": "no-cache",
      "content-type": contentType,
    };
    if (isKnown(request.headers.get("if-none-match"), etag)) {
      return new Response(null, { status: 304, headers });
    }
    if (request.method !== "HEAD") return new Response(bytes, { headers });
    return new Response(null, { headers: { ...headers, "content-length": `${bytes.length}` } });
  };
}

async function entityTag(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `"${digest.subarray(0, 12).toHex()}"`;
}

/** Whether one of the tags that a browser names is this one; compressed, it has become a weak one. */
function isKnown(ifNoneMatch: string | null, etag: string): boolean {
  const named = ifNoneMatch?.split(",").map((each) => each.trim().replace(/^W\//, "")) ?? [];
  return named.includes(etag) || named.includes("*");
}

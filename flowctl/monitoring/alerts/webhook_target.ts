import { MASK } from "../../config/mod.ts";

/** What stands in a URL shorter than this is an ordinary word, which must not be blanked out. */
const MIN_SECRET_LENGTH = 4;

/** Where a webhook posts, without telling anybody. */
export class WebhookTarget {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #secrets: readonly string[];

  /**
   * @param text an http or https URL, which may hold user name and password
   * @throws {TypeError} when it is none
   */
  constructor(text: string) {
    const url = new URL(text);
    const { username, password, pathname, search } = url;
    const isNamed = username !== "" || password !== "";
    // fetch takes no URL with a password in it.
    url.username = "";
    url.password = "";
    this.#url = url.href;
    this.#headers = {
      "content-type": "application/json",
      "user-agent": "flowctl-alerts",
      ...(isNamed ? { authorization: basic(username, password) } : {}),
    };
    const parts = [text, url.href, `${pathname}${search}`, password, decodeURIComponent(password)];
    this.#secrets = parts.filter((part) => part.length >= MIN_SECRET_LENGTH);
  }

  /** Posts a message; answers the status. */
  async post(message: unknown, signal: AbortSignal): Promise<number> {
    const response = await fetch(this.#url, {
      method: "POST",
      headers: this.#headers,
      body: JSON.stringify(message),
      // What the URL leads on to was not permitted by anybody.
      redirect: "manual",
      signal,
    });
    await response.body?.cancel();
    return response.status;
  }

  /** A text without the URL and what it holds. */
  masked(text: string): string {
    let masked = text;
    for (const secret of this.#secrets) masked = masked.replaceAll(secret, MASK);
    return masked;
  }
}

function basic(username: string, password: string): string {
  const text = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(text)))}`;
}

import { assertEquals } from "@std/assert";
import { type ChoiceStore, keepTheme, keepToken, keptTheme, keptToken } from "./kept_choices.ts";

function store(): ChoiceStore {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

Deno.test("a theme is remembered, and the system's is the default", () => {
  const own = store();
  assertEquals(keptTheme(() => own), "auto");
  keepTheme(() => own, "dark");
  assertEquals(keptTheme(() => own), "dark");
  keepTheme(() => own, "auto");
  assertEquals(keptTheme(() => own), "auto");
  const odd = { ...own, getItem: () => "pink" };
  assertEquals(keptTheme(() => odd), "auto");
});

Deno.test("a token is remembered", () => {
  const own = store();
  assertEquals(keptToken(() => own), undefined);
  keepToken(() => own, "secret");
  assertEquals(keptToken(() => own), "secret");
});

Deno.test("a browser that keeps nothing does no harm", () => {
  const forbidden = () => {
    throw new DOMException("forbidden", "SecurityError");
  };
  keepTheme(forbidden, "dark");
  keepToken(forbidden, "secret");
  assertEquals([keptTheme(forbidden), keptToken(forbidden)], ["auto", undefined]);
});

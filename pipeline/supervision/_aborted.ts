/** Resolves when the signal aborts; listens no longer once `over` has. */
export function aborted(signal: AbortSignal, over?: AbortSignal): Promise<"aborted"> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve("aborted");
    const options = { once: true, ...(over === undefined ? {} : { signal: over }) };
    signal.addEventListener("abort", () => resolve("aborted"), options);
  });
}

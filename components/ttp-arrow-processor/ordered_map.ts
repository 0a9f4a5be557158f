/**
 * Applies `work` to each value of `source`, several at once, and yields the results in order: one as soon
 * as it is there and those before it were, without waiting for the next value.
 *
 * At most `limit` values are being worked on; a consumer that stops reading stops the source after that.
 * An error of the source comes after the results of what it gave before. `cancel` is called before the source
 * is closed: it must end whatever the source may be waiting for.
 */
export async function* orderedMap<T, R>(
  source: AsyncIterable<T>,
  limit: number,
  work: (value: T) => Promise<R>,
  cancel: () => void = () => {},
): AsyncGenerator<R, void, void> {
  const iterator = source[Symbol.asyncIterator]();
  const pending: Promise<R>[] = [];
  let next: Promise<Step<T>> | undefined = step(iterator);
  try {
    for (;;) {
      const head = pending[0];
      if (next !== undefined && pending.length < limit) {
        const ready: Step<T> | "head" = head === undefined
          ? await next
          : await Promise.race([next, head.then(() => "head" as const)]);
        if (ready !== "head") {
          if ("error" in ready) {
            for (const result of pending.splice(0)) yield await result;
            throw ready.error;
          }
          next = ready.done ? undefined : step(iterator);
          if (!ready.done) {
            const result = work(ready.value);
            result.catch(() => {}); // told when its turn comes
            pending.push(result);
          }
          continue;
        }
      }
      if (head === undefined) return;
      yield await head;
      pending.shift();
    }
  } finally {
    cancel();
    await iterator.return?.();
  }
}

type Step<T> = { done: false; value: T } | { done: true } | { error: unknown };

/** The next value, with an error as a value, so that it can wait for its turn. */
async function step<T>(iterator: AsyncIterator<T>): Promise<Step<T>> {
  try {
    const result = await iterator.next();
    return result.done ? { done: true } : { done: false, value: result.value };
  } catch (error) {
    return { error };
  }
}

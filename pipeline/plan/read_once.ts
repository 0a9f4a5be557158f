/**
 * Reads each file once and remembers its text. A component that is started again hours later must get
 * the configuration that the run was checked with, whatever has become of the files since: with one
 * that is gone its folders would silently be those of the defaults.
 */
export function readOnce(
  readText: (path: string) => string = Deno.readTextFileSync,
): (path: string) => string {
  const texts = new Map<string, string>();
  return (path) => {
    const known = texts.get(path);
    if (known !== undefined) return known;
    const text = readText(path);
    texts.set(path, text);
    return text;
  };
}

/** Whether to listen on an address is to listen on every one that the machine has: `0.0.0.0`, `::`. */
export function isWildcard(address: string): boolean {
  return /^\[?[0:.]+\]?$/.test(address);
}

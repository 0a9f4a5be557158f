import { lookup } from "node:dns/promises";

/**
 * The IP address that a component listens on where BIND_ADDRESS is a name. A process with exact
 * permissions may open an address, but not look one up.
 *
 * @throws {Error} when nobody knows the name
 */
export async function listenAddress(bindAddress: string): Promise<string> {
  // Whatever the hosts file says: this name must never open more than loopback.
  if (bindAddress === "localhost") return "127.0.0.1";
  if (bindAddress.includes(":") || /^[\d.]+$/.test(bindAddress)) return bindAddress;
  const found = await lookup(bindAddress, { all: true });
  const best = found.find(({ family }) => family === 4) ?? found[0];
  if (best === undefined) throw new Error(`"${bindAddress}" has no address`);
  return best.address;
}

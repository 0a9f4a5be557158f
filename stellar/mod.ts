/** Reading Stellar ledgers: XDR, lakes, addresses, assets, networks. */
export { XdrError } from "./xdr/mod.ts";

import { ScAddressType, ScValType } from "../../../stellar/xdr/mod.ts";
import { AddressKind } from "./address_table.ts";
import type { TransferContext } from "./transfer_context.ts";

/**
 * The address number of the ScVal at `p`, -1 when it is no address.
 *
 * ```
 * ScVal       type = SCV_ADDRESS(4) ScAddress
 * ScAddress   type(4) then, by type:
 *   account            key type(4) key[32]
 *   contract           id[32]
 *   muxedAccount       id(8) key[32]
 *   claimableBalance   type(4) hash[32]
 *   liquidityPool      id[32]
 * ```
 */
export function addressOf(context: TransferContext, p: number): number {
  const { view, addresses } = context;
  if (view.getInt32(p) !== ScValType.address) return -1;
  const type = view.getInt32(p + 4);
  p += 8;
  switch (type) {
    case ScAddressType.account:
      return addresses.intern(AddressKind.account, view, p + 4);
    case ScAddressType.contract:
      return addresses.intern(AddressKind.contract, view, p);
    case ScAddressType.muxedAccount:
      return addresses.internMuxed(view, p + 8, p);
    case ScAddressType.claimableBalance:
      return addresses.intern(AddressKind.claimableBalance, view, p + 4);
    default:
      return addresses.intern(AddressKind.liquidityPool, view, p);
  }
}

/** Whether the ScVal at `p` is the symbol `name` (ASCII). */
export function isSymbol(context: TransferContext, p: number, name: string): boolean {
  const { view, bytes } = context;
  if (view.getInt32(p) !== ScValType.symbol) return false;
  if (view.getUint32(p + 4) !== name.length) return false;
  for (let i = 0; i < name.length; i++) {
    if (bytes[p + 8 + i] !== name.charCodeAt(i)) return false;
  }
  return true;
}

/**
 * What the simulated ledgers have from which protocol on: CAP numbers say where it is decided.
 */

/** First protocol with BUMP_SEQUENCE. */
export const BUMP_SEQUENCE_PROTOCOL = 10;
/** First protocol whose sequence numbers rise when a transaction is applied, not with its fee. */
export const LATE_SEQUENCE_PROTOCOL = 10;
/** First protocol with liabilities in account and trust-line entries (CAP-3). */
export const LIABILITIES_PROTOCOL = 10;
/** First protocol with MANAGE_BUY_OFFER (CAP-6). */
export const BUY_OFFER_PROTOCOL = 11;
/** Last protocol with a working inflation (CAP-26 ended it in 12). */
export const LAST_INFLATION_PROTOCOL = 11;
/** First protocol with PATH_PAYMENT_STRICT_SEND (CAP-24). */
export const STRICT_SEND_PROTOCOL = 12;
/** First protocol with fee-bump transactions (CAP-15). */
export const FEE_BUMP_PROTOCOL = 13;
/** First protocol with muxed accounts (CAP-27). */
export const MUXED_PROTOCOL = 13;
/** First protocol whose clients send V1 envelopes (CAP-15); before it there is V0 only. */
export const V1_ENVELOPE_PROTOCOL = 13;
/** First protocol whose externalized values are signed (CAP-34). */
export const SIGNED_VALUE_PROTOCOL = 14;
/** First protocol with claimable balances and sponsorship (CAP-23, CAP-33). */
export const SPONSORSHIP_PROTOCOL = 14;
/** First protocol with clawback (CAP-35). */
export const CLAWBACK_PROTOCOL = 17;
/** First protocol with liquidity pools (CAP-38). */
export const POOL_PROTOCOL = 18;
/** First protocol with the second version of preconditions (CAP-21). */
export const PRECONDITIONS_V2_PROTOCOL = 19;
/** First protocol that notes ledger and time of an account's last sequence bump (CAP-21). */
export const SEQUENCE_TIME_PROTOCOL = 19;
/** First protocol with Soroban and generalized transaction sets in history (CAP-46). */
export const SOROBAN_PROTOCOL = 20;
/** First protocol whose metas tell what Soroban fees went for. */
export const FEE_DETAILS_PROTOCOL = 21;
/** First protocol whose archived entries come back by themselves, under a change of their own (CAP-66). */
export const AUTOMATIC_RESTORE_PROTOCOL = 23;
/** First protocol that refunds fees after all transactions (CAP-63). */
export const LATE_REFUND_PROTOCOL = 23;
/** First protocol whose asset contracts take muxed receivers and emit events in CAP-67's form. */
export const MUXED_TRANSFER_PROTOCOL = 23;
/** First protocol whose Soroban phase runs in parallel (CAP-63). */
export const PARALLEL_PROTOCOL = 23;

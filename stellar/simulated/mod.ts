/**
 * A simulated Stellar network: deterministic ledgers from a seed, for whoever wants to see the
 * pipeline work without a real network.
 *
 * @module
 */
export {
  DEFAULT_TRANSACTIONS,
  FIRST_SIMULATED_LEDGER,
  LedgerSimulator,
  MAX_TRANSACTIONS,
  metaVersionsOf,
  SIMULATED_PASSPHRASE,
  SIMULATED_PROTOCOLS,
  SimulationError,
  type SimulationOptions,
  type SimulationState,
} from "./ledger_simulator.ts";
export {
  DEFAULT_HISTORY_LEDGERS,
  SimulatedNetwork,
  type SimulatedNetworkOptions,
  type SimulationClock,
} from "./simulated_network.ts";

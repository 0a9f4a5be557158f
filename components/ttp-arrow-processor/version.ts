/** Version of the rules and columns; part of each row, raised when either changes what a row says. */
export const PROCESSOR_VERSION = "0.1.0";

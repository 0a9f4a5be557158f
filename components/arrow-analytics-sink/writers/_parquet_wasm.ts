/** The Parquet library: the parts of parquet-wasm that are used here. */
export type ParquetWasm = typeof import("parquet-wasm/bundler");

/**
 * Loads the Parquet library. Its `bundler` form imports the WebAssembly as a module: Deno loads it
 * without any permission, and `deno bundle` carries it along. It is loaded when first asked for,
 * because compiling takes about 20 ms.
 */
export function loadParquetWasm(): Promise<ParquetWasm> {
  return import("parquet-wasm/bundler");
}

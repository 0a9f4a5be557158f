export * from "./folder_lock.ts";
export * from "./run_record.ts";
export * from "./state_claim.ts";
export * from "./state_folder.ts";

export * from "./component_section.ts";
export * from "./guide_parts.ts";
export * from "./precedence_section.ts";
export * from "./problem_samples.ts";
export * from "./profile_section.ts";
export * from "./shared_variables.ts";
export * from "./variables_without_effect.ts";

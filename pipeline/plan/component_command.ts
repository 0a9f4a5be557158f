import { fromFileUrl } from "@std/path";
import {
  type ComponentDeclaration,
  CONTROL_PLANE,
  parseDeclaration,
  permissionFlags,
  PRODUCT_COMPONENTS,
  PROGRAMS,
  type ResolvedConfig,
} from "../../flowctl/mod.ts";
import { managerDeclaration } from "./manager_config.ts";
import type { PipelineDeclarations } from "./pipeline_plan.ts";
import { workerCode } from "./worker_code.ts";

/**
 * Tells glibc's allocator to give buffers of a MiB and more back when they are freed. Left alone it
 * keeps them, in pieces, for each thread: 80 MiB more in the processor after some hundred large
 * ledgers (docs/performance.md). Other allocators do not look at it.
 */
export const ALLOCATOR: Readonly<Record<string, string>> = {
  MALLOC_MMAP_THRESHOLD_: String(1024 * 1024),
};

/**
 * Flags of the engine by program. A control plane answers many small calls, and V8 lets their garbage
 * pile up in a young generation of 16 MiB and more: with 1,000 services that costs 74 MB, and halves of
 * 2 MiB take no more processor time (docs/performance.md).
 */
export const ENGINE_FLAGS: Readonly<Record<string, readonly string[]>> = {
  [CONTROL_PLANE.name]: ["--max-semi-space-size=2"],
};

/** Reads the declaration of a component, or of the control plane, from its folder. */
export async function readDeclaration(name: string): Promise<ComponentDeclaration> {
  const path = repositoryPath(`${folderOf(name)}/component.yaml`);
  return parseDeclaration(await Deno.readTextFile(path), path);
}

/** Reads the declarations of everything that belongs to a pipeline. */
export async function readDeclarations(): Promise<PipelineDeclarations> {
  const [controlPlane, ...components] = await Promise.all(
    [CONTROL_PLANE, ...PRODUCT_COMPONENTS].map(({ name }) => readDeclaration(name)),
  );
  return { manager: managerDeclaration(), controlPlane: controlPlane!, components };
}

/**
 * The command line, after `deno`, of a component with the permissions of its configuration.
 *
 * @param readFiles further files that it reads
 */
export function componentCommand(
  declaration: ComponentDeclaration,
  config: ResolvedConfig,
  readFiles: readonly string[] = [],
): string[] {
  const code = workerCode(declaration.name).map(repositoryPath);
  const engine = ENGINE_FLAGS[declaration.name];
  return [
    "run",
    "--quiet",
    "--no-prompt",
    ...(engine === undefined ? [] : [`--v8-flags=${engine.join(",")}`]),
    ...permissionFlags(declaration, config, { readFiles: [...code, ...readFiles] }),
    mainModule(declaration.name),
  ];
}

/** Path of a component's program. */
export function mainModule(name: string): string {
  return repositoryPath(`${folderOf(name)}/main.ts`);
}

function folderOf(name: string): string {
  const program = PROGRAMS.find((each) => each.name === name);
  if (program === undefined) throw new Error(`"${name}" is no program of this repository`);
  return program.folder;
}

function repositoryPath(path: string): string {
  return fromFileUrl(new URL(`../../${path}`, import.meta.url));
}

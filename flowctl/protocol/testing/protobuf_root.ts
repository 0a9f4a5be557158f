import protobuf from "protobufjs";

/** flowctl's messages and services as another implementation of Protocol Buffers reads proto/. */
export async function protobufRoot(): Promise<protobuf.Root> {
  const root = new protobuf.Root();
  for (const file of ["flowctl/v1/control_plane.proto", "flowctl.proto"]) {
    const path = new URL(`../../../proto/${file}`, import.meta.url);
    protobuf.parse(await Deno.readTextFile(path), root, { keepCase: false });
  }
  for (const file of ["google/protobuf/empty.proto", "google/protobuf/timestamp.proto"]) {
    root.addJSON(protobuf.common.get(file)!.nested!);
  }
  root.resolveAll();
  return root;
}

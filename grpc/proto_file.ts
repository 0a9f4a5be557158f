/** A .proto file as server reflection answers it. */
export interface ProtoFile {
  /** Its name as others import it. */
  readonly name: string;
  /** Names of the files that it imports. */
  readonly dependencies: readonly string[];
  /** Full names of its services. */
  readonly services: readonly string[];
  /** Full names of all that the file declares. */
  readonly symbols: readonly string[];
  /** Its FileDescriptorProto. */
  readonly base64: string;
}

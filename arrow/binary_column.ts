import { Binary } from "apache-arrow";
import { VariableBytesColumn } from "./_variable_bytes_column.ts";

/** A column of byte strings of any length. */
export class BinaryColumn extends VariableBytesColumn {
  constructor() {
    super(new Binary());
  }
}

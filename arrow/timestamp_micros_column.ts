import { Timestamp, TimeUnit } from "apache-arrow";
import { Int64Column } from "./int64_column.ts";

const MICROS_PER_SECOND = 1_000_000;

/** A column of UTC timestamps in microseconds since 1970. */
export class TimestampMicrosColumn extends Int64Column {
  constructor() {
    super(new Timestamp(TimeUnit.MICROSECOND, "UTC"));
  }

  /** Appends a time in whole seconds since 1970, up to the year 287396 (2^53 µs). */
  appendSeconds(s: number): void {
    this.appendNumber(s * MICROS_PER_SECOND);
  }
}

/** What one endpoint of a component answers, in the names of the JSON form of `health`. */
export interface EndpointHealth {
  /** Short name of the component, such as `source`. */
  readonly name: string;
  readonly component: string;
  /** `http`: the health port; `grpc`: the Flight server's own health service. */
  readonly kind: "http" | "grpc";
  /** Where it was asked; null while the component has told no port. */
  readonly endpoint: string | null;
  readonly healthy: boolean;
  /** The answer in its own word (`healthy`, `SERVING`), or why there is none. */
  readonly status: string;
  /** What is wrong, where the component tells it. */
  readonly reason: string | null;
  readonly milliseconds: number | null;
}

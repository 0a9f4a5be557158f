import {
  askHealth,
  type Clock,
  type HealthAnswer,
  type HealthReply,
  realClock,
} from "../component/mod.ts";
import { ComponentFigures, readMetrics } from "../controller/mod.ts";
import type { Registration, ServiceStatus } from "../service/mod.ts";
import type { JoinedService } from "../topology/mod.ts";
import { type MonitoredService, monitoredService } from "./monitored_service.ts";
import type { MonitorReading } from "./pipeline_snapshot.ts";

/** A component whose `/health` is asked. */
export interface AskedComponent extends Pick<Registration, "name" | "type">, JoinedService {
  /** Where it serves; empty where it serves nothing. */
  readonly endpoint: string;
  /** URL of its `/health`; absent while it is not known. */
  readonly healthEndpoint?: string;
  /** What it is known to be while it gives no answer, as one that starts; else it is UNHEALTHY. */
  readonly silentStatus?: ServiceStatus;
}

/** What a health reader is made of. */
export interface HealthReaderOptions {
  /** The components, asked for at each reading: ports are known once a component has started. */
  readonly components: () => readonly AskedComponent[];
  /** The answer of one; over HTTP by default. Never rejects. */
  readonly ask?: (component: AskedComponent, signal: AbortSignal) => Promise<HealthReply>;
  /** The machine's time by default. */
  readonly clock?: Clock;
}

/** The counters of a component, for its rates, and what it has answered last. */
interface Followed {
  readonly figures: ComponentFigures;
  answer: HealthAnswer;
}

/**
 * Reads components by their own `/health`, without a control plane: the same figures as in their
 * heartbeats, with rates from its own looks. One that gives no answer is told as a problem.
 */
export class HealthReader {
  readonly #options: HealthReaderOptions;
  readonly #clock: Clock;
  #followed = new Map<string, Followed>();

  /** Asks nobody yet. */
  constructor(options: HealthReaderOptions) {
    this.#options = options;
    this.#clock = options.clock ?? realClock;
  }

  /** All components now; takes as long as the slowest of them. */
  async read(signal: AbortSignal): Promise<MonitorReading> {
    const { components, ask = askOverHttp } = this.#options;
    const asked = components();
    const replies = await Promise.all(asked.map((component) => ask(component, signal)));
    const problems: string[] = [];
    const followed = new Map<string, Followed>();
    const services = asked.map((component, at) => {
      const { answer, error } = replies[at]!;
      const before = this.#followed.get(component.id);
      const known = answer === undefined ? before : this.#follow(before, answer);
      if (known !== undefined) followed.set(component.id, known);
      if (answer === undefined) {
        const where = component.healthEndpoint === undefined
          ? ""
          : ` at ${component.healthEndpoint}`;
        problems.push(`${component.id} gives no answer${where}: ${error ?? "none"}`);
        return silent(component);
      }
      return answered(component, answer, figuresOf(known!));
    });
    // Whoever is asked no more is forgotten.
    this.#followed = followed;
    return { services, problems };
  }

  #follow(before: Followed | undefined, answer: HealthAnswer): Followed {
    const followed = before ?? this.#newFollowed(answer);
    followed.answer = answer;
    followed.figures.look();
    return followed;
  }

  #newFollowed(answer: HealthAnswer): Followed {
    const followed: Followed = {
      answer,
      figures: new ComponentFigures({
        health: () => followed.answer,
        clock: this.#clock,
        startedAt: 0,
        // Looked at when its component answers, not by a timer.
        intervalMs: Infinity,
      }),
    };
    return followed;
  }
}

/** What a heartbeat of the component would tell; the process's own figures are those of the answer. */
function figuresOf({ figures, answer }: Followed): Record<string, string> {
  const { rss_bytes, uptime_seconds, details } = answer;
  const told: Record<string, unknown> = {
    ...readMetrics(figures.metrics),
    memory_bytes: rss_bytes,
    uptime_seconds,
  };
  const pool = details.pool as Record<string, unknown> | null | undefined;
  if (told.pool_total === undefined && typeof pool === "object" && pool !== null) {
    for (const name of ["total", "healthy", "idle", "busy", "waiting"]) {
      told[`pool_${name}`] = pool[name];
    }
  }
  return Object.fromEntries(
    Object.entries(told).flatMap(([name, value]) =>
      typeof value === "number" ? [[name, String(value)]] : []
    ),
  );
}

const STATUSES: Readonly<Record<HealthAnswer["status"], ServiceStatus>> = {
  starting: "STARTING",
  healthy: "HEALTHY",
  degraded: "DEGRADED",
  unhealthy: "UNHEALTHY",
  stopping: "STOPPING",
};

function answered(
  component: AskedComponent,
  { status, version }: HealthAnswer,
  metrics: Readonly<Record<string, string>>,
): MonitoredService {
  return service(component, STATUSES[status] ?? "UNHEALTHY", String(version ?? ""), metrics);
}

function silent(component: AskedComponent): MonitoredService {
  const { silentStatus } = component;
  const known = service(component, silentStatus ?? "UNHEALTHY", "", {});
  return silentStatus === undefined ? { ...known, isSilent: true } : known;
}

function service(
  component: AskedComponent,
  status: ServiceStatus,
  version: string,
  metrics: Readonly<Record<string, string>>,
): MonitoredService {
  const { healthEndpoint, silentStatus: _, readsElsewhere, servesElsewhere, ...registered } =
    component;
  const known = monitoredService({
    ...registered,
    status,
    version,
    metrics,
    description: "",
    metadata: healthEndpoint === undefined ? {} : { health_endpoint: healthEndpoint },
    maxInflight: 0,
    registeredAt: 0,
    lastHeartbeatAt: 0,
  }, 0);
  return {
    ...known,
    ...(readsElsewhere === undefined ? {} : { readsElsewhere }),
    ...(servesElsewhere === undefined ? {} : { servesElsewhere }),
  };
}

async function askOverHttp(
  { healthEndpoint }: AskedComponent,
  signal: AbortSignal,
): Promise<HealthReply> {
  const unknown = { code: undefined, answer: undefined };
  if (healthEndpoint === undefined) return { ...unknown, error: "its address is not known yet" };
  if (!URL.canParse(healthEndpoint)) return { ...unknown, error: "that is no URL" };
  const { hostname, port } = new URL(healthEndpoint);
  return await askHealth(hostname, Number(port), signal);
}

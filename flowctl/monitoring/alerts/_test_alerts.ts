import { FakeClock } from "../../component/mod.ts";
import type { Service } from "../../service/mod.ts";
import { monitored, type PipelineFigures } from "../_test_pipeline.ts";
import { type PipelineSnapshot, pipelineSnapshot } from "../pipeline_snapshot.ts";
import type { MonitoredService } from "../monitored_service.ts";
import type { SnapshotListener } from "../pipeline_monitor.ts";
import type { Alert } from "./alert.ts";
import { AlertEvaluator } from "./alert_evaluator.ts";
import type { AlertGroup, AlertNotifier } from "./alert_groups.ts";
import type { AlertRule } from "./alert_rule.ts";
import { builtInAlertRules } from "./alert_rules.ts";

/** Time between two looks in these tests: that of the default MONITORING_INTERVAL. */
export const LOOK_MS = 5_000;

/** A rule that comes with the program. */
export function builtIn(name: string): AlertRule {
  return builtInAlertRules().rules.find((rule) => rule.name === name)!;
}

/** A service with these figures, by the names of heartbeats. */
export function serviceWith(
  id: string,
  figures: NonNullable<PipelineFigures["sink"]> = {},
  fields: Partial<Service> = {},
): MonitoredService {
  return monitored({ id, type: "CONSUMER", ...fields }, figures);
}

/** Looks at services every five seconds. */
export class Watch {
  readonly clock = new FakeClock();
  readonly evaluator: AlertEvaluator;
  /** `FlowctlHighLoad sink firing` of each change, with the seconds since the first look. */
  readonly said: string[] = [];
  #looks = 0;

  constructor(rules: readonly AlertRule[] = builtInAlertRules().rules, maxAlerts = 1_000) {
    const { clock } = this;
    this.evaluator = new AlertEvaluator({ rules, clock, heartbeatMs: 10_000, maxAlerts });
  }

  /** Seconds since the first look. */
  get seconds(): number {
    return (this.#looks - 1) * LOOK_MS / 1000;
  }

  /** Looks once; the services may depend on the seconds since the first look. */
  async look(...services: MonitoredService[]): Promise<void> {
    if (this.#looks++ > 0) await this.clock.advance(LOOK_MS);
    for (const { alert, from } of this.evaluator.evaluate(snapshotAt(this.clock, services))) {
      const { rule, serviceId, state } = alert;
      this.said.push(`${this.seconds} ${rule.name} ${serviceId} ${from ?? "inactive"} ${state}`);
    }
  }

  /** Looks until so many seconds have gone by since the first look. */
  async until(seconds: number, services: (second: number) => MonitoredService[]): Promise<void> {
    while (this.#looks === 0 || this.seconds < seconds) {
      const next = this.#looks * LOOK_MS / 1000;
      await this.look(...services(next));
    }
  }
}

/** What a look at these services has found. */
export function snapshotAt(
  clock: FakeClock,
  services: readonly MonitoredService[],
): PipelineSnapshot {
  return pipelineSnapshot({ services, problems: [] }, clock.now());
}

/** A monitor that is told what it sees. */
export class ToldMonitor {
  #listener: SnapshotListener | undefined;

  onSnapshot(listener: SnapshotListener): () => void {
    this.#listener = listener;
    return () => this.#listener = undefined;
  }

  see(snapshot: PipelineSnapshot): void {
    this.#listener?.(snapshot);
  }
}

/** Keeps what it is told. */
export class KeptNotifier implements AlertNotifier {
  readonly groups: AlertGroup[] = [];

  notify(group: AlertGroup): void {
    this.groups.push(group);
  }
}

/** An alert of a rule, at 2025. */
export function alertOf(name: string, fields: Partial<Alert> = {}): Alert {
  const at = Date.UTC(2025, 0, 1);
  return {
    rule: builtIn(name),
    state: "firing",
    serviceId: "sink",
    serviceType: "CONSUMER",
    value: 0.9,
    since: at,
    heldMs: 120_000,
    firingSince: at + 120_000,
    resolvedAt: null,
    ...fields,
  };
}

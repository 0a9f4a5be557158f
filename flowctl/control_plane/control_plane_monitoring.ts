import type { Clock } from "../component/mod.ts";
import {
  MAX_ALERT_INTERVAL_MS,
  PipelineMonitor,
  type PipelineMonitorOptions,
  registryReader,
  ServerSentEvents,
  snapshotJson,
} from "../monitoring/mod.ts";
import {
  alertJson,
  builtInAlertRules,
  PipelineAlerts,
  type PipelineAlertsOptions,
} from "../monitoring/mod.ts";
import { HEARTBEAT_TTL_MS } from "./limits.ts";
import type { Service } from "../service/mod.ts";

/** What the monitoring of a control plane is made of. */
export interface ControlPlaneMonitoringOptions
  extends Pick<PipelineMonitorOptions, "intervalMs" | "onError"> {
  /** The time. */
  readonly clock: Clock;
  /** By what and to whom alerts are told; the built-in rules, and nobody, by default. */
  readonly alerts?: Omit<PipelineAlertsOptions, "monitor" | "clock">;
}

/** What a control plane's program sees of its own services over time. Life: `start()`, `stop()`. */
export class ControlPlaneMonitoring {
  /** Looks at the registry. */
  readonly monitor: PipelineMonitor;
  /** Tells each look to whoever listens; for other news, too. */
  readonly events: ServerSentEvents;
  /** Judges each look. */
  readonly alerts: PipelineAlerts;

  /** Looks at nothing before `start()`. */
  constructor(
    controlPlane: { services(): Service[] },
    { clock, alerts, ...options }: ControlPlaneMonitoringOptions,
  ) {
    this.monitor = new PipelineMonitor({
      ...options,
      maxIntervalMs: MAX_ALERT_INTERVAL_MS,
      clock,
      read: registryReader(controlPlane, clock),
    });
    this.events = new ServerSentEvents({ clock });
    this.monitor.onSnapshot((snapshot) =>
      this.events.publish("snapshot", () => snapshotJson(snapshot))
    );
    const built = { rules: builtInAlertRules(), heartbeatMs: HEARTBEAT_TTL_MS / 3, notifiers: [] };
    this.alerts = new PipelineAlerts({ ...(alerts ?? built), monitor: this.monitor, clock });
    this.alerts.onChange(({ alert }) => this.events.publish("alert", () => alertJson(alert)));
  }

  /** Looks now and from now on. */
  start(): void {
    this.alerts.start();
    this.monitor.start();
  }

  /** Who is there, or how somebody is, has changed: that is shown at once. */
  changed(): void {
    this.monitor.lookSoon();
  }

  /** Looks no more, and closes all streams. */
  async stop(): Promise<void> {
    await this.alerts.stop();
    this.events.stop();
    await this.monitor.stop();
  }
}

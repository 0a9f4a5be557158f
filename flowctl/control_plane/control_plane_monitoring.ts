import type { Clock } from "../component/mod.ts";
import {
  PipelineMonitor,
  type PipelineMonitorOptions,
  registryReader,
  ServerSentEvents,
  snapshotJson,
} from "../monitoring/mod.ts";
import type { Service } from "../service/mod.ts";

/** What the monitoring of a control plane is made of. */
export interface ControlPlaneMonitoringOptions
  extends Pick<PipelineMonitorOptions, "intervalMs" | "onError"> {
  /** The time. */
  readonly clock: Clock;
}

/** What a control plane's program sees of its own services over time. Life: `start()`, `stop()`. */
export class ControlPlaneMonitoring {
  /** Looks at the registry. */
  readonly monitor: PipelineMonitor;
  /** Tells each look to whoever listens; for other news, too. */
  readonly events: ServerSentEvents;

  /** Looks at nothing before `start()`. */
  constructor(
    controlPlane: { services(): Service[] },
    { clock, ...options }: ControlPlaneMonitoringOptions,
  ) {
    this.monitor = new PipelineMonitor({
      ...options,
      clock,
      read: registryReader(controlPlane, clock),
    });
    this.events = new ServerSentEvents({ clock });
    this.monitor.onSnapshot((snapshot) =>
      this.events.publish("snapshot", () => snapshotJson(snapshot))
    );
  }

  /** Looks now and from now on. */
  start(): void {
    this.monitor.start();
  }

  /** Who is there, or how somebody is, has changed: that is shown at once. */
  changed(): void {
    this.monitor.lookSoon();
  }

  /** Looks no more, and closes all streams. */
  async stop(): Promise<void> {
    this.events.stop();
    await this.monitor.stop();
  }
}

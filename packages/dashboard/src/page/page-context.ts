import type { ActionAnswer, ActionRequest, DashboardState, PartitionEvents } from '../model';

/** Draws one part of the page, and redraws of it what has changed. */
export interface View {
  /** @param before what was shown before; undefined the first time. A member that is the same object has not changed. */
  show(state: DashboardState, before: DashboardState | undefined): void;
}

/** What the parts of the page ask of the whole. */
export interface PageContext {
  /** The cluster's name, for the commands that are shown. */
  clusterName(): string;
  /** Does it, and says what came of it. */
  run(action: ActionRequest): void;
  /** Does it for a form, which says itself why it was refused as long as it is open. */
  submit(action: ActionRequest, isOpen: () => boolean): Promise<ActionAnswer>;
  /** A button that asks the dashboard for something, and cannot while there is no connection. */
  acts<T extends HTMLButtonElement>(button: T): T;
  /** All events of a partition that the log has. */
  partitionEvents(partition: string): Promise<PartitionEvents>;
  /** Shows the events of a partition or a table, and what led to them. */
  explain(partition: string): void;
  /** Opens what can be done with a server. @param asking the verb whose question is shown at once */
  openServer(instance: string, asking?: ActionRequest['verb']): void;
  openTable(appId: number): void;
  openNewTable(): void;
}

import { DEFAULT_PARTITIONS, DEFAULT_REPLICAS, TableAdmin, withMetaAdmin } from '@onebox/cluster';
import type { ClusterControl } from '@onebox/cluster';
import { actionCommand } from '../model';
import type { ActionAnswer, ActionRequest } from '../model';
import { errorBody } from '../server/error-body';
import { fieldMeant } from './field-meant';
import { parseAction } from './parse-action';
import { performFault } from './perform-fault';
import { refuseStale } from './refuse-stale';

/**
 * Does what a page asks for, as the equal command would. Never rejects: a refusal is an answer with code and next step.
 *
 * @param control for this action alone: like a command of its own it takes its turn with others
 */
export async function runAction(sent: unknown, control: ClusterControl): Promise<ActionAnswer> {
  let command: string | null = null;
  let meant: object = {};
  try {
    const { askedAt, ...action } = parseAction(sent);
    meant = action;
    command = actionCommand(action, control.name);
    if (askedAt !== undefined) refuseStale(askedAt, Date.now());
    return { ok: true, command, text: await perform(action, control) };
  } catch (error) {
    const body = errorBody(error);
    return { ...body, field: body.field ?? fieldMeant(error, meant), command };
  } finally {
    control.release();
  }
}

/** @returns what the command would print */
async function perform(action: ActionRequest, control: ClusterControl): Promise<string> {
  switch (action.verb) {
    case 'start': {
      const instance = await control.instance(action.instance);
      const { started } = await control.start({ instance });
      return started.length === 0
        ? `${instance} is already running; nothing was changed.`
        : `${instance} is up.`;
    }
    case 'stop': {
      const instance = await control.instance(action.instance);
      const stopped = await control.stop(instance);
      return stopped.length === 0 ? `${instance} is not running.` : `${instance} is stopped.`;
    }
    case 'restart': {
      const instance = await control.instance(action.instance);
      await control.restart({ instance });
      return `${instance} is up.`;
    }
    case 'kill': {
      const instance = await control.instance(action.instance);
      await control.kill(instance);
      return `${instance} is killed.`;
    }
    case 'app create':
      return withTables(control, action, async (tables) => {
        const id = await tables.create(action.name, {
          partitionCount: action.partitions ?? DEFAULT_PARTITIONS,
          replicaCount: action.replicas ?? DEFAULT_REPLICAS,
          envs: {},
          successIfExists: false,
        });
        return `Table '${action.name}' has id ${id}.`;
      });
    case 'app drop':
      return withTables(control, action, async (tables) => {
        await tables.drop(action.name, undefined);
        return `Table '${action.name}' is dropped.`;
      });
    case 'level':
      return withTables(control, action, async (tables) => {
        return `${await tables.functionLevel(action.level)} → ${action.level}`;
      });
    case 'pause':
    case 'resume':
    case 'fault cut':
    case 'fault delay':
    case 'fault drop':
    case 'fault expire-session':
    case 'fault clear':
      return performFault(action, control);
  }
}

function withTables(
  control: ClusterControl,
  action: ActionRequest,
  work: (tables: TableAdmin) => Promise<string>,
): Promise<string> {
  const command = { verb: action.verb, text: actionCommand(action, control.name) };
  const cluster = { directory: control.directory, record: control.demandRecord() };
  return withMetaAdmin(cluster, command, (meta) => work(new TableAdmin(meta)));
}

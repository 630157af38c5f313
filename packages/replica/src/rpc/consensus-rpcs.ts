import { gpidText } from '@onebox/base';
import type { ErrorCode, Gpid, Logger } from '@onebox/base';
import {
  RPC,
  groupCheckResponse,
  learnNotifyResponse,
  learnResponse,
  make,
  prepareAck,
} from '@onebox/protocol';
import type {
  ConfigurationUpdateRequest,
  GroupCheckRequest,
  PrepareMsg,
  ReplicaConfiguration,
} from '@onebox/protocol';
import { NO_REPLY } from '@onebox/server';
import type { RpcRegistry } from '@onebox/server';
import type { ReplicaRestores } from '../backup';
import type { Replica } from '../partition/replica';
import type { Readiness } from '../readiness';
import type { ReplicaStub } from '../replica-stub';
import { readMutation } from '../wire/mutation-wire';
import { readRoleConfig } from '../wire/role-config-wire';
import type { RoleConfig } from '../wire/role-config-wire';
import { readTableInfo } from '../wire/table-info-wire';
import { readProposal } from '../wire/update-wire';

export interface ConsensusParts {
  readonly stub: ReplicaStub;
  readonly restores: ReplicaRestores;
  readonly readiness: Readiness;
  readonly log: Logger;
}

/** Serves what meta servers and other replica servers say about partitions (reference/rpc-structs-internal.json). */
export function serveConsensus(
  registry: RpcRegistry,
  { stub, restores, readiness, log }: ConsensusParts,
): void {
  /** Does the work now, a moment later when roles are just being agreed on, or not at all. */
  const whenReady = (what: string, gpid: Gpid, work: () => void): void => {
    const act = (ready: boolean): void => {
      if (ready) work();
      else log.info(`${gpidText(gpid)}: ${what} ignored: no lease`);
    };
    const ready = readiness.check();
    if (typeof ready === 'boolean') act(ready);
    else void ready.then(act);
  };

  registry.on(RPC.RPC_CONFIG_PROPOSAL, (request) => {
    const whenStillReady = (work: () => void): void => whenReady('proposal', request.config.pid, work);
    whenStillReady(() => onProposal({ stub, restores, log }, request, whenStillReady));
    return NO_REPLY;
  });
  registry.on(RPC.RPC_LEARN_ADD_LEARNER, (request) => {
    whenReady('request to learn', request.config.pid, () => onAddLearner(stub, request, log));
    return NO_REPLY;
  });
  registry.on(RPC.RPC_GROUP_CHECK, async (request) => {
    // As upstream: without a lease there is no answer at all, and the primary finds this node failed.
    if (!(await readiness.checkPatiently())) return NO_REPLY;
    const role = followerRole(request.config);
    const refuse = (err: ErrorCode) => make(groupCheckResponse, { pid: request.config.pid, err });
    if (role === undefined) return refuse('ERR_INVALID_PARAMETERS');
    const replica =
      role.status === 'PS_POTENTIAL_SECONDARY'
        ? stub.open(role.gpid, readTableInfo(request.app))
        : stub.get(role.gpid);
    if (replica === undefined) return refuse('ERR_OBJECT_NOT_FOUND');
    const answer = replica.following.onGroupCheck(role, request.last_committed_decree);
    if (answer.err === 'ERR_OK') replica.duplication.onConfirmedByPrimary(request.confirmed_decree);
    return answer;
  });
  registry.on(RPC.RPC_PREPARE, (request) => onPrepare(stub.get(request.config.pid), request));
  registry.on(RPC.RPC_LEARN, (request) => {
    const replica = stub.get(request.pid);
    return replica === undefined
      ? make(learnResponse, { err: 'ERR_OBJECT_NOT_FOUND' })
      : replica.leading.serveLearn(request);
  });
  registry.on(RPC.RPC_LEARN_COMPLETION_NOTIFY, (report) => {
    const replica = stub.get(report.pid);
    const { pid, learner_signature: signature } = report;
    return replica === undefined
      ? make(learnNotifyResponse, { pid, err: 'ERR_OBJECT_NOT_FOUND', signature })
      : replica.leading.serveCompletion(report);
  });
  registry.on(RPC.RPC_REMOVE_REPLICA, (request) => {
    const role = readRoleConfig(request);
    if (role !== undefined) stub.get(role.gpid)?.onRemoved(role);
    return NO_REPLY;
  });
}

function onProposal(
  { stub, restores, log }: Omit<ConsensusParts, 'readiness'>,
  request: ConfigurationUpdateRequest,
  whenStillReady: (work: () => void) => void,
): void {
  const proposal = readProposal(request);
  const label = gpidText(request.config.pid);
  if (proposal === undefined) {
    log.warn(`${label}: proposal of unknown type ${request.type}, or without a node, ignored`);
    return;
  }
  const table = readTableInfo(request.info);
  if (proposal.type === 'CT_ASSIGN_PRIMARY') {
    // A first primary of a restored table begins with the data of the backup.
    const restoring = restores.begin(request.config.pid, table, (content) => {
      const restored = stub.open(request.config.pid, table, content);
      whenStillReady(() => restored?.onProposal(proposal, table));
    });
    if (restoring) return;
  }
  // Only a first primary may be made from nothing.
  const replica =
    proposal.type === 'CT_ASSIGN_PRIMARY'
      ? stub.open(request.config.pid, table)
      : stub.get(request.config.pid);
  if (replica === undefined) {
    log.warn(`${label}: ${proposal.type} of ${proposal.node} ignored: no such replica here`);
    if (proposal.type === 'CT_UPGRADE_TO_PRIMARY') stub.disown(proposal.membership, table);
    return;
  }
  replica.onProposal(proposal, table);
}

function onAddLearner(stub: ReplicaStub, request: GroupCheckRequest, log: Logger): void {
  const role = readRoleConfig(request.config);
  if (role?.status !== 'PS_POTENTIAL_SECONDARY') {
    log.warn(
      `${gpidText(request.config.pid)}: request to learn with status ${request.config.status} ignored`,
    );
    return;
  }
  stub.open(role.gpid, readTableInfo(request.app))?.following.onAddLearner(role);
}

/** What a primary tells one of its group; undefined when it is no role that a primary gives. */
function followerRole(config: ReplicaConfiguration): RoleConfig | undefined {
  const role = readRoleConfig(config);
  return role?.status === 'PS_SECONDARY' || role?.status === 'PS_POTENTIAL_SECONDARY' ? role : undefined;
}

function onPrepare(replica: Replica | undefined, { config, mu }: PrepareMsg) {
  const role = followerRole(config);
  if (replica === undefined || role === undefined) {
    const err: ErrorCode = replica === undefined ? 'ERR_OBJECT_NOT_FOUND' : 'ERR_INVALID_PARAMETERS';
    return make(prepareAck, { pid: config.pid, err, decree: mu.header.decree });
  }
  return replica.following.onPrepare(role, readMutation(mu), mu.header.last_committed_decree);
}

import type {
  ThreatFeedAnswer,
  ThreatFeedConfiguration,
  ThreatFeedRequest,
  ThreatFeedResources,
} from '../../lib/protocol/threat-feed';
import { type DenyDependencies, denyNetwork, forgiveNetwork, writeAttackers } from './deny';
import { type RefreshDependencies, refreshFeeds, writeFeeds } from './refresh';

export interface HandlerDependencies extends RefreshDependencies {
  readonly configuration: ThreatFeedConfiguration;
  readonly resources: Omit<ThreatFeedResources, 'table'>;
  readonly store: RefreshDependencies['store'] & DenyDependencies['store'];
}

/** Keeps the sets of feeds and attackers. An event of the schedule or of a deployment means to refresh. */
export function createHandler(dependencies: HandlerDependencies) {
  const { configuration, resources, log } = dependencies;

  return async (event: unknown): Promise<ThreatFeedAnswer> => {
    const request = requestOf(event);
    // asked every few minutes, and mostly nothing is over
    if (request.action !== 'expire') log({ level: 'info', message: request.action, ...auditable(request) });
    switch (request.action) {
      case 'denyAdd':
        return denyNetwork(request, configuration.exempt, resources.attackers, dependencies);
      case 'denyRemove':
        return forgiveNetwork(request, resources.attackers, dependencies);
      case 'denyList':
        return { ok: true, denied: await dependencies.store.denied(dependencies.now()) };
      case 'expire':
        await writeAttackers(resources.attackers, dependencies);
        return { ok: true };
      case 'restore':
        await writeAttackers(resources.attackers, dependencies);
        await writeFeeds(configuration.feeds, resources.feeds, dependencies);
        return { ok: true };
      case 'refresh': {
        const { force = [] } = request;
        const known = configuration.feeds.map(({ name }) => name);
        if (!force.every((name) => known.includes(name))) return noSuchFeed(force, known);
        // what expires must not wait for feeds that fail
        await writeAttackers(resources.attackers, dependencies);
        const notTaken = await refreshFeeds(configuration.feeds, resources.feeds, force, dependencies);
        return { ok: true, ...(notTaken.length > 0 && { notTaken }) };
      }
    }
  };
}

function noSuchFeed(force: readonly string[], known: readonly string[]): ThreatFeedAnswer {
  const wrong = force.filter((name) => !known.includes(name)).join(', ');
  return {
    ok: false,
    code: 'NO_SUCH_FEED',
    message: `there is no feed ${wrong}, but ${known.join(', ') || 'none'}`,
  };
}

const ACTIONS: readonly unknown[] = ['refresh', 'expire', 'restore', 'denyAdd', 'denyRemove', 'denyList'];

function requestOf(event: unknown): ThreatFeedRequest {
  const action: unknown = Object(event).action;

  return ACTIONS.includes(action) ? (event as ThreatFeedRequest) : { action: 'refresh' };
}

/** Who changed what and why stands in the log too. */
function auditable(request: ThreatFeedRequest): Record<string, unknown> {
  if (request.action !== 'denyAdd' && request.action !== 'denyRemove') return {};
  const { network, reason, by } = request;

  return { network, reason, by, ...(request.action === 'denyAdd' && { forced: request.force ?? false }) };
}

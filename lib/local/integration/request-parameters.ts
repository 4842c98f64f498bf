import type { IntegrationModel } from '../model/api';
import type { Exchange } from '../pipeline/exchange';
import type { HeaderList } from '../pipeline/header-list';
import { sourceValue } from '../pipeline/substitute';

/** What an integration's `requestParameters` set, by place. A source without a value sets nothing (aws-facts 9.4). */
export interface MappedParameters {
  readonly headers: HeaderList;
  readonly query: HeaderList;
  readonly path: Readonly<Record<string, string>>;
}

/** Mapping one of these makes API Gateway fail at run time (aws-facts 9.11). */
const FORBIDDEN = ['content-length', 'transfer-encoding', 'x-amzn-trace-id', 'x-amzn-apigateway-api-id'];

export function mapParameters(exchange: Exchange, { requestParameters }: IntegrationModel): MappedParameters {
  const headers: [string, string][] = [];
  const query: [string, string][] = [];
  const path: Record<string, string> = {};
  for (const [target, source] of Object.entries(requestParameters)) {
    const [, place, name] = /^integration\.request\.(header|querystring|path)\.(.+)$/.exec(target) ?? [];
    const value = sourceValue(exchange, source);
    if (!place || !name || value === undefined) continue;

    if (place === 'header') headers.push([name, value]);
    else if (place === 'querystring') query.push([name, value]);
    else path[name] = value;
  }
  return { headers, query, path };
}

/** Whether API Gateway would fail on these mappings. */
export function mapsForbiddenHeader({ requestParameters }: IntegrationModel): boolean {
  return Object.keys(requestParameters).some((target) =>
    FORBIDDEN.includes(target.replace('integration.request.header.', '').toLowerCase()),
  );
}

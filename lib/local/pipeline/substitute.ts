import { contextVariable } from './context-variables';
import type { Exchange } from './exchange';
import { headerValues } from './header-list';

const NAME =
  'context\\.[\\w.-]*\\w|stageVariables\\.\\w+|method\\.request\\.(?:header|querystring|path)\\.[\\w.$-]*[\\w$]';
const VARIABLE = new RegExp(`\\$(?:\\{(${NAME})\\}|(${NAME}))`, 'g');

/** Replaces `$context…` and `$stageVariables…` in a text, as access-log formats and gateway responses do. */
export function substitute(template: string, exchange: Exchange, absent: string): string {
  return template.replace(
    VARIABLE,
    (_whole, braced?: string, bare?: string) => sourceValue(exchange, braced ?? bare ?? '') ?? absent,
  );
}

/** The value of a mapping source such as `context.authorizer.userId` or `'static'`; undefined if it has none. */
export function sourceValue(exchange: Exchange, source: string): string | undefined {
  const fixed = /^'(.*)'$/s.exec(source);
  if (fixed) return fixed[1];
  if (source.startsWith('context.')) return contextVariable(exchange, source.slice('context.'.length));
  if (source.startsWith('stageVariables.')) {
    return exchange.api.stage.variables[source.slice('stageVariables.'.length)];
  }
  const [, place, name] = /^method\.request\.(\w+)\.(.+)$/s.exec(source) ?? [];
  if (place && name) return requestValue(exchange, place, name);
  return bodyValue(exchange, source);
}

function requestValue(exchange: Exchange, place: string, name: string): string | undefined {
  switch (place) {
    case 'path':
      return exchange.pathParameter(name);
    case 'querystring':
      return exchange.queryValue(name);
    case 'multivaluequerystring':
      return joined(exchange.request.query.filter(([key]) => key === name).map(([, value]) => value));
    case 'header':
      return exchange.header(name);
    case 'multivalueheader':
      return joined(headerValues(exchange.request.headers, name));
    default:
      return undefined;
  }
}

/** `method.request.body` and a path of plain members into its JSON. */
function bodyValue({ request }: Exchange, source: string): string | undefined {
  if (source === 'method.request.body') return request.body.toString('utf8');
  if (!source.startsWith('method.request.body.')) return undefined;

  try {
    let value: unknown = JSON.parse(request.body.toString('utf8'));
    for (const key of source.slice('method.request.body.'.length).split('.')) {
      value =
        typeof value === 'object' && value !== null
          ? Object.entries(value).find(([name]) => name === key)?.[1]
          : undefined;
    }
    if (value === undefined) return undefined;
    return typeof value === 'string' ? value : JSON.stringify(value);
  } catch {
    return undefined;
  }
}

function joined(values: readonly string[]): string | undefined {
  return values.length > 0 ? values.join(',') : undefined;
}

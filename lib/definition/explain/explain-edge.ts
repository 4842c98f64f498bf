import { unusedHeaders } from '../../protocol/identity-headers';
import type { CompiledApi, OperationRef } from '../compiled-api';
import type { ExplainedRule } from './explanation';
import type { Subject } from './subject';

/** Who may come at all. */
export function addressRules({ settings, at }: Subject): ExplainedRule[] {
  const lists = { rule: 'lists of networks, countries and threats, if any', from: 'props: edge' };
  return settings.onlyFrom
    ? [
        { rule: `only from the networks ${settings.onlyFrom.value}`, from: at(settings.onlyFrom.place) },
        lists,
      ]
    : [lists];
}

/** How often. */
export function rateRules(subject: Subject): ExplainedRule[] {
  const { compiled, settings, at } = subject;
  const throttle = compiled.stage.throttles.find((ref) => isHere(ref, subject));
  const isLogin = compiled.edge.loginOperations.some((ref) => isHere(ref, subject));
  return [
    { rule: 'requests of one address, of one credential, to one path', from: 'props: edge' },
    ...(isLogin ? [{ rule: 'as a login, fewer requests of one address', from: 'default' }] : []),
    ...(throttle && settings.rateLimit
      ? [
          {
            rule: `${throttle.rate} requests a second for all callers together, bursts of ${throttle.burst}`,
            from: at(settings.rateLimit.place),
          },
        ]
      : []),
  ];
}

/** What a request may carry before anyone looks who sends it. */
export function firewallRules(subject: Subject): ExplainedRule[] {
  const { compiled, policy } = subject;
  return [
    { rule: 'attack patterns known to the managed rule groups', from: 'props: edge' },
    { rule: `none of the headers ${compiled.identity.reserved.join(', ')}`, from: namesFrom(compiled) },
    ...(policy.mediaTypes
      ? [
          {
            rule: `a body as one of the media types of the whole document (${compiled.edge.mediaTypes.join(', ')})`,
            from: 'default',
          },
          sizeRule(subject),
          credentialsRule(subject),
        ]
      : noBodyRule(subject)),
  ];
}

/** Whether the headers that say who calls have other names than the usual ones. */
export function isRenamed({ identity }: CompiledApi): boolean {
  return unusedHeaders(identity.headers).length > 0;
}

/** Where the names of these headers come from. */
export function namesFrom(compiled: CompiledApi): string {
  return isRenamed(compiled) ? 'props: identityHeaders' : 'default';
}

function noBodyRule({ settings }: Subject): ExplainedRule[] {
  return settings.contract?.value === 'observe' ? [] : [{ rule: 'no body', from: 'default' }];
}

function sizeRule(subject: Subject): ExplainedRule {
  const { compiled, settings, at } = subject;
  const [sizeClass] = Object.entries(compiled.edge.sizeClasses).find(([, refs]) =>
    refs.some((ref) => isHere(ref, subject)),
  ) ?? [undefined];
  const from = settings.maxBody ? at(settings.maxBody.place) : 'default';
  return sizeClass === undefined
    ? { rule: 'a body of any size API Gateway takes (10 MB)', from }
    : { rule: `a body of at most ${sizeClass} KB`, from };
}

function credentialsRule({ settings: { contract, credentialsInBody }, at }: Subject): ExplainedRule {
  if (credentialsInBody) {
    return {
      rule: `a body that may hold credentials: ${credentialsInBody.value}`,
      from: at(credentialsInBody.place),
    };
  }
  return contract?.value === 'observe'
    ? { rule: 'a body that may hold credentials: contract: observe', from: at(contract.place) }
    : { rule: 'no API key of this gateway and no token in the body (400)', from: 'default' };
}

function isHere({ method, path }: OperationRef, { operation, gatewayPath }: Subject): boolean {
  return method === operation.method && path === gatewayPath.path;
}

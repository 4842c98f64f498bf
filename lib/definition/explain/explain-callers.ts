import type { SecurityAlternative } from '../../protocol/policy';
import type { ExplainedRule } from './explanation';
import type { GatewayValues } from './gateway-values';
import type { Subject } from './subject';

/** Who is asked for what credential. */
export function authenticationRules(
  subject: Subject,
  { schemes }: Pick<GatewayValues, 'schemes'>,
): ExplainedRule[] {
  const { policy, settings, compiled } = subject;
  if (policy.security.length === 0) {
    const reason = settings.public?.value ?? 'as the document says';
    return [{ rule: `none: open to anyone (${reason})`, from: publicPlace(subject) }];
  }
  const named = [...new Set(policy.security.flatMap((alternative) => Object.keys(alternative)))];
  const verified = named.flatMap((name) => (Object.hasOwn(schemes, name) ? (schemes[name] ?? []) : []));
  const credentials = policy.security.map((alternative, index) => ({
    rule: `${index === 0 ? '' : 'or '}${Object.keys(alternative)
      .map((name) => `${name} (${whereOf(compiled.policy.schemes[name])})`)
      .join(' and ')}`,
    from: securityPlace(subject),
  }));
  return [
    ...credentials,
    ...verified,
    { rule: 'how long revoked credentials still work', from: 'props: revokeWithin' },
  ];
}

/** What the credential must say. */
export function authorizationRules(subject: Subject): ExplainedRule[] {
  const { policy, settings, at } = subject;
  const { roles, owner } = settings;
  const rules = policy.security.flatMap((alternative) => scopeRules(alternative, subject));
  if (policy.roles && roles) {
    rules.push({ rule: `one of the roles ${policy.roles.join(', ')}`, from: at(roles.place) });
  }
  if (policy.owner && owner) {
    rules.push({
      rule: `the path parameter ${policy.owner.parameter} equals the caller's claim ${policy.owner.claim}`,
      from: at(owner.place),
    });
  }
  return rules;
}

function scopeRules(alternative: SecurityAlternative, subject: Subject): ExplainedRule[] {
  return Object.entries(alternative).flatMap(([name, scopes]) =>
    scopes.length === 0
      ? []
      : [{ rule: `by ${name}: all of the scopes ${scopes.join(', ')}`, from: securityPlace(subject) }],
  );
}

function securityPlace({ source, operation, at }: Subject): string {
  const own = source.child(operation.node, 'security');
  return at(own.value === undefined ? source.child(source.root, 'security') : own);
}

function publicPlace(subject: Subject): string {
  return subject.settings.public ? subject.at(subject.settings.public.place) : securityPlace(subject);
}

function whereOf(location: Subject['compiled']['policy']['schemes'][string] | undefined): string {
  if (location?.in === 'header') return `header ${location.name}`;
  return location?.in === 'clientCertificate' ? 'client certificate' : 'Authorization: Bearer';
}

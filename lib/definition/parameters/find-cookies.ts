import { type ParameterRule, sentNames, spreadReading } from '../../protocol/parameter-rules';
import { FindingSeverity } from '../report';
import type { DeclaredParameter } from './collect-parameters';
import type { ParameterContext } from './context';

/** What a cookie may be called: a token (RFC 6265 section 4.1.1). */
const COOKIE_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/** Says how a parameter is read that is several cookies, and which names no cookie has. */
export function findCookies(
  { node }: DeclaredParameter,
  rule: ParameterRule,
  context: ParameterContext,
): void {
  if (rule.in !== 'cookie') return;
  const { report, operation } = context;
  const subject = `cookie parameter '${rule.name}'`;
  const found = (code: string, severity: FindingSeverity, message: string, remedy: string) =>
    report.finding(node, { code, severity, operation, message: `${subject} ${message}`, remedy });
  const names = sentNames(rule);

  const unsendable = names.filter((name) => !COOKIE_NAME.test(name));
  if (unsendable.length > 0) {
    const listed = unsendable.map((name) => JSON.stringify(name)).join(', ');
    found(
      'COOKIE_NAME',
      FindingSeverity.WARNING,
      `is never sent as ${listed}: no cookie is called so`,
      'use letters, digits, hyphens and underscores',
    );
  }
  if (spreadReading(rule) && names.length > 0) {
    found(
      'COOKIE_OBJECT',
      FindingSeverity.INFO,
      `is read as cookies of their own: ${names.join(', ')}; others are no part of it, and the service does not get them`,
      "write 'explode: false' if the properties stand in one cookie, with commas",
    );
  }
  if (isList(rule)) {
    // OpenAPI joins by `&`, which no server splits in a cookie; 3.2 has the style `cookie` for it
    found(
      'COOKIE_LIST',
      FindingSeverity.INFO,
      "is read as one cookie for each element, 'a=1; a=2'",
      "write 'explode: false' if the elements stand in one cookie, with commas",
    );
  }
}

function isList({ reading }: ParameterRule): boolean {
  return (
    reading !== undefined &&
    reading.style !== 'json' &&
    reading.items !== undefined &&
    reading.explode !== false
  );
}

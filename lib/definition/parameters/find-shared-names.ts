import { type ParameterRule, sentNames } from '../../protocol/parameter-rules';
import { FindingSeverity } from '../report';
import type { ParameterContext } from './context';

/** Reports names by which two parameters come, as where an exploded object has a property called like another parameter. */
export function findSharedNames(
  rules: readonly ParameterRule[],
  { report, place, operation }: ParameterContext,
): void {
  const owners = new Map<string, ParameterRule>();
  for (const rule of rules) {
    for (const name of new Set(sentNames(rule))) {
      const key = `${rule.in} ${name}`;
      const other = owners.get(key);
      owners.set(key, rule);
      if (!other) continue;
      report.finding(place, {
        code: 'SHARED_NAME',
        severity: FindingSeverity.WARNING,
        operation,
        message: `${rule.in} parameters '${other.name}' and '${rule.name}' both come as '${name}', which must satisfy both`,
        remedy: "rename one, or write 'explode: false' for the object",
      });
    }
  }
}

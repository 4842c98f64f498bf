import type { CompiledOperation } from './compiled-operation';
import type { Report } from './report';
import type { Setting } from './setting';
import { listed, suggestion } from './suggestion';

/** Reports rules on callers that could never hold: an owner without such a path parameter, demands on nobody. */
export function checkCallerRules(operations: readonly CompiledOperation[], report: Report): void {
  for (const compiled of operations) {
    const { owner, roles } = compiled.settings;
    if (compiled.security.alternatives.length === 0) {
      for (const rule of [owner, roles]) refuseOnPublic(compiled, rule, report);
    } else if (owner) {
      requireParameter(compiled, owner, report);
    }
  }
}

function refuseOnPublic(
  { operation }: CompiledOperation,
  rule: Setting<unknown> | undefined,
  report: Report,
): void {
  // what a public operation merely inherits, its two words take back
  if (rule?.level !== 'operation') return;

  report.problem(
    'RULE_ON_PUBLIC_OPERATION',
    rule.place,
    `${operation.name} is public, so there is no caller to demand this of`,
    'remove it, or demand credentials',
  );
}

function requireParameter(
  { operation, gatewayPath }: CompiledOperation,
  { value, place }: Setting<{ readonly parameter: string; readonly claim: string }>,
  report: Report,
): void {
  const declared = gatewayPath.variables.map((name) => gatewayPath.declaredNames[name] ?? name);
  if (declared.includes(value.parameter)) return;

  const { parameter, claim } = value;
  report.problem(
    'OWNER_PARAMETER',
    place,
    `${operation.name} has no path parameter ${JSON.stringify(parameter)} to compare with the claim ${JSON.stringify(claim)}${suggestion(parameter, declared)}`,
    `name one of its path parameters (${listed(declared)}), or take the rule back by 'owner: null'`,
  );
}

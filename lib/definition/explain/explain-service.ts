import type { Finding } from '../report';
import type { Sourced } from '../source';
import type { ExplainedRule } from './explanation';
import type { Subject } from './subject';

/** Findings that leave something for the service to do. */
const LEFT_TO_THE_SERVICE: readonly string[] = [
  'BODY_WITHOUT_SCHEMA',
  'IGNORED_KEYWORD',
  'NOT_ENFORCED',
  'OPEN_OBJECT',
  'PATTERN_DIALECT',
  'UNBOUNDED',
  'UNINSPECTED_BODY',
];

const DATA = new Set(['example', 'examples', 'default', 'enum', 'const']);

/** What nothing before the service checks: what compiling found, and whose objects these are. */
export function serviceRules(subject: Subject): ExplainedRule[] {
  const { compiled, operation, policy, gatewayPath, at } = subject;
  const places = reachablePlaces(subject);
  const concerns = ({ operation: name, file, pointer }: Finding): boolean =>
    name === undefined ? isWithin(places, `${file}#${pointer}`) : name === operation.name;
  const found = compiled.findings
    .filter((finding) => LEFT_TO_THE_SERVICE.includes(finding.code) && concerns(finding))
    .map(({ at: from, message, code }) => ({ rule: `${message} [${code}]`, from }));
  const variables = gatewayPath.variables.map((name) => gatewayPath.declaredNames[name] ?? name);
  const owned = policy.owner || policy.security.length === 0 || variables.length === 0;
  return [
    ...found,
    ...(owned
      ? []
      : [
          {
            rule: `whether this caller may touch this ${variables.join(', ')}: no 'owner' is named`,
            from: at(operation.node),
          },
        ]),
  ];
}

/** Every schema the request body and the parameters lead to. */
function reachablePlaces({ source, operation }: Subject): ReadonlySet<string> {
  const visited = new Set<string>();
  const pending: Sourced[] = [
    source.child(operation.node, 'requestBody'),
    source.child(operation.node, 'parameters'),
    source.child(operation.pathItem, 'parameters'),
  ];
  for (let node = pending.pop(); node; node = pending.pop()) {
    const key = `${node.file}#${node.pointer}`;
    if (typeof node.value !== 'object' || node.value === null || visited.has(key)) continue;
    visited.add(key);
    const here = node;
    pending.push(
      source.deref(here),
      ...Object.keys(node.value)
        .filter((name) => !DATA.has(name) && !name.startsWith('x-'))
        .map((name) => source.child(here, name)),
    );
  }
  return visited;
}

/** A finding may point to a keyword; what is visited are the schemas that have it. */
function isWithin(places: ReadonlySet<string>, place: string): boolean {
  return places.has(place) || places.has(place.slice(0, place.lastIndexOf('/')));
}

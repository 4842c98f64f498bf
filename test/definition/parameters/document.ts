import { compileParameters } from '../../../lib/definition/parameters';
import { Report } from '../../../lib/definition/report';
import { References, Shapes } from '../../../lib/definition/schema';
import type { DocumentSource, Sourced } from '../../../lib/definition/source';

/** A document in memory, of one file. */
export function inMemory(value: unknown, dialect: '3.0' | '3.1' = '3.1'): DocumentSource {
  const root: Sourced = { value, file: 'openapi.yaml', pointer: '' };
  const source: DocumentSource = {
    root,
    dialect,
    child: (node, ...keys) => keys.reduce(member, node),
    resolve: (reference) => {
      if (reference === '#') return root;
      const target = reference.slice(2).split('/').reduce<Sourced>(member, root);
      return target.value === undefined ? undefined : source.deref(target);
    },
    deref: (node) => {
      const reference = isReference(node.value) ? node.value.$ref : undefined;
      return reference === undefined
        ? node
        : (source.resolve(reference, node) ?? { ...node, value: undefined });
    },
    locate: ({ file, pointer }) => `${file}${pointer}`,
  };
  return source;
}

/** Rules, findings and problems of parameters of one operation. */
export function compile(
  parameters: readonly unknown[],
  rest: {
    dialect?: '3.0' | '3.1';
    inherited?: readonly unknown[];
    schemas?: unknown;
    observe?: boolean;
  } = {},
) {
  const { dialect = '3.1', inherited = [], schemas = {}, observe = false } = rest;
  const source = inMemory({ item: { parameters: inherited, get: { parameters } }, schemas }, dialect);
  const report = new Report(source);
  const item = source.child(source.root, 'item');
  const place = source.child(item, 'get');
  const rules = compileParameters(item, place, {
    source,
    shapes: new Shapes(new References(source, dialect), dialect),
    place,
    report,
    dialect,
    operation: 'GET /item',
    identityNames: ['X-User-Id'],
    observe,
  });
  // the policy is JSON: what does not survive it is not there
  return {
    rules: JSON.parse(JSON.stringify(rules)) as typeof rules,
    findings: report.findings.filter(({ code }) => code !== 'UNBOUNDED'),
    unbounded: report.findings.filter(({ code }) => code === 'UNBOUNDED'),
    problems: report.problems,
  };
}

function member(node: Sourced, key: string | number): Sourced {
  const { value } = node;
  const own = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
  return {
    value: own ? (value as Record<string, unknown>)[key] : undefined,
    file: node.file,
    pointer: `${node.pointer}/${key}`,
  };
}

function isReference(value: unknown): value is { $ref: string } {
  return typeof value === 'object' && value !== null && '$ref' in value && typeof value.$ref === 'string';
}

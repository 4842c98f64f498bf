import { CREDENTIAL_QUERY_PARAMETERS } from '../protocol/credential-names';
import { type ParameterRule, sentNames, spreadReading } from '../protocol/parameter-rules';
import { DATA, NAMED_SCHEMAS, REDACT } from './check-extension-names';
import type { AuditPlan } from './compiled-api';
import type { CompiledOperation } from './compiled-operation';
import { operationRef } from './emit-edge';
import { asObject, isComposite, member } from './json-pointer';
import { FindingSeverity, type Report } from './report';
import type { SecurityScheme } from './security-schemes';
import type { DocumentSource, Sourced } from './source';
import { shown } from './suggestion';

/** Gathers what logs must not show: what the document marks, and every header that carries a credential. */
export function gatherRedactions(
  operations: readonly CompiledOperation[],
  schemes: readonly SecurityScheme[],
  source: DocumentSource,
  report: Report,
): AuditPlan {
  const names = {
    header: new Set(['authorization', 'cookie']),
    query: new Set<string>(),
    cookie: new Set<string>(),
  };
  for (const { location } of schemes) if (location.in === 'header') names.header.add(location.name);
  const walk = new RedactionWalk(source, report);

  let query = false;
  let path = false;
  let body = false;
  for (const { operation, parameters, body: request } of operations) {
    for (const node of parametersOf(operation.pathItem, operation.node, source)) {
      // a schema that several parameters share marks each of them
      if (new RedactionWalk(source, report).finds(node) || isSecretParameter(node)) {
        redactParameter(node, operation.name, parameters);
      }
    }
    for (const { schema } of request?.content ?? []) if (schema && walk.finds(schema)) body = true;
  }
  return {
    redact: {
      headers: [...names.header].sort(),
      queryParameters: [...names.query].sort(),
      cookies: [...names.cookie].sort(),
      query,
      path,
      body,
    },
    sensitive: operations.filter(({ settings }) => settings.audit).map(operationRef),
  };

  function redactParameter(node: Sourced, operation: string, rules: readonly ParameterRule[]): void {
    const place = String(source.child(node, 'in').value);
    const name = String(source.child(node, 'name').value);
    if (place === 'header') names.header.add(name.toLowerCase());
    else if (place === 'query' || place === 'cookie') {
      const rule = rules.find((each) => each.in === place && each.name === name);
      for (const sent of rule ? loggedNames(rule) : [name]) names[place].add(sent);
      // cookies are in no log whatever their names
      if (place === 'query' && rule && hasOtherNames(rule)) {
        query = true;
        report.finding(node, {
          code: 'QUERY_REDACTED',
          severity: FindingSeverity.INFO,
          operation,
          message: `for the parameter ${JSON.stringify(name)}, whose names only requests know, the log of the web ACL has no queries, of no request`,
          remedy:
            'declare its properties, without lists and objects in them, and say additionalProperties: false, to have queries in that log',
          fact: '7.12',
        });
      }
    } else {
      path = true;
      report.finding(node, {
        code: 'PATH_REDACTED',
        severity: FindingSeverity.INFO,
        operation,
        message: `for the path parameter ${JSON.stringify(name)} the log of the web ACL has no paths, of no request`,
        remedy: 'move it to the query or a header to have paths in that log',
        fact: '7.13',
      });
    }
  }
}

/** The names by which logs know a parameter, those of its properties included. */
function loggedNames(rule: ParameterRule): readonly string[] {
  const { name, reading } = rule;
  if (reading?.style !== 'deepObject') return sentNames(rule);
  return Object.keys(reading.properties ?? {}).map((property) => `${name}[${property}]`);
}

/** Whether a parameter comes by names that the document does not tell. */
function hasOtherNames(rule: ParameterRule): boolean {
  const { reading } = rule;
  if (!reading || reading.style === 'json') return false;
  const isDeep = reading.style === 'deepObject';
  if (!isDeep && !spreadReading(rule)) return false;
  return reading.additional !== undefined || (isDeep && reading.unread === true);
}

function parametersOf(pathItem: Sourced, operation: Sourced, source: DocumentSource): Sourced[] {
  return [pathItem, operation].flatMap((holder) => {
    const list = source.child(holder, 'parameters');
    return Array.isArray(list.value)
      ? list.value.map((_, index) => source.deref(source.child(list, index)))
      : [];
  });
}

/** Looks for the mark in schemas, each of which is walked once. */
class RedactionWalk {
  private readonly visited = new Set<string>();

  constructor(
    private readonly source: DocumentSource,
    private readonly report: Report,
  ) {}

  private marked(node: Sourced): boolean {
    const mark = member(node.value, REDACT);
    if (mark === undefined) return member(node.value, 'format') === 'password' || isNamedSecret(node);
    if (mark === false) return false;

    if (mark !== true) {
      const place = this.source.child(node, REDACT);
      this.report.problem('INVALID_EXTENSION', place, `${REDACT} is ${shown(mark)}`, "write 'true'");
    }
    return true;
  }

  /** Whether the mark stands in a schema, or in one it refers to, that no earlier walk has seen. */
  public finds(schema: Sourced): boolean {
    const pending: Walked[] = [{ node: schema, isNames: false }];
    let found = false;
    for (let walked = pending.pop(); walked; walked = pending.pop()) {
      const { node, isNames } = walked;
      const key = `${isNames} ${node.file}#${node.pointer}`;
      if (this.visited.has(key)) continue;
      this.visited.add(key);
      if (!isNames && asObject(node.value) && this.marked(node)) found = true;
      pending.push(...this.below(walked));
    }
    return found;
  }

  private below({ node, isNames }: Walked): Walked[] {
    const { value } = node;
    if (!isComposite(value)) return [];

    const children = Object.entries(value)
      // a property may be called as a keyword is, or as an extension
      .filter(([key, child]) => isComposite(child) && (isNames || !(DATA.has(key) || key.startsWith('x-'))))
      .map(([key]) => ({
        node: this.source.child(node, key),
        isNames: !isNames && !Array.isArray(value) && NAMED_SCHEMAS.has(key),
      }));
    const target = isNames ? node : this.source.deref(node);
    return target !== node && isComposite(target.value)
      ? [...children, { node: target, isNames: false }]
      : children;
  }
}

interface Walked {
  readonly node: Sourced;
  /** Its members are schemas, by names that anybody may choose. */
  readonly isNames: boolean;
}

/** Whether it describes a property whose name says that it is secret, as a query parameter's would. */
function isNamedSecret({ pointer }: Sourced): boolean {
  const [, name = ''] = /\/properties\/([^/]+)$/.exec(pointer) ?? [];
  return isSecretName(name);
}

/** The same of a parameter; not of one in the path, for whose sake no path would be logged, of no request. */
function isSecretParameter({ value }: Sourced): boolean {
  const isDenied = [value, member(value, 'schema')].some((part) => member(part, REDACT) === false);
  if (isDenied || member(value, 'in') === 'path') return false;
  return isSecretName(String(member(value, 'name')));
}

function isSecretName(name: string): boolean {
  const lower = name.toLowerCase();
  return CREDENTIAL_QUERY_PARAMETERS.includes(lower) || /(password|passphrase|secret)$/.test(lower);
}

import { CREDENTIAL_HEADERS, replacedCredentialHeaders } from '../../protocol/credential-names';
import { type ParameterRule, sentNames, spreadReading } from '../../protocol/parameter-rules';
import type { OperationPolicy } from '../../protocol/policy';
import { member } from '../json-pointer';
import type { Sourced } from '../source';
import { describeModel } from './describe-model';
import { describeValue } from './describe-value';
import type { ExplainedRule } from './explanation';
import type { Subject } from './subject';

/** What parameters and the media type must be. */
export function parameterRules(subject: Subject): ExplainedRule[] {
  const { policy, at, source, operation } = subject;
  const observed = policy.contract === 'observe' ? ' (observed only)' : '';
  const rules = policy.parameters.map((rule) => ({
    rule: `${rule.in} ${rule.name}${sentAs(rule)}${rule.required ? '' : ' (optional)'}: ${describeValue(rule.value)}${observed}`,
    from: at(declarationOf(rule.in, rule.name, subject)),
  }));
  return [
    ...rules,
    ...pathsBeside(policy),
    ...(policy.parameters.some((rule) => rule.in === 'cookie')
      ? [{ rule: `no space or quote by which a cookie reads as two${observed}`, from: 'default' }]
      : []),
    { rule: `no other query parameter, none twice unless it is a list${observed}`, from: 'default' },
    { rule: 'no credential but where its scheme has it', from: 'default' },
    ...refusedHeaders(subject),
    ...(policy.mediaTypes
      ? [
          {
            rule: `a body as ${policy.mediaTypes.join(' or ')}${observed}`,
            from: at(source.child(source.deref(source.child(operation.node, 'requestBody')), 'content')),
          },
        ]
      : []),
  ];
}

/** What a variable may not be taken for, since other operations have it in its place. */
function pathsBeside({ fixedTexts = {}, pathNames = {} }: OperationPolicy): ExplainedRule[] {
  return Object.entries(fixedTexts).map(([name, texts]) => ({
    rule: `path ${pathNames[name] ?? name}: nothing that a service may read as ${texts.join(' or ')}`,
    from: 'default',
  }));
}

/** Headers for credentials alone, unless a scheme uses them or the operation declares them. */
function refusedHeaders({ compiled, policy }: Subject): ExplainedRule[] {
  const known = [
    ...replacedCredentialHeaders(policy.contract),
    ...Object.values(compiled.policy.schemes).flatMap((scheme) =>
      scheme.in === 'header' ? [scheme.name] : [],
    ),
    ...policy.parameters.flatMap((rule) => (rule.in === 'header' ? [rule.name] : [])),
  ].map((name) => name.toLowerCase());
  const refused = CREDENTIAL_HEADERS.filter((name) => !known.includes(name.toLowerCase()));
  return refused.length === 0 ? [] : [{ rule: `no header ${refused.join(', ')}`, from: 'default' }];
}

/** What the body must be. */
export function bodyRules({
  compiled,
  policy,
  gatewayPath,
  operation,
  source,
  at,
  settings,
}: Subject): ExplainedRule[] {
  if (!policy.mediaTypes) return [];
  if (policy.contract === 'observe') {
    return [
      {
        rule: 'not validated: the contract is observed',
        from: settings.contract ? at(settings.contract.place) : 'default',
      },
    ];
  }
  const gateway = compiled.body.paths[gatewayPath.path]?.[operation.method.toLowerCase()];
  const content = member(gateway?.['requestBody'], 'content');
  const body = source.deref(source.child(operation.node, 'requestBody'));
  const from = at(source.child(body, 'content'));
  const models = compiled.body.components.schemas ?? {};
  return policy.mediaTypes.flatMap((mediaType) => {
    const model = member(member(content, mediaType), 'schema');
    return model === undefined
      ? [{ rule: `as ${mediaType}: not validated`, from }]
      : describeModel(model, models).map((line) => ({ rule: `as ${mediaType}: ${line}`, from }));
  });
}

/** The names an object's properties come by, where they are not the parameter's. */
function sentAs(rule: ParameterRule): string {
  if (rule.reading?.style === 'deepObject') return ` as ${rule.name}[…]`;
  const spread = spreadReading(rule);
  if (!spread) return '';
  const others = spread.additional ? ['others nobody declares'] : [];
  return ` as ${[...sentNames(rule), ...others].join(', ') || 'nothing'}`;
}

function declarationOf(place: string, name: string, { source, operation }: Subject): Sourced {
  for (const holder of [operation.node, operation.pathItem]) {
    const list = source.child(holder, 'parameters');
    const nodes = Array.isArray(list.value)
      ? list.value.map((_, index) => source.deref(source.child(list, index)))
      : [];
    const found = nodes.find((node) => {
      const declared = String(member(node.value, 'name'));
      return (
        member(node.value, 'in') === place &&
        (place === 'header' ? declared.toLowerCase() : declared) === name
      );
    });
    if (found) return found;
  }
  return operation.node;
}

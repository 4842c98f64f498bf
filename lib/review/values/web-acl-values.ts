import type { ExplainedRule } from '../../definition/explain/explanation';
import { at, type Fields, fieldsOf, listOf, type Resource } from '../model/template';
import type { World } from '../model/world';
import { joinedText } from './joined-text';

/** Rules about who may call; rates say themselves what they are, and all others are about what is sent. */
const ADDRESSES =
  /^(exempt|deny|attackers|threat-feeds|only-from|operation-only-from|countries|asns|ip-reputation|anonymous-addresses)/;

/** A list longer than this is only counted. */
const SHOWN = 5;

/** The rules of a web ACL in their order, by the stage they belong to. */
export function webAclValues(webAcl: Resource, world: World): Record<string, ExplainedRule[]> {
  const values: Record<'addresses' | 'rates' | 'firewall', ExplainedRule[]> = {
    addresses: [],
    rates: [],
    firewall: [],
  };
  for (const rule of listOf(webAcl.properties['Rules']).map(fieldsOf)) {
    const name = joinedText(rule['Name']);
    const rate = at(rule, 'Statement', 'RateBasedStatement');
    const stage = rate === undefined ? (ADDRESSES.test(name) ? 'addresses' : 'firewall') : 'rates';
    const detail = rate === undefined ? detailOf(rule, webAcl, world) : rateOf(fieldsOf(rate));
    values[stage].push({
      rule: `${name}: ${[...(detail === '' ? [] : [detail]), actionOf(rule)].join(', ')}`,
      from: `template: ${webAcl.label}`,
    });
  }
  return values;
}

function rateOf(rate: Fields): string {
  const headers = listOf(rate['CustomKeys']).map((key) => at(key, 'Header', 'Name'));
  const keys: Readonly<Record<string, string>> = {
    IP: 'each address',
    CONSTANT: 'all together',
    CUSTOM_KEYS: `each value of ${headers.filter((name) => name !== undefined).join(' and ') || 'a key'}`,
  };
  const key = keys[joinedText(rate['AggregateKeyType'])] ?? joinedText(rate['AggregateKeyType']);
  const some = rate['ScopeDownStatement'] === undefined ? '' : ', of some requests only';
  return `${joinedText(rate['Limit'])} requests in ${joinedText(rate['EvaluationWindowSec'])} s for ${key}${some}`;
}

function detailOf(rule: Fields, webAcl: Resource, world: World): string {
  const group = at(rule, 'Statement', 'ManagedRuleGroupStatement');
  if (group !== undefined) {
    const overridden = listOf(at(group, 'RuleActionOverrides')).map((each) => joinedText(at(each, 'Name')));
    return [
      joinedText(at(group, 'Name')),
      ...(overridden.length > 0 ? [`with other actions for ${shown(overridden)}`] : []),
    ].join(' ');
  }
  const found = literals(rule['Statement'], webAcl, world);
  return found.length > 0 ? shown(found) : '';
}

/** Countries and networks that a statement names, those of its sets included. */
function literals(statement: unknown, webAcl: Resource, world: World): string[] {
  if (typeof statement !== 'object' || statement === null) return [];
  return Object.entries(statement).flatMap(([key, value]) => {
    if (key === 'CountryCodes' || key === 'AsnList') return listOf(value).map(joinedText);
    if (key === 'NotStatement') return literals(value, webAcl, world).map((text) => `all but ${text}`);
    if (key !== 'IPSetReferenceStatement') return literals(value, webAcl, world);

    return world
      .references(at(value, 'Arn'), webAcl.stack)
      .resources.flatMap(({ properties }) => listOf(properties['Addresses']).map(joinedText));
  });
}

function actionOf(rule: Fields): string {
  const rate = at(rule, 'Statement', 'RateBasedStatement') !== undefined;
  const [action = Object.keys(fieldsOf(rule['OverrideAction']))[0]] = Object.keys(fieldsOf(rule['Action']));
  if (action === 'None') return "with the group's actions";
  const status = at(rule, 'Action', 'Block', 'CustomResponse', 'ResponseCode');
  if (action === 'Block')
    return `${rate ? 'else' : 'refused with'} ${status === undefined ? '403' : joinedText(status)}`;
  return action === 'Count' ? 'only counted' : `action ${action}`;
}

function shown(texts: readonly string[]): string {
  const more = texts.length - SHOWN;
  return texts.slice(0, SHOWN).join(' ') + (more > 0 ? ` and ${more} more` : '');
}

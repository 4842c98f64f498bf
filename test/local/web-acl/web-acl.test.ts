import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GatewayConfigurationError } from '../../../lib/errors';
import { loadDetectors } from '../../../lib/local/web-acl/injection';
import { whereInstalled } from '../../fixtures/installed';
import { aclOf, type Rule, requestOf } from './acl';
import { BEHAVIOUR, PATTERNS, readmeRow } from './behaviour';
import { ALWAYS, bytes, LISTS, regex } from './statements';

const geo = join(__dirname, '../../../../shared/geo/GeoIP2-Country-Test.mmdb');
const withGeo = existsSync(geo) ? test : test.skip;
const withDetectors = whereInstalled(loadDetectors() !== undefined, 'libmodsecurity3');

/** Nobody can judge a country without a database. */
const UNKNOWN = { GeoMatchStatement: { CountryCodes: ['GB'] } };

describe('web ACL statement', () => {
  test.each(BEHAVIOUR)('(%s) sees %s', (_, __, Statement, request, matches) => {
    const acl = aclOf([{ Statement }], { resources: { ...LISTS, ...PATTERNS } });

    expect(acl.evaluate(requestOf(request)).action).toBe(matches ? 'block' : 'allow');
  });

  test('has a row in the README for each behaviour', () => {
    const readme = readFileSync(join(__dirname, '../../../lib/local/web-acl/README.md'), 'utf8');

    expect(BEHAVIOUR.map(readmeRow).filter((row) => !readme.includes(`${row}\n`))).toEqual([]);
  });

  withGeo('(D) sees a country, and says so in a label', () => {
    const acl = aclOf([{ Statement: { GeoMatchStatement: { CountryCodes: ['GB'] } } }], {
      databases: { country: geo },
    });

    expect(acl.evaluate(requestOf({ sourceIp: '81.2.69.142' }))).toMatchObject({
      action: 'block',
      labels: ['awswaf:clientip:geo:country:GB'],
    });
    expect(acl.evaluate(requestOf({ sourceIp: '214.78.120.1' })).action).toBe('allow');
  });

  test('(C) is not evaluated without a database of countries, nor is its contrary', () => {
    const statement = { GeoMatchStatement: { CountryCodes: ['GB'] } };
    const acl = aclOf([{ Statement: statement }, { Statement: { NotStatement: { Statement: statement } } }]);

    expect(acl.evaluate(requestOf())).toMatchObject({
      action: 'allow',
      notEvaluated: ['GeoMatch (no database of countries)'],
    });
    expect(acl.notRun).toEqual(['GeoMatch (no database of countries)']);
  });

  test.each<[string, object, 'allow' | 'block']>([
    ['And with what is true', { AndStatement: { Statements: [ALWAYS, UNKNOWN] } }, 'allow'],
    [
      'the contrary of that',
      { NotStatement: { Statement: { AndStatement: { Statements: [ALWAYS, UNKNOWN] } } } },
      'allow',
    ],
    ['Or with what is true', { OrStatement: { Statements: [UNKNOWN, ALWAYS] } }, 'block'],
    [
      'the contrary of And with what is false',
      {
        NotStatement: {
          Statement: { AndStatement: { Statements: [UNKNOWN, { NotStatement: { Statement: ALWAYS } }] } },
        },
      },
      'block',
    ],
  ])('(C) leaves open what it cannot judge: %s', (_, Statement, action) => {
    expect(aclOf([{ Statement }]).evaluate(requestOf()).action).toBe(action);
  });

  test('(C) is not evaluated without a database of autonomous systems', () => {
    const acl = aclOf([{ Statement: { AsnMatchStatement: { AsnList: [64496] } } }]);

    expect(acl.evaluate(requestOf()).notEvaluated).toEqual(['AsnMatch (no database of autonomous systems)']);
  });

  withDetectors('(D) sees SQL injection and cross-site scripting, and no more', () => {
    const inspected = {
      FieldToMatch: { QueryString: {} },
      TextTransformations: [{ Priority: 0, Type: 'URL_DECODE' }],
    };
    const acl = aclOf([
      { Name: 'sql', Statement: { SqliMatchStatement: inspected } },
      { Name: 'scripting', Statement: { XssMatchStatement: inspected } },
    ]);
    const ruleFor = (rawQuery: string) => acl.evaluate(requestOf({ rawQuery })).rule;

    expect(ruleFor("id=1'%20OR%20'1'='1")).toBe('sql');
    expect(ruleFor('q=%3Cscript%3Ealert(1)%3C/script%3E')).toBe('scripting');
    expect(ruleFor('q=union+of+workers+select+committee')).toBeUndefined();
  });

  test('(D) finds labels of earlier rules, with or without their namespaces', () => {
    const label = (Scope: string, Key: string) => ({ LabelMatchStatement: { Scope, Key } });
    const first = { Action: { Count: {} }, RuleLabels: [{ Name: 'ours:blue:sky' }], Statement: ALWAYS };
    const decided = (Scope: string, Key: string) =>
      aclOf([first, { Statement: label(Scope, Key) }]).evaluate(requestOf()).action;

    expect(decided('LABEL', 'ours:blue:sky')).toBe('block');
    expect(decided('LABEL', 'blue:sky')).toBe('block');
    expect(decided('LABEL', 'blue')).toBe('allow');
    expect(decided('LABEL', 'lue:sky')).toBe('allow');
    expect(decided('NAMESPACE', 'ours:')).toBe('block');
    expect(decided('NAMESPACE', 'blue:')).toBe('block');
    expect(decided('NAMESPACE', 'sky:')).toBe('allow');
    const [given = ''] = aclOf([first]).evaluate(requestOf()).labels;
    expect(given).toMatch(/^awswaf:123456789012:webacl:Acl:ours:blue:sky$/);
    expect(decided('LABEL', given)).toBe('block');
  });

  test.each<[string, Rule]>([
    [
      'a fingerprint that API Gateway does not have',
      { Statement: bytes({ JA3Fingerprint: { FallbackBehavior: 'MATCH' } }, 'x') },
    ],
    ['the other fingerprint', { Statement: bytes({ JA4Fingerprint: { FallbackBehavior: 'MATCH' } }, 'x') }],
    ['two statements in one', { Statement: { ...ALWAYS, ...regex({ UriPath: {} }, 'x') } }],
    ['an unknown statement', { Statement: { HoroscopeStatement: {} } }],
    ['And of one', { Statement: { AndStatement: { Statements: [ALWAYS] } } }],
    ['an unknown transformation', { Statement: bytes({ UriPath: {} }, 'x', 'CONTAINS', 'ROT13') }],
    [
      'no transformation at all',
      {
        Statement: {
          ByteMatchStatement: {
            FieldToMatch: { UriPath: {} },
            SearchString: 'x',
            PositionalConstraint: 'CONTAINS',
            TextTransformations: [],
          },
        },
      },
    ],
    ['a reference back in an expression', { Statement: regex({ UriPath: {} }, '(a)\\1') }],
    ['looking ahead in an expression', { Statement: regex({ UriPath: {} }, 'a(?=b)') }],
    ['a rate below ten', { Statement: { RateBasedStatement: { Limit: 9, AggregateKeyType: 'IP' } } }],
    [
      'a rate in a window there is not',
      { Statement: { RateBasedStatement: { Limit: 10, EvaluationWindowSec: 61, AggregateKeyType: 'IP' } } },
    ],
    [
      'a rate of everyone without a scope',
      { Statement: { RateBasedStatement: { Limit: 10, AggregateKeyType: 'CONSTANT' } } },
    ],
    [
      'a rate within another statement',
      {
        Statement: {
          NotStatement: { Statement: { RateBasedStatement: { Limit: 10, AggregateKeyType: 'IP' } } },
        },
      },
    ],
  ])('is refused as AWS would when it is %s', (_, rule) => {
    expect(() => aclOf([rule])).toThrow(GatewayConfigurationError);
    expect(() => aclOf([rule])).toThrow('[WAF_INVALID_PARAMETER]');
  });
});

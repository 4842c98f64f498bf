import type { Rule } from './acl';
import {
  ALWAYS,
  body,
  COUNT,
  cookies,
  headers,
  json,
  lineOf,
  type Request,
  sqli,
  withDetectors,
  xss,
} from './logged';

describe('the match details of a web ACL log', () => {
  // from the guide's log examples, and log lines others published
  withDetectors.each<[string, Rule, Request, object]>([
    [
      'a header',
      { Statement: sqli({ SingleHeader: { Name: 'X-Stm-Test' } }) },
      { headers: [['x-stm-test', '10 AND 1=1']] },
      {
        conditionType: 'SQL_INJECTION',
        sensitivityLevel: 'HIGH',
        location: 'HEADER',
        matchedData: ['10', 'AND', '1'],
        matchedFieldName: 'x-stm-test',
      },
    ],
    [
      'any of the headers',
      { Statement: xss(headers) },
      {
        headers: [
          ['Host', 'localhost'],
          ['XssFoo', '<frameset onload=alert(1)>'],
        ],
      },
      {
        conditionType: 'XSS',
        location: 'HEADER',
        matchedData: ['<', 'frameset'],
        matchedFieldName: 'xssfoo',
      },
    ],
    [
      'any argument',
      { Statement: sqli({ AllQueryArguments: {} }, { SensitivityLevel: undefined }) },
      { rawQuery: 'a=1&id=1%27%20OR%20%271%27=%271' },
      {
        conditionType: 'SQL_INJECTION',
        sensitivityLevel: 'LOW',
        location: 'ALL_QUERY_ARGS',
        matchedData: ['1', 'OR', '1', '=', '1'],
        matchedFieldName: 'id',
      },
    ],
    [
      'one argument',
      { Statement: sqli({ SingleQueryArgument: { Name: 'BALOO' } }) },
      { rawQuery: 'baloo=10+AND+1=1' },
      {
        conditionType: 'SQL_INJECTION',
        sensitivityLevel: 'HIGH',
        location: 'SINGLE_QUERY_ARG',
        matchedData: ['10', 'AND', '1'],
        matchedFieldName: 'baloo',
      },
    ],
    [
      'the query string',
      { Statement: sqli({ QueryString: {} }) },
      { rawQuery: '10+AND+1%3D1' },
      {
        conditionType: 'SQL_INJECTION',
        sensitivityLevel: 'HIGH',
        location: 'QUERY_STRING',
        matchedData: ['10', 'AND', '1'],
      },
    ],
    [
      'the path',
      { Statement: sqli({ UriPath: {} }) },
      { path: '1 UNION SELECT a FROM b' },
      {
        conditionType: 'SQL_INJECTION',
        sensitivityLevel: 'HIGH',
        location: 'URI',
        matchedData: ['1', 'UNION', 'SELECT', 'a', 'FROM'],
      },
    ],
    [
      'a cookie',
      { Statement: sqli(cookies) },
      { headers: [['Cookie', 'hoppy=dog; milo=10 AND 1=1']] },
      {
        conditionType: 'SQL_INJECTION',
        sensitivityLevel: 'HIGH',
        location: 'COOKIE',
        matchedData: ['10', 'AND', '1'],
        matchedFieldName: 'milo',
      },
    ],
    [
      'a body',
      { Statement: xss(body) },
      { body: '<?xml version="1.0"?>' },
      { conditionType: 'XSS', location: 'BODY', matchedData: ['<?', 'xml'] },
    ],
    [
      'a body of JSON, whose place AWS does not tell',
      { Statement: sqli(json) },
      { body: '{"a":"10 AND 1=1"}' },
      {
        conditionType: 'SQL_INJECTION',
        sensitivityLevel: 'HIGH',
        location: 'UNKNOWN',
        matchedData: ['10', 'AND', '1'],
      },
    ],
    [
      'an attribute, by its name and value',
      { Statement: xss(body) },
      { body: '<a href="javascript:alert(1)">x</a>' },
      { conditionType: 'XSS', location: 'BODY', matchedData: ['href', 'javascript:alert(1)'] },
    ],
  ])('tell what was found in %s', (_, rule, request, detail) => {
    expect(lineOf([rule], request)).toMatchObject({
      action: 'BLOCK',
      terminatingRuleMatchDetails: [detail],
      nonTerminatingMatchingRules: [],
    });
    expect(lineOf([{ ...rule, ...COUNT, Name: 'counts' }], request)).toMatchObject({
      action: 'ALLOW',
      terminatingRuleId: 'Default_Action',
      terminatingRuleMatchDetails: [],
      nonTerminatingMatchingRules: [{ ruleId: 'counts', action: 'COUNT', ruleMatchDetails: [detail] }],
    });
  });

  withDetectors('are several where a rule asks for several, and none of what it asks the contrary of', () => {
    const both = { AndStatement: { Statements: [sqli(headers), xss(body)] } };
    const butNot = {
      AndStatement: { Statements: [xss(body), { NotStatement: { Statement: sqli({ UriPath: {} }) } }] },
    };
    const contrary = { NotStatement: { Statement: { NotStatement: { Statement: xss(body) } } } };
    const request = { headers: [['a', '10 AND 1=1']] as const, body: '<script>' };
    const found = (Statement: object) => lineOf([{ Statement }], request)?.['terminatingRuleMatchDetails'];

    expect(found(both)).toMatchObject([{ conditionType: 'SQL_INJECTION' }, { conditionType: 'XSS' }]);
    expect(found(butNot)).toMatchObject([{ conditionType: 'XSS' }]);
    expect(found(contrary)).toEqual([]);
  });

  withDetectors('do not slip from a rule that did not match into the next one', () => {
    const half = { AndStatement: { Statements: [sqli(headers), { NotStatement: { Statement: ALWAYS } }] } };
    const request = { headers: [['a', '10 AND 1=1']] as const };

    expect(lineOf([{ Statement: half }, { Statement: ALWAYS }], request)).toMatchObject({
      terminatingRuleId: 'rule-1',
      terminatingRuleMatchDetails: [],
    });
  });

  withDetectors('are found in a large body in no time', () => {
    const hostile = `${'<b>x</b>'.repeat(8_000)}<script>`;
    const started = process.hrtime.bigint();
    const line = lineOf(
      [{ Statement: xss(body) }],
      { body: hostile },
      {
        acl: {
          AssociationConfig: { RequestBody: { API_GATEWAY: { DefaultSizeInspectionLimit: 'KB_64' } } },
        },
      },
    );

    expect(line).toMatchObject({ terminatingRuleMatchDetails: [{ matchedData: ['<', 'script'] }] });
    expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(2_000);
  });
});

describe('groups of rules in a web ACL log', () => {
  const resources = {
    Group: {
      Type: 'AWS::WAFv2::RuleGroup',
      Properties: {
        Rules: [
          { Name: 'RuleB-SQLi', Priority: 0, Action: { Count: {} }, Statement: sqli(headers) },
          { Name: 'RuleA-XSS', Priority: 1, Action: { Block: {} }, Statement: xss(headers) },
        ],
      },
    },
  };
  const reference = (more: object = {}, rule: object = {}): Rule => ({
    Name: 'RG-Reference',
    Action: undefined,
    OverrideAction: { None: {} },
    Statement: { RuleGroupReferenceStatement: { Arn: { 'Fn::GetAtt': ['Group', 'Arn'] }, ...more } },
    ...rule,
  });
  const request: Request = {
    headers: [
      ['xssfoo', '<frameset onload=alert(1)>'],
      ['bar', '10 and 1=1'],
    ],
  };
  const SQL = [{ conditionType: 'SQL_INJECTION', matchedData: ['10', 'and', '1'], matchedFieldName: 'bar' }];
  const XSS = [{ conditionType: 'XSS', matchedData: ['<', 'frameset'], matchedFieldName: 'xssfoo' }];

  withDetectors('name the rule that ended it and those that counted', () => {
    expect(lineOf([reference()], request, { resources })).toMatchObject({
      terminatingRuleId: 'RG-Reference',
      terminatingRuleType: 'GROUP',
      action: 'BLOCK',
      terminatingRuleMatchDetails: XSS,
      ruleGroupList: [
        {
          ruleGroupId: expect.stringMatching(/:regional\/rulegroup\/Group/),
          terminatingRule: { ruleId: 'RuleA-XSS', action: 'BLOCK', ruleMatchDetails: null },
          nonTerminatingMatchingRules: [{ ruleId: 'RuleB-SQLi', action: 'COUNT', ruleMatchDetails: SQL }],
          excludedRules: null,
        },
      ],
      nonTerminatingMatchingRules: [],
    });
  });

  withDetectors('tell what an overridden rule would have done', () => {
    const overridden = reference({
      RuleActionOverrides: [{ Name: 'RuleA-XSS', ActionToUse: { Count: {} } }],
    });

    expect(lineOf([overridden], request, { resources })).toMatchObject({
      terminatingRuleId: 'Default_Action',
      ruleGroupList: [
        {
          terminatingRule: null,
          nonTerminatingMatchingRules: [
            { ruleId: 'RuleB-SQLi' },
            { ruleId: 'RuleA-XSS', action: 'COUNT', overriddenAction: 'BLOCK', ruleMatchDetails: XSS },
          ],
        },
      ],
    });
  });

  withDetectors('count as one rule of the web ACL where all of the group only counts', () => {
    const counted = reference({}, { OverrideAction: { Count: {} } });

    expect(lineOf([counted], request, { resources })).toMatchObject({
      action: 'ALLOW',
      nonTerminatingMatchingRules: [{ ruleId: 'RG-Reference', action: 'COUNT', ruleMatchDetails: XSS }],
    });
  });
});

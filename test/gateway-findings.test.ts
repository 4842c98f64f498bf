import { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { type Finding, FindingSeverity } from '../lib/definition/report';
import { reportFindings } from '../lib/gateway-findings';
import { quickApp } from './fixtures/gateway';
import { codesOf } from './fixtures/problems';

describe('the findings', () => {
  test('are printed with place, remedy and code', () => {
    const stack = stackWith([finding(FindingSeverity.WARNING)]);

    Annotations.fromStack(stack).hasWarning(
      '*',
      Match.stringLikeRegexp('openapi.yaml:1:1: GET /: is loose; tighten it \\[LOOSE\\]'),
    );
  });

  test('end in counts after twenty lines, the severest first', () => {
    const infos = Array.from({ length: 30 }, (_, index) => finding(FindingSeverity.INFO, index));
    const warnings = Array.from({ length: 15 }, (_, index) => finding(FindingSeverity.WARNING, index));
    const annotations = Annotations.fromStack(stackWith([...infos, ...warnings]));

    expect(annotations.findWarning('*', Match.anyValue())).toHaveLength(15);
    expect(annotations.findInfo('*', Match.anyValue())).toHaveLength(6);
    annotations.hasInfo('*', Match.stringLikeRegexp('25 info more'));
  });

  test('fail synthesis from the severity on that is asked for', () => {
    const findings = [finding(FindingSeverity.WARNING), finding(FindingSeverity.INFO)];

    expect(codesOf(() => stackWith(findings))).toEqual([]);
    expect(codesOf(() => stackWith(findings, FindingSeverity.ERROR))).toEqual([]);
    expect(codesOf(() => stackWith(findings, FindingSeverity.WARNING))).toEqual(['LOOSE']);
    expect(codesOf(() => stackWith(findings, FindingSeverity.INFO))).toEqual(['LOOSE', 'LOOSE']);
  });
});

function stackWith(findings: readonly Finding[], failOn?: FindingSeverity): Stack {
  const stack = new Stack(quickApp(), 'Stack');
  reportFindings(stack, findings, failOn);
  return stack;
}

function finding(severity: FindingSeverity, line = 1): Finding {
  return {
    code: 'LOOSE',
    severity,
    at: `openapi.yaml:${line}:1`,
    pointer: '',
    operation: 'GET /',
    message: 'is loose',
    remedy: 'tighten it',
  };
}

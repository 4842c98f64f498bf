import { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { type Finding, FindingSeverity } from '../lib/definition/report';
import { reportFindings } from '../lib/gateway-findings';
import { DOCUMENT, documentOf, gatewayStack, quickApp } from './fixtures/gateway';
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
    const loose = documentOf(
      DOCUMENT.replace('schema: { type: object, required', 'schema: { type: object, default: {}, required'),
    );
    const severities = [undefined, FindingSeverity.ERROR, FindingSeverity.INFO];
    const failures = severities.map(
      (failOn) => codesOf(() => gatewayStack({ definition: loose, failOn })).length > 0,
    );

    expect(failures).toEqual([false, false, true]);
  });
});

function stackWith(findings: readonly Finding[]): Stack {
  const stack = new Stack(quickApp(), 'Stack');
  reportFindings(stack, findings);
  return stack;
}

function finding(severity: FindingSeverity, line = 1): Finding {
  return {
    code: 'LOOSE',
    severity,
    at: `openapi.yaml:${line}:1`,
    file: 'openapi.yaml',
    pointer: '',
    operation: 'GET /',
    message: 'is loose',
    remedy: 'tighten it',
  };
}

import type { Finding } from '../report';
import type { ExplainedRule, Explanation } from './explanation';

const LEFT_WIDTH = 72;

/** An explanation for a terminal: the stages in order, each rule with the place it comes from. */
export function formatExplanation({ operation, id, at, gatewayPath, stages, service }: Explanation): string {
  const head = [
    `${operation} (${id}), ${at}`,
    ...(gatewayPath ? [`in the gateway: ${gatewayPath}, since sibling variables must have one name`] : []),
  ];
  const blocks = stages
    .filter(({ rules }) => rules.length > 0)
    .map(({ number, title, enforcedBy, refusal, rules }) => [
      `${String(number).padStart(2)}  ${title}: ${enforcedBy}${refusal ? `, else ${refusal}` : ''}`,
      ...rules.map(ruleLine),
    ]);
  const left = service.length > 0 ? [['What is left to the service', ...service.map(ruleLine)]] : [];
  return [head, ...blocks, ...left].map((lines) => lines.join('\n')).join('\n\n');
}

/** Findings for a terminal, and how many. */
export function formatFindings(findings: readonly Finding[]): string {
  const lines = findings.map(
    ({ severity, at, operation, message, remedy, code }) =>
      `${severity}  ${at}: ${operation ? `${operation}: ` : ''}${message}; ${remedy} [${code}]`,
  );
  return [...lines, `${findings.length} finding${findings.length === 1 ? '' : 's'}`].join('\n');
}

function ruleLine({ rule, from }: ExplainedRule): string {
  return `      ${rule.padEnd(LEFT_WIDTH)}  ${from}`;
}

import { visible } from '../../visible';
import { type Finding, FindingSeverity } from '../report';
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
  return [head, ...blocks, ...left].map((lines) => lines.map(visible).join('\n')).join('\n\n');
}

/** Findings as a table for a terminal, and how many there are of each severity. */
export function formatFindings(findings: readonly Finding[]): string {
  const rows = findings.map(({ severity, code, at, pointer, operation = '', message, remedy }) =>
    [severity, code, at, pointer, operation, `${message}; ${remedy}`].map(visible),
  );
  return [
    ...(rows.length > 0 ? table(['severity', 'code', 'at', 'pointer', 'operation', 'what'], rows) : []),
    total(findings),
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, column) =>
    rows.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), title.length),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const rule = widths.slice(0, -1).map((width) => '-'.repeat(width));
  return [line(head), [...rule, '----'].join('  '), ...rows.map(line), ''];
}

function total(findings: readonly Finding[]): string {
  const counts = Object.values(FindingSeverity)
    .reverse()
    .flatMap((severity) => {
      const count = findings.filter((finding) => finding.severity === severity).length;
      return count > 0 ? [`${count} ${severity}`] : [];
    });
  const all = `${findings.length} finding${findings.length === 1 ? '' : 's'}`;
  return counts.length > 0 ? `${all}: ${counts.join(', ')}` : all;
}

function ruleLine({ rule, from }: ExplainedRule): string {
  return `      ${rule.padEnd(LEFT_WIDTH)}  ${from}`;
}

import { Command, Option } from 'commander';
import { formatFindings, readTemplates, review } from '../lib/review/index';
import { sayJson, sayLines } from './output';

interface Arguments {
  readonly dataStore: readonly string[];
  readonly strict?: boolean;
  readonly json?: boolean;
}

/** Exit code for findings. */
const FINDINGS = 1;

export function reviewCommand(): Command {
  return new Command('review')
    .description(
      "Answers the design review's questions from synthesized templates, also of apps that are not ours.",
    )
    .argument('[template]', 'a template, or the folder of a cloud assembly', 'cdk.out')
    .addOption(
      new Option('--data-store <id>', 'a store only the backends may reach; repeat for more')
        .argParser(collect)
        .default([], 'none'),
    )
    .option('--strict', 'what templates do not tell counts as a finding')
    .option('--json', 'one JSON object')
    .action(run);
}

function run(path: string, { dataStore, strict = false, json = false }: Arguments): void {
  const findings = review(readTemplates(path), { dataStores: dataStore });
  if (json) sayJson({ findings });
  else sayLines(formatFindings(findings));

  if (findings.some(({ certainty }) => strict || certainty === 'certain')) process.exitCode = FINDINGS;
}

function collect(value: string, previous: readonly string[]): string[] {
  return [...previous, value];
}

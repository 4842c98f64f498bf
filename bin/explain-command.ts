import { Command, Option } from 'commander';
import {
  type CompiledApi,
  compile,
  type Explanation,
  enforcedDocument,
  explainOperation,
  FindingSeverity,
  formatExplanation,
  formatFindings,
  OpenApiDocument,
  optionsOfDocument,
  rankFindings,
  requireSameApi,
} from '../lib/definition';
import { gatewayValues, readTemplates } from '../lib/review/index';
import { sayJson, sayLines, tell } from './output';

interface Arguments {
  readonly definition: string;
  readonly overlay: string[];
  readonly template?: string;
  readonly stack?: string;
  readonly findings?: boolean;
  readonly openapi?: boolean;
  readonly json?: boolean;
}

export function explainCommand(): Command {
  return new Command('explain')
    .description('Says what guards one operation, stage by stage, and where each rule comes from.')
    .argument('[method]', 'method of the operation, for example GET')
    .argument('[path]', 'its path as in the document, for example /orders/{orderId}')
    .option('--definition <file>', 'the OpenAPI document', 'openapi.yaml')
    .addOption(
      new Option('--overlay <file>', 'overlay of the document; repeat for more')
        .argParser(append)
        .default([], 'none'),
    )
    .option('--template <path>', 'template or cloud assembly (cdk.out) of the gateway: shows values of props')
    .option('--stack <name>', 'stack of the gateway, if several have one')
    .option('--findings', 'lists all findings instead; exit code 1 if there are warnings or errors')
    .option('--openapi', 'writes the document as enforced instead, for those who write clients')
    .option('--json', 'writes JSON')
    .action(run);
}

function run(method: string | undefined, path: string | undefined, given: Arguments, command: Command): void {
  const { definition, overlay, findings, openapi, json, template, stack } = given;
  if (!findings && !openapi && !(method && path))
    command.error("name an operation, such as 'explain GET /orders'");
  if (findings && openapi) command.error('--findings and --openapi write one or the other; give one of them');

  const document = OpenApiDocument.fromFile(definition, { overlays: overlay });
  const values = template === undefined ? undefined : gatewayValues(readTemplates(template), stack);
  // before anything of it is taken for this document's
  if (values) requireSameApi(document, values);
  const compiled = compile(document, {
    ...optionsOfDocument(document, values && Object.keys(values.backends)),
    ...(values && { identityHeaders: values.identityHeaders }),
  });

  if (openapi) print(enforcedDocument(compiled, document));
  else if (findings) listFindings(compiled, json);
  else explain(explainOperation(compiled, document, method ?? '', path ?? '', values), json);

  // not on stdout, which may be read by a program
  if (!values && !openapi && !findings) tell("for the values of props, add '--template cdk.out'");
}

function explain(explanation: Explanation, json = false): void {
  if (json) print(explanation);
  else sayLines(formatExplanation(explanation));
}

function listFindings(compiled: CompiledApi, json = false): void {
  const findings = rankFindings(compiled.findings);
  if (json) print(findings);
  else sayLines(formatFindings(findings));
  // what is good to know is no reason to stop a pipeline
  if (findings.some(({ severity }) => severity !== FindingSeverity.INFO)) process.exitCode = 1;
}

function print(value: unknown): void {
  sayJson(value, 2);
}

function append(file: string, previous: readonly string[]): string[] {
  return [...previous, file];
}

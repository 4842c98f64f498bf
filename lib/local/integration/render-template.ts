import { contextVariable } from '../pipeline/context-variables';
import type { Exchange } from '../pipeline/exchange';

/** Anything of the template language beyond the variables below. */
const DIRECTIVE = /#(set|if|foreach|macro|parse|else|elseif|end|define|evaluate|stop)\b/;

const NAME =
  "context\\.[\\w.-]*\\w|stageVariables\\.\\w+|input\\.body|input\\.json\\('\\$'\\)|input\\.params\\('[^']+'\\)";
const VARIABLE = new RegExp(`\\$(?:\\{(${NAME})\\}|(${NAME}))`, 'g');

/**
 * Renders a mapping template that has variables only: what our gateway emits, and many others.
 *
 * Undefined for one with directives: running half of a template would answer what AWS would not.
 */
export function renderTemplate(template: string, exchange: Exchange, body: Buffer): string | undefined {
  if (DIRECTIVE.test(template)) return undefined;

  const rendered = template.replace(VARIABLE, (_whole, braced?: string, bare?: string) =>
    variableValue(braced ?? bare ?? '', exchange, body),
  );
  return rendered.includes('$input') || rendered.includes('$util') ? undefined : rendered;
}

function variableValue(name: string, exchange: Exchange, body: Buffer): string {
  const parameter = /^input\.params\('(.+)'\)$/.exec(name)?.[1];
  if (parameter) return parameterValue(exchange, parameter) ?? '';
  if (name.startsWith('input.')) return body.length > 0 ? body.toString('utf8') : '{}';
  if (name.startsWith('stageVariables.')) {
    return exchange.api.stage.variables[name.slice('stageVariables.'.length)] ?? '';
  }
  return contextVariable(exchange, name.slice('context.'.length)) ?? '';
}

/** Path, then query, then header: the order of `$input.params(x)`. */
function parameterValue(exchange: Exchange, name: string): string | undefined {
  return exchange.pathParameter(name) ?? exchange.queryValue(name) ?? exchange.header(name);
}

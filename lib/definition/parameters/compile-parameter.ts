import {
  DEFAULT_STYLES,
  type ParameterRule,
  type Reading,
  type Style,
  type StyledReading,
  spreadReading,
  styleOf,
  type ValueRule,
} from '../../protocol/parameter-rules';
import { isComposite } from '../json-pointer';
import { FindingSeverity } from '../report';
import type { Sourced } from '../source';
import type { DeclaredParameter } from './collect-parameters';
import type { ParameterContext } from './context';
import {
  admitsOthers,
  nests,
  readElements,
  readNamedProperties,
  readProperties,
  scalars,
  typesOf,
} from './possible-types';
import { ValueCompiler } from './value-compiler';

const STYLES: Readonly<Record<ParameterRule['in'], readonly Style[]>> = {
  path: ['simple', 'label', 'matrix'],
  query: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject'],
  header: ['simple'],
  cookie: ['form'],
};

/** Rule for one parameter. */
export function compileParameter(parameter: DeclaredParameter, context: ParameterContext): ParameterRule {
  return new ParameterCompiler(parameter, context).compile();
}

class ParameterCompiler {
  private readonly values: ValueCompiler;

  constructor(
    private readonly parameter: DeclaredParameter,
    private readonly context: ParameterContext,
  ) {
    this.values = new ValueCompiler(context, this.subject, (place, message, remedy) =>
      this.notEnforced(place, message, remedy),
    );
  }

  public compile(): ParameterRule {
    const { name, in: place, node } = this.parameter;
    const { source } = this.context;
    const { value, reading, anonymous } = this.compileValue();
    const required = place === 'path' || source.child(node, 'required').value === true;
    const allowEmpty = place === 'query' && source.child(node, 'allowEmptyValue').value === true;

    return {
      name,
      in: place,
      ...(required && !anonymous ? { required } : {}),
      ...(allowEmpty ? { allowEmpty } : {}),
      ...(reading ? { reading } : {}),
      value,
      ...this.values.usedDefinitions(value),
    };
  }

  private compileValue(): { value: ValueRule; reading?: Reading; anonymous?: true } {
    const { source } = this.context;
    const { node } = this.parameter;
    const content = source.child(node, 'content');
    if (content.value !== undefined) return this.compileContent(content);

    const schema = source.child(node, 'schema');
    if (schema.value === undefined) {
      this.notEnforced(node, 'has no schema, so only its presence is checked', "give it a 'schema'");
      return { value: {} };
    }
    return this.compileStyled(this.values.compile(schema));
  }

  /** `content`: the text is one JSON document. */
  private compileContent(content: Sourced): { value: ValueRule; reading?: Reading } {
    const { source } = this.context;
    const [mediaType, ...others] = typeof content.value === 'object' ? Object.keys(content.value ?? {}) : [];
    if (mediaType === undefined || others.length > 0) {
      this.context.report.problem(
        'PARAMETER_CONTENT',
        content,
        `${this.context.operation}: ${this.subject} must have exactly one media type in 'content'`,
        'keep one media type',
      );
      return { value: {} };
    }
    if (!/^application\/(json|[\w.+-]+\+json)\s*(;|$)/i.test(mediaType)) {
      this.notEnforced(
        source.child(content, mediaType),
        `is sent as ${mediaType}, which is not parsed, so only its presence is checked`,
        "use 'schema' and 'style', or application/json",
      );
      return { value: {} };
    }
    const schema = source.child(content, mediaType, 'schema');
    if (schema.value !== undefined) return { value: this.values.compile(schema), reading: { style: 'json' } };

    this.notEnforced(
      source.child(content, mediaType),
      'has no schema, so any JSON passes',
      "describe it under 'schema'",
    );
    return { value: {}, reading: { style: 'json' } };
  }

  private compileStyled(value: ValueRule): { value: ValueRule; reading?: Reading; anonymous?: true } {
    const style = this.style();
    const explode = this.explode(style);
    const definitions = this.values.definitions;
    const types = typesOf(value, definitions);
    const scattered = this.parameter.in === 'cookie' && explode && types.has('object');
    const named = scattered ? readNamedProperties(value, definitions) : undefined;
    const nameless = named && Object.keys(named.properties).length === 0;
    const anonymous = nameless && types.size === 1;
    if (anonymous || (named && admitsOthers(value, definitions))) this.findUnnamed();
    if (anonymous) return { value: {}, reading: named, anonymous: true };

    // without a type it is taken for one value, so that a cookie that came twice is refused
    const single = nameless && scalars(types).length > 0;
    const reading: StyledReading = {
      ...(style === DEFAULT_STYLES[this.parameter.in] ? {} : { style }),
      ...(explode === (style === 'form') ? {} : { explode }),
      ...(style !== 'deepObject' && scalars(types).length > 0 ? { scalar: scalars(types) } : {}),
      ...(types.has('array') && style !== 'deepObject' && !single ? readElements(value, definitions) : {}),
      ...(types.has('object') && !nameless ? (named ?? readProperties(value, definitions)) : {}),
    };
    if (nests(value, definitions, reading)) return this.presenceOnly(reading, style);
    return { value: this.weaken(value, reading), reading };
  }

  /** Of arrays and objects within others: their names are known, not how they are written. */
  private presenceOnly(reading: StyledReading, style: Style): { value: ValueRule; reading?: Reading } {
    this.notEnforced(
      this.parameter.node,
      `nests arrays or objects, for which style '${style}' is not defined, so its value is not checked`,
      "use 'content: application/json' for nested values",
    );
    const { name, in: place } = this.parameter;
    const spread = style === 'deepObject' || spreadReading({ name, in: place, reading, value: {} });
    return { value: {}, ...(spread ? { reading: { ...reading, unread: true } } : {}) };
  }

  /** Drops what text cannot be held to, since it does not say which of several values it stands for. */
  private weaken(value: ValueRule, reading: StyledReading): ValueRule {
    const parts = [
      ...(reading.items ? [reading.items] : []),
      ...(reading.prefixItems ?? []),
      ...Object.values(reading.properties ?? {}),
      ...(reading.additional ? [reading.additional] : []),
    ];
    const ambiguous = parts.some((types) => types.includes('string') && types.length > 1);
    const dropped = ambiguous ? dropAmbiguous(value) : value;
    if (dropped !== value) {
      this.notEnforced(
        this.parameter.node,
        'has elements that may be strings or something else, which text does not tell apart, so its alternatives are not checked',
        "give the elements one 'type'",
      );
    }
    return dropped;
  }

  private style(): Style {
    const { source, report, operation } = this.context;
    const allowed = STYLES[this.parameter.in];
    const initial = DEFAULT_STYLES[this.parameter.in];
    const node = source.child(this.parameter.node, 'style');
    const style = allowed.find((each) => each === (node.value ?? initial));
    if (style !== undefined) return style;

    report.problem(
      'PARAMETER_STYLE',
      node,
      `${operation}: ${this.subject} cannot have style ${JSON.stringify(node.value)}`,
      `use one of ${allowed.join(', ')}`,
    );
    return initial;
  }

  private explode(style: Style): boolean {
    const explode = this.context.source.child(this.parameter.node, 'explode').value;
    return styleOf(this.parameter.in, typeof explode === 'boolean' ? { style, explode } : { style }).explode;
  }

  private findUnnamed(): void {
    this.notEnforced(
      this.parameter.node,
      'is an exploded object whose properties it does not name: the service gets no cookie that is not named',
      "name them under 'properties', or write 'explode: false'",
    );
  }

  private get subject(): string {
    return `${this.parameter.in} parameter '${this.parameter.name}'`;
  }

  private notEnforced(place: Pick<Sourced, 'file' | 'pointer'>, message: string, remedy: string): void {
    this.context.report.finding(place, {
      code: 'NOT_ENFORCED',
      severity: FindingSeverity.WARNING,
      operation: this.context.operation,
      message: `${this.subject} ${message}`,
      remedy: `${remedy}, or let the service check it`,
    });
  }
}

/**
 * Without the keywords that look at elements from above them: these would have to know what an element's text
 * stands for. The same rule if there are none.
 */
function dropAmbiguous(rule: ValueRule): ValueRule {
  const { any, one, not, choice, contains, enum: values, all, ...rest } = rule;
  const members = all?.map(dropAmbiguous);
  const kept: ValueRule = {
    ...rest,
    ...(values && !values.some(isComposite) ? { enum: values } : {}),
    ...(any && !any.some(looksInside) ? { any } : {}),
    ...(one && !one.some(looksInside) ? { one } : {}),
    ...(not && !looksInside(not) ? { not } : {}),
    ...(choice && !Object.values(choice).some(looksInside) ? { choice } : {}),
    ...(members ? { all: members } : {}),
  };
  const lost = Object.keys(rule).length > Object.keys(kept).length;
  return lost || members?.some((member, index) => member !== all?.[index]) ? kept : rule;
}

function looksInside(rule: ValueRule): boolean {
  const parts = [
    ...(rule.all ?? []),
    ...(rule.any ?? []),
    ...(rule.one ?? []),
    ...(rule.not ? [rule.not] : []),
  ];
  return (
    (rule.items ?? rule.prefixItems ?? rule.properties ?? rule.additional ?? rule.contains ?? rule.ref) !==
      undefined ||
    (rule.enum?.some(isComposite) ?? false) ||
    [...parts, ...Object.values(rule.choice ?? {})].some(looksInside)
  );
}

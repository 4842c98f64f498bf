/** A synthesized template and the name of its stack. */
export interface StackTemplate {
  readonly stack: string;
  readonly template: CloudFormationTemplate;
  /** By logical id, the stacks it nests whose templates are given too. */
  readonly nested?: Readonly<Record<string, string>>;
}

/** What is read of a CloudFormation template. */
export interface CloudFormationTemplate {
  readonly Resources?: Readonly<Record<string, ResourceDefinition>>;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly Transform?: unknown;
  readonly Outputs?: Readonly<
    Record<string, { readonly Value?: unknown; readonly Export?: { Name?: unknown } }>
  >;
}

export interface ResourceDefinition {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
}

/** One resource of one of the templates. */
export interface Resource {
  /** Unique in all templates. */
  readonly key: string;
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Name of the stack that it nests, if that is here. */
  readonly nested?: string;
  /** Whether some deployments are without it. */
  readonly isConditional: boolean;
  /** The construct's path where the CDK wrote it down, else stack and logical id. */
  readonly label: string;
}

export type Fields = Readonly<Record<string, unknown>>;

/** `value` as an object; empty where it is none. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** `value` as a list; a single value is a list of one, as policies write it. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** The value at `path` below `fields`, or undefined. */
export function at(fields: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => fieldsOf(value)[key], fields);
}

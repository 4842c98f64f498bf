import { createHash } from 'node:crypto';
import type { Json } from './read';

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Json;
  readonly Metadata?: Json;
  readonly Condition?: string;
}

export interface CloudTemplate {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Json;
  readonly Conditions?: Json;
  readonly Mappings?: Json;
  readonly Outputs?: Json;
}

/** A synthesized stack and what lies beside its template. */
export interface StackSource {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly template: CloudTemplate;

  /** Folder or file of the asset with this key in the asset bucket; undefined if it is not here. */
  asset(objectKey: string): string | undefined;

  /** The stack of the same assembly that exports this name. */
  exporter(exportName: string): { readonly stack: StackSource; readonly value: unknown } | undefined;

  /** An output of a stack of the same assembly, which weakly coupled stacks refer to without an export. */
  output?(
    stackName: string,
    outputName: string,
  ): { readonly stack: StackSource; readonly value: unknown } | undefined;
}

export const LOCAL_ACCOUNT = '000000000000';
export const LOCAL_REGION = 'us-east-1';

/** An id that stays the same from run to run, so that what is derived from it does too. */
export function stackId({ name, account, region }: StackSource): string {
  const hash = createHash('sha256').update(`stack/${name}`).digest('hex');
  const uuid = [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `4${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-');
  return `arn:aws:cloudformation:${region}:${account}:stack/${name}/${uuid}`;
}

import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Policy } from '../protocol/policy';

/** Set by the CDK command line where assets are used from where they lie. */
const STAGING_DISABLED = 'aws:cdk:disable-asset-staging';

/** Contents of the authorizer's code asset. */
export interface AuthorizerAsset {
  /** Folder of the bundle. */
  readonly bundle: string;
  readonly policy: Policy;
  /** Further files beside the policy, by name. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * Defines what needs the code, with the asset's folder in place until the CDK has copied it.
 */
export function withAuthorizerCode<T>(
  context: { tryGetContext(key: string): unknown },
  { bundle, policy, files }: AuthorizerAsset,
  define: (code: lambda.Code) => T,
): T {
  const folder = mkdtempSync(join(tmpdir(), 'secure-api-gateway-'));
  cpSync(bundle, folder, { recursive: true });
  writeFileSync(join(folder, 'policy.json'), JSON.stringify(policy));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);

  const result = define(lambda.Code.fromAsset(folder));
  if (!context.tryGetContext(STAGING_DISABLED)) rmSync(folder, { recursive: true });
  return result;
}

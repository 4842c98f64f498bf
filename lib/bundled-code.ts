import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AssetStaging, FileAssetPackaging, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { handlerBundle } from './handler-bundle';

/** Set by the CDK command line where assets are used from where they lie. */
const STAGING_DISABLED = 'aws:cdk:disable-asset-staging';

/**
 * Code of a function whose bundle ships inside this package, with further files beside it.
 *
 * An asset without the CDK's S3 construct around it, which takes half of an empty app's synthesis to load.
 */
export class BundledCode extends lambda.Code {
  public readonly isInline = false;

  constructor(
    private readonly bundle: string,
    /** Texts by file name. */
    private readonly files: Readonly<Record<string, string>> = {},
  ) {
    super();
  }

  public override bind(scope: Construct): lambda.CodeConfig {
    const stack = Stack.of(scope);
    const folder = this.write();
    const staging = new AssetStaging(scope, 'Code', { sourcePath: folder });
    // staged means copied
    if (!scope.node.tryGetContext(STAGING_DISABLED)) rmSync(folder, { recursive: true });

    const { bucketName, objectKey } = stack.synthesizer.addFileAsset({
      sourceHash: staging.assetHash,
      fileName: staging.relativeStagedPath(stack),
      packaging: FileAssetPackaging.ZIP_DIRECTORY,
      displayName: this.bundle,
    });
    return { s3Location: { bucketName, objectKey } };
  }

  private write(): string {
    const folder = mkdtempSync(join(tmpdir(), 'secure-api-gateway-'));
    cpSync(handlerBundle(this.bundle), folder, { recursive: true });
    for (const [name, text] of Object.entries(this.files)) writeFileSync(join(folder, name), text);
    return folder;
  }
}

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { FileAssetPackaging, Stack, Stage } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { handlerBundle } from './handler-bundle';

/**
 * Code of a function whose bundle ships inside this package, with further files beside it.
 *
 * It is written into the cloud assembly as it is: the CDK's own staging takes half of an empty app's synthesis to load.
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
    const contents = { ...textsOf(handlerBundle(this.bundle)), ...this.files };
    const sourceHash = createHash('sha256')
      .update(JSON.stringify(Object.entries(contents).sort()))
      .digest('hex');
    const { outdir, assetOutdir } = stageOf(scope);

    const folder = join(assetOutdir, `asset.${sourceHash}`);
    if (!existsSync(folder)) {
      mkdirSync(folder, { recursive: true });
      for (const [name, text] of Object.entries(contents)) writeFileSync(join(folder, name), text);
    }
    const { bucketName, objectKey } = Stack.of(scope).synthesizer.addFileAsset({
      sourceHash,
      fileName: relative(outdir, folder),
      packaging: FileAssetPackaging.ZIP_DIRECTORY,
      displayName: this.bundle,
    });
    return { s3Location: { bucketName, objectKey } };
  }
}

function textsOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
}

function stageOf(scope: Construct): Stage {
  const stage = Stage.of(scope);
  if (!stage) throw new Error(`${scope.node.path} does not stand in an app`);
  return stage;
}

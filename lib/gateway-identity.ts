import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { GatewayBody } from './definition/compiled-api';
import { GatewayConfigurationError } from './errors';
import { KeySet } from './identity/key-set';
import { SigningKey } from './identity/signing-key';
import { KEY_SET_PATH } from './protocol/signing-keys';

/** The key that signs the identity handed to backends, and the operation that publishes its public halves. */
export class GatewayIdentity extends Construct {
  public readonly signingKey: SigningKey;
  public readonly keySet: KeySet;

  constructor(scope: Construct, id: string, logGroup: ILogGroup) {
    super(scope, id);
    this.signingKey = new SigningKey(this, 'SigningKey', { logGroup });
    this.keySet = new KeySet(this, 'KeySet', { publicKeys: this.signingKey.publicKeys, logGroup });
  }

  /** The body with the operation that publishes the keys. */
  public publishIn(body: GatewayBody, at: string): GatewayBody {
    if (KEY_SET_PATH in body.paths) {
      throw new GatewayConfigurationError([
        {
          code: 'RESERVED_PATH',
          at,
          message: `the document has an operation at ${KEY_SET_PATH}, where the gateway publishes its own keys`,
          remedy: 'serve the key set of your issuer from another path, or another host',
        },
      ]);
    }
    return {
      ...body,
      paths: { ...body.paths, [KEY_SET_PATH]: { get: this.keySet.operation } },
    };
  }
}

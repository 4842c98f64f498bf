import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';

/** What a service must know of the gateway before it. */
export interface TrustedGateway {
  /** `identityIssuer` of the gateway. */
  readonly issuer: string;
  /** This service's name among the gateway's backends. */
  readonly backend: string;
  /** The gateway's `/.well-known/jwks.json`. */
  readonly keys: URL;
}

/** Makes a check of requests: answers who calls, or throws where the gateway did not say so for this operation. */
export function identityVerifier({ issuer, backend, keys }: TrustedGateway) {
  const keySet = createRemoteJWKSet(keys);

  return async (authorization: string | undefined, operation: string): Promise<JWTPayload> => {
    const [, token] = /^Bearer (\S+)$/.exec(authorization ?? '') ?? [];
    if (!token) throw new Error('the request did not come through the gateway');

    const { payload } = await jwtVerify(token, keySet, {
      issuer,
      audience: backend,
      typ: 'gateway-identity+jwt',
      algorithms: ['ES256'],
      requiredClaims: ['exp', 'sub', 'operation'],
      maxTokenAge: '60 s',
      // clocks differ, and an identity comes within milliseconds of its signature
      clockTolerance: '5 s',
    });
    if (payload['operation'] !== operation) throw new Error('the identity is for another operation');
    return payload;
  };
}

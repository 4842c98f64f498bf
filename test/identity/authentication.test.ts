import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { GatewayConfigurationError } from '../../lib/errors';
import { Authentication } from '../../lib/identity/authentication';
import type { JwtAlgorithm } from '../../lib/identity/jwt-authentication';

const JWT = { issuer: 'https://id.example.com/', audiences: ['orders'] };

const codesOf = (authentication: Authentication) => authentication._problems('Api').map(({ code }) => code);

describe('Authentication.jwt', () => {
  test('pins RS256 and ES256 and a lifetime of a day by default', () => {
    expect(Authentication.jwt(JWT)._bind('customer', 'Api').configuration).toMatchObject({
      kind: 'jwt',
      issuer: JWT.issuer,
      audiences: ['orders'],
      algorithms: ['RS256', 'ES256'],
      maximumLifetimeSeconds: 86_400,
    });
  });

  test.each([
    ['no audience', { audiences: [] }, 'NO_AUDIENCE'],
    ['a blank audience', { audiences: [''] }, 'INVALID_AUDIENCE'],
    ['a wildcard for an audience', { audiences: ['*'] }, 'INVALID_AUDIENCE'],
    ['an issuer over http', { issuer: 'http://id.example.com/' }, 'INSECURE_URL'],
    ['an issuer that is no URL', { issuer: 'id.example.com' }, 'INSECURE_URL'],
    ['an issuer with a query', { issuer: 'https://id.example.com/?a=b' }, 'INSECURE_URL'],
    ['keys over http', { jwksUri: 'http://id.example.com/jwks' }, 'INSECURE_URL'],
    ['no algorithm', { algorithms: [] }, 'UNKNOWN_ALGORITHM'],
    ['a symmetric algorithm', { algorithms: ['HS256' as JwtAlgorithm] }, 'UNKNOWN_ALGORITHM'],
    ['algorithm none', { algorithms: ['none' as JwtAlgorithm] }, 'UNKNOWN_ALGORITHM'],
    ['a blank claim', { rolesClaim: ' ' }, 'BLANK_OPTION'],
  ])('fails on %s', (_, changes, code) => {
    const authentication = Authentication.jwt({ ...JWT, ...changes });

    expect(codesOf(authentication)).toEqual([code]);
    expect(() => authentication._bind('customer', 'Api')).toThrow(GatewayConfigurationError);
  });

  test('reports everything wrong at once', () => {
    const authentication = Authentication.jwt({ issuer: 'http://id/', audiences: [], algorithms: [] });

    expect(codesOf(authentication)).toEqual(['INSECURE_URL', 'NO_AUDIENCE', 'UNKNOWN_ALGORITHM']);
  });

  test('takes values known at deployment only', () => {
    const providerUrl = new UserPool(new Stack(), 'Pool').userPoolProviderUrl;

    expect(codesOf(Authentication.jwt({ issuer: providerUrl, audiences: [providerUrl] }))).toEqual([]);
  });
});

describe('Authentication.openIdConnect', () => {
  const url = 'https://id.example.com/realms/a/.well-known/openid-configuration';

  test('takes the issuer from the discovery URL', () => {
    expect(
      Authentication.openIdConnect(url, { audiences: ['a'] })._bind('sso', 'Api').configuration,
    ).toMatchObject({ issuer: 'https://id.example.com/realms/a', discoveryUri: url });
  });

  test('fails on a URL that is no discovery URL', () => {
    expect(codesOf(Authentication.openIdConnect('https://id.example.com/', { audiences: ['a'] }))).toContain(
      'INVALID_DISCOVERY_URL',
    );
  });
});

describe('Authentication.cognito', () => {
  test('accepts access tokens of the given clients, and no ID tokens', () => {
    const stack = new Stack();
    const pool = UserPool.fromUserPoolArn(
      stack,
      'Pool',
      'arn:aws:cognito-idp:eu-west-1:1:userpool/eu-west-1_a',
    );
    const client = pool.addClient('Client');

    expect(Authentication.cognito(pool, { clients: [client] })._bind('c', 'Api').configuration).toMatchObject(
      {
        issuer: expect.stringContaining('eu-west-1_a'),
        audiences: [client.userPoolClientId],
        audienceClaim: 'client_id',
        requiredClaims: { token_use: 'access' },
        algorithms: ['RS256'],
        rolesClaim: 'cognito:groups',
      },
    );
  });

  test('fails without a client, naming the option', () => {
    const pool = UserPool.fromUserPoolId(new Stack(), 'Pool', 'eu-west-1_a');

    expect(Authentication.cognito(pool, { clients: [] })._problems('Api')).toMatchObject([
      { code: 'NO_AUDIENCE', message: "'clients' is empty" },
    ]);
  });
});

describe('Authentication.apiKey', () => {
  const storeOf = (prefix: string) => {
    const table = new Table(new Stack(), 'Keys', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
    });
    return { table, prefix, environment: 'live', grantRead: table.grantReadData.bind(table) };
  };

  test('binds the store it reads', () => {
    const keys = storeOf('sk');

    const { configuration, table } = Authentication.apiKey({ keys })._bind('machine', 'Api');

    expect(configuration).toEqual({ kind: 'apiKey', prefix: 'sk', environment: 'live' });
    expect(table).toBe(keys.table);
  });

  test('fails on a prefix no key can have', () => {
    expect(codesOf(Authentication.apiKey({ keys: storeOf('S_K') }))).toEqual(['INVALID_KEY_LABEL']);
  });
});

describe('Authentication.introspection', () => {
  const optionsOf = () => ({
    issuer: 'https://id.example.com/',
    endpoint: 'https://id.example.com/introspect',
    audiences: ['orders'],
    clientId: 'gateway',
    clientSecret: new Secret(new Stack(), 'Client'),
  });

  test('proves the client by its password by default', () => {
    expect(Authentication.introspection(optionsOf())._bind('sso', 'Api').configuration).toMatchObject({
      kind: 'introspection',
      clientAuthentication: 'client_secret_basic',
      endpoint: 'https://id.example.com/introspect',
    });
  });

  test('lets the authorizer read the secret of the client, and no other', () => {
    const stack = new Stack();
    const options = { ...optionsOf(), clientSecret: new Secret(stack, 'Client') };
    const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });

    Authentication.introspection(options)._bind('sso', 'Api').grant(role);

    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          {
            Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
            Effect: 'Allow',
            Resource: stack.resolve(options.clientSecret.secretArn),
          },
        ],
      },
    });
  });

  test.each([
    ['an endpoint over http', { endpoint: 'http://id.example.com/introspect' }, 'INSECURE_URL'],
    ['no audience', { audiences: [] }, 'NO_AUDIENCE'],
    ['a blank client', { clientId: '' }, 'BLANK_OPTION'],
  ])('fails on %s', (_, changes, code) => {
    expect(codesOf(Authentication.introspection({ ...optionsOf(), ...changes }))).toEqual([code]);
  });
});

describe('Authentication.clientCertificate', () => {
  test('accepts whatever the truststore vouches for by default', () => {
    expect(Authentication.clientCertificate()._bind('mutual', 'Api').configuration).toEqual({
      kind: 'clientCertificate',
      allowedSubjects: undefined,
    });
  });

  test.each([
    ['no subject', []],
    ['a subject that is no distinguished name', ['batch']],
  ])('fails on %s', (_, allowedSubjects) => {
    expect(codesOf(Authentication.clientCertificate({ allowedSubjects }))).toEqual(['INVALID_SUBJECT']);
  });
});

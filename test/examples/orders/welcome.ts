import { DENIED_ADDRESS, FOREIGN_ADDRESS, from, type Sample } from './sample';

/** What `npm start` says once everything runs. */
export function welcome({ gateway, service, provider, people, machines }: Sample): string {
  const url = (path: string) => `'${gateway.url}${path}'`;
  const keys = (what: string) => keysCommand({ gateway, machines }, what);
  const [, , carrier = ''] = machines.carrier.split('_');
  const carrierId = carrier.slice(0, 12);
  return `
The orders sample is behind its gateway, on this machine only.

  gateway            ${gateway.url}
  OpenID provider    ${provider.issuer} (its certificate is trusted by the authorizer only)
  orders service     ${service.url} (private: in AWS nothing but the gateway reaches it)
${gateway.ignored.map((sentence) => `  not as deployed    ${shortened(sentence)}\n`).join('')}
Credentials, good for an hour:

  ALICE=${people.alice}
  ADMIN=${people.admin}
  CARRIER=${machines.carrier}

Requests, to be pasted after them:

  curl -i ${url('health')}
  curl -i ${url('orders')}
  curl -i ${url('orders')} ${header(from(DENIED_ADDRESS))}
  curl -i ${url('orders')} ${header(from(FOREIGN_ADDRESS))}
  curl -i ${url('orders?limit=1%27%20OR%20%271%27=%271')}
  curl -i ${url('orders?limit=10')} -H "Authorization: Bearer $ALICE"
  curl -i ${url('orders?limit=1000')} -H "Authorization: Bearer $ALICE"
  curl -i ${url('customers/bob/orders')} -H "Authorization: Bearer $ALICE"
  curl -i -X DELETE ${url('orders/00000001')} -H "Authorization: Bearer $ADMIN"
  curl -i ${url('shipments?carrier=Royal%20Mail')} -H "X-Api-Key: $CARRIER"

Keys, listed, made, rotated and revoked from another terminal:

  ${keys('list')}
  ${keys('create --tenant carrier --scope shipments:read')}
  ${keys(`rotate ${carrierId} --overlap 24h`)}
  ${keys(`revoke ${carrierId}`)}

Each request is a line below. Ctrl-C ends it.
`;
}

/** The command line on the key table of the sample, to be run in this folder. */
export function keysCommand(
  { gateway, machines }: Pick<Sample, 'gateway' | 'machines'>,
  what: string,
): string {
  const place = `--table ${machines.table} --endpoint ${gateway.endpoints.dynamodb} --region local`;
  return `AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local npx tsx bin/secure-api-gateway.ts keys ${what} ${place}`;
}

const header = (headers: Readonly<Record<string, string>>) =>
  Object.entries(headers)
    .map(([name, value]) => `-H '${name}: ${value}'`)
    .join(' ');

/** To the width of a terminal; `gateway.ignored` has it all. */
function shortened(sentence: string): string {
  return sentence.length > 100 ? `${sentence.slice(0, 99)}…` : sentence;
}

import { once } from 'node:events';
import { connect, constants } from 'node:http2';
import { request } from 'node:https';
import { Readable } from 'node:stream';
import type { ApiModel } from '../../lib/local/model/api';
import { type IncomingRequest, readRequest } from '../../lib/local/server/read-request';
import { createThrowawayAuthority, type ServerCredentials } from '../../lib/local/throwaway-authority';
import { run } from './running';
import { proxied } from './template';

interface Client extends Partial<ServerCredentials> {
  readonly ca: string | undefined;
  readonly maxVersion?: 'TLSv1.1';
}

function get(url: string, client: Client): Promise<number | undefined> {
  return new Promise((done, failed) => {
    request(url, { ...client, agent: false }, (response) => {
      response.resume();
      done(response.statusCode);
    })
      .on('error', failed)
      .end();
  });
}

describe('a local gateway over TLS', () => {
  test('serves a certificate of its own throw-away authority', async () => {
    const running = await run({}, { tls: {} });
    const { authority, url } = running.gateway;

    expect(url).toMatch(/^https:/);
    await expect(get(`${url}orders`, { ca: authority })).resolves.toBe(200);
    await expect(get(`${url}orders`, { ca: undefined })).rejects.toThrow(/certificate/);
    await expect(get(`${url}orders`, { ca: authority, maxVersion: 'TLSv1.1' })).rejects.toThrow();
    await running.close();
  });

  test('speaks HTTP/2 too, and hands the backend what HTTP/1.1 would', async () => {
    const running = await run({}, { tls: {} });
    const { authority, url } = running.gateway;
    const session = connect(new URL(url).origin, { ca: authority });
    const stream = session.request({ ':path': `${new URL(url).pathname}orders`, 'x-twice': ['a', 'b'] });
    const [answer] = await once(stream, 'response');
    stream.close();
    session.close();

    expect(answer).toMatchObject({ ':status': 200, 'x-amzn-requestid': expect.any(String) });
    expect(Object.keys(answer)).not.toContain('connection');
    expect(running.gateway.requests()).toMatchObject([{ status: 200 }]);
    expect(running.backend.last().rawHeaders.filter((text) => text.startsWith(':'))).toEqual([]);
    await running.close();
  });

  test('takes over HTTP/2 no body that was broken off, and no method in lower case', async () => {
    const running = await run({ operations: { 'PUT /files': proxied('/files') } }, { tls: {} });
    const { authority, url } = running.gateway;
    const session = connect(new URL(url).origin, { ca: authority });
    const files = (method: string) =>
      session.request({ ':path': `${new URL(url).pathname}files`, ':method': method });

    const broken = files('PUT');
    broken.on('error', () => {});
    broken.write('half of');
    // answered in order of their arrival: the server has both what was written and the end of it
    await new Promise((done) => session.ping(done));
    broken.close(constants.NGHTTP2_CANCEL);
    const lower = files('put').end();
    const [answer] = await once(lower, 'response');
    lower.close();
    const whole = files('PUT').end('whole');
    await once(whole, 'response');
    whole.close();
    session.close();

    expect(answer).toMatchObject({ ':status': 403 });
    expect(running.backend.received.map(({ body }) => String(body))).toEqual(['whole']);
    await running.close();
  });

  test('reads no request whose body was broken off', async () => {
    const message = (aborted: boolean) =>
      Object.assign(Readable.from([Buffer.from('half')]), {
        aborted,
        rawHeaders: [],
        socket: { remoteAddress: '::1' },
      }) as unknown as IncomingRequest;
    const api = { basePath: 'prod' } as ApiModel;

    await expect(readRequest(message(true), api, {})).rejects.toThrow('went away');
    await expect(readRequest(message(false), api, {})).resolves.toMatchObject({ tooLarge: false });
  });

  test('with client authorities refuses the handshake of a client without a certificate', async () => {
    const [own, clients, strangers] = await Promise.all([1, 2, 3].map(() => createThrowawayAuthority()));
    const running = await run(
      {},
      { tls: { ...(await own!.issue()), clientAuthorities: clients!.certificate } },
    );
    const url = `${running.gateway.url}orders`;
    const ca = own!.certificate;

    await expect(get(url, { ca })).rejects.toThrow();
    await expect(get(url, { ca, ...(await strangers!.issue('client')) })).rejects.toThrow();
    expect(running.gateway.requests()).toHaveLength(0);
    await running.close();
  });

  test('shows the authorizer the certificate of the client', async () => {
    const [own, clients] = await Promise.all([1, 2].map(() => createThrowawayAuthority()));
    const running = await run(
      {},
      { tls: { ...(await own!.issue()), clientAuthorities: clients!.certificate } },
    );

    const status = await get(`${running.gateway.url}orders`, {
      ca: own!.certificate,
      ...(await clients!.issue('client')),
    });

    const [event] = running.gateway.logs('Authorizer').map(({ line }) => JSON.parse(line));
    expect(status).toBe(200);
    expect(event.requestContext.identity.clientCert).toEqual({
      clientCertPem: expect.stringMatching(/^-----BEGIN CERTIFICATE-----/),
      subjectDN: 'CN=localhost',
      issuerDN: expect.stringContaining('CN=secure-api-gateway local'),
      serialNumber: expect.stringMatching(/^([0-9a-f]{2}:)+[0-9a-f]{2}$/),
      validity: { notBefore: expect.any(String), notAfter: expect.any(String) },
    });
    await running.close();
  });
});

import { BodySize, type EdgeOperation, type WebAclProps } from '../../lib';
import { built, ending, GOOD, json, type Request } from './full-web-acl';

const KEY = `sk_live_${'a'.repeat(50)}`;

describe('bodies', () => {
  test('come to operations that take one only', () => {
    const to = (bodies: WebAclProps['bodies'], request: Request) =>
      ending(built({ bodies, pathPrefixes: ['/prod'] }).fresh(), request);
    const files = [{ method: 'POST', path: '/files/{id}' }];

    expect(to(files, json('{}', { path: '/prod/files/1' }))).toBeUndefined();
    expect(to(files, json('{}', { path: '/prod/files' }))).toBe('media-type');
    expect(to(files, json('{}', { path: '/prod/files/1', method: 'PUT' }))).toBe('media-type');
    expect(to(files, { ...GOOD, path: '/prod/other' })).toBeUndefined();
    expect(to([], json('{}', { path: '/prod/files/1' }))).toBe('media-type');
    expect(to(undefined, json('{}', { path: '/prod/other' }))).toBeUndefined();
  });

  test('come to none that takes none, though its path reads as that of one that takes them', () => {
    const bodies = [
      { method: 'POST', path: '/files/{id}' },
      { method: 'POST', path: '/files/index/{part}' },
    ];
    const others = ['/files/index', '/files/all', '/files/{id}/parts'].map((path) => ({
      method: 'POST',
      path,
      size: BodySize.KB_16,
    }));
    const bodySizes = [...others, { method: 'PUT', path: '/files/other', size: BodySize.KB_16 }];
    const to = (path: string, body = '{}') =>
      ending(built({ bodies, bodySizes, pathPrefixes: ['/prod'] }).fresh(), json(body, { path }));

    for (const path of ['index', '%69ndex', 'inde%78', 'all', '%61ll', '1/parts']) {
      expect([path, to(`/prod/files/${path}`)]).toEqual([path, 'media-type']);
      expect([path, to(`/files/${path}`)]).toEqual([path, 'media-type']);
    }
    for (const path of ['1', 'indexes', 'index/1', 'index/parts', 'other', 'al']) {
      expect([path, to(`/prod/files/${path}`)]).toEqual([path, undefined]);
    }
    expect(to('/prod/files/index', '')).toBeUndefined();
  });

  describe('before a web ACL by hand', () => {
    const [files, index]: EdgeOperation[] = [
      { method: 'POST', path: '/files/{id}' },
      { method: 'POST', path: '/files/index' },
    ];
    const to = (props: WebAclProps, path: string, body: string | Buffer = '{}') =>
      ending(built({ ...props, pathPrefixes: ['/prod'] }).fresh(), json(body, { path }));
    const large = Buffer.alloc(20 * 1024, 'x');

    test('come to no operation that may take any, unless it is among those that take one', () => {
      const bodies = [{ method: 'POST', path: '/other' }];

      expect(to({ bodies, uninspected: [files!] }, '/prod/files/1')).toBe('media-type');
      expect(
        to({ bodies: [...bodies, files!], uninspected: [files!] }, '/prod/files/1', large),
      ).toBeUndefined();
    });

    test('are no larger than theirs where the path reads as that of an operation that may take any', () => {
      const props = { bodies: [files!, index!], uninspected: [files!] };

      expect(to(props, '/prod/files/1', large)).toBeUndefined();
      for (const path of ['index', '%69ndex', 'inde%78']) {
        expect([path, to(props, `/prod/files/${path}`)]).toEqual([path, undefined]);
        expect([path, to(props, `/prod/files/${path}`, large)]).toEqual([path, 'body-size-16']);
      }
    });

    test('are refused where the path reads as that of one that takes them, and is of one that only may take any', () => {
      const props = { bodies: [files!], uninspected: [index!] };

      expect(to(props, '/prod/files/1')).toBeUndefined();
      expect(to(props, '/prod/files/index')).toBe('media-type');
    });

    test.each<[string, WebAclProps]>([
      ['that takes one', { bodies: [files!, index!] }],
      ['of a size', { bodySizes: [{ ...index!, size: BodySize.KB_32 }] }],
      ['that may take any', { uninspected: [index!] }],
    ])('hold no key where the path reads as that of one that takes keys, and is of one %s', (_, more) => {
      const props = { apiKeys: [{ prefix: 'sk', environment: 'live' }], credentialBodies: [files!], ...more };
      const body = JSON.stringify({ key: KEY });

      expect(to(props, '/prod/files/1', body)).toBeUndefined();
      expect(to(props, '/prod/files/index', body)).toBe('body-credentials');
    });
  });
});

import { Rate, type SecureApiGatewayProps } from '../lib';
import { gatewayStack } from './fixtures/gateway';
import { codesOf } from './fixtures/problems';

const withRates = (...rates: Rate[]): SecureApiGatewayProps['edge'] => ({ rates });

describe('the edge of a gateway', () => {
  test.each([
    ['/ordres', undefined],
    ['/prod/orders', undefined],
    ['/orders', 'POTS'],
  ])('fails with a rate on a path that leads to no operation: %s %s', (path, method) => {
    const rate = Rate.onPath(path, 100, undefined, method ? { method } : undefined);

    expect(codesOf(() => gatewayStack({ edge: withRates(rate) }))).toEqual(['UNKNOWN_RATE_PATH']);
  });

  test('takes a rate on an operation, and on one path of it', () => {
    const rates = [Rate.onPath('/orders', 100, undefined, { method: 'get' }), Rate.onPath('/orders/', 100)];

    expect(codesOf(() => gatewayStack({ edge: withRates(...rates) }))).toEqual([]);
  });
});

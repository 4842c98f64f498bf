import { App, Stack } from 'aws-cdk-lib';
import { Countries, WebAcl } from '../../lib';
import { GatewayConfigurationError } from '../../lib/errors';

/** The problems of a web ACL with these countries. */
function problemsOf(countries: Countries) {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Stack');
  try {
    new WebAcl(stack, 'Acl', { countries });
    return [];
  } catch (error) {
    return error instanceof GatewayConfigurationError ? error.problems : [error];
  }
}

describe('Countries', () => {
  test('are any that AWS WAF knows', () => {
    expect(problemsOf(Countries.only('GB', 'FR', 'XK', 'AX', 'BQ', 'UM', 'ZW'))).toEqual([]);
  });

  test.each([
    ['a code no longer in force', ['UK'], '["UK"]', "write 'GB'"],
    ['lower case', ['fr', 'DE'], '["fr"]', "write 'FR'"],
    ['a blank behind', ['FR '], '["FR "]', "write 'FR'"],
    ['several at once', ['UK', 'GB', 'de'], '["UK","de"]', "write 'GB', 'DE'"],
    ['a code of no country', ['FR', 'XX'], '["XX"]', "write for example Countries.only('GB', 'FR')"],
    ['a union of countries', ['EU'], '["EU"]', "write for example Countries.only('GB', 'FR')"],
    ["Unicode's unknown region", ['ZZ'], '["ZZ"]', "write for example Countries.only('GB', 'FR')"],
    ['a name', ['France'], '["France"]', "write for example Countries.only('GB', 'FR')"],
  ])('are refused for %s', (_, codes, got, remedy) => {
    expect(problemsOf(Countries.allBut(...codes))).toEqual([
      {
        code: 'INVALID_COUNTRIES',
        at: 'Stack/Acl',
        message: `'countries' needs ISO 3166-1 alpha-2 codes that AWS WAF knows, got ${got}`,
        remedy,
      },
    ]);
  });

  test('are refused where there are none', () => {
    expect(problemsOf(Countries.only())).toEqual([
      expect.objectContaining({ code: 'INVALID_COUNTRIES', message: "'countries' names none" }),
    ]);
  });
});

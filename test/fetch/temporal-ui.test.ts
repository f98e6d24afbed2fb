import { checkUiUrl, temporalUi } from '../../src/fetch/temporal-ui';

describe('temporalUi', () => {
  it('is at the given address, for the namespace of the connection', () => {
    expect(temporalUi('https://ui.example.com/', { namespace: 'shop', address: 'a:7233' })).toEqual({
      url: 'https://ui.example.com',
      namespace: 'shop',
    });
  });

  it.each(['shop.a1b2c.tmprl.cloud:7233', 'eu-west-1.aws.api.temporal.io:7233'])(
    'is that of Temporal Cloud for %s',
    (address) => {
      expect(temporalUi(undefined, { address, namespace: 'shop.a1b2c' })?.url).toBe(
        'https://cloud.temporal.io',
      );
    },
  );

  it('is not known for another address', () => {
    expect(temporalUi(undefined, { address: 'temporal.internal:7233' })).toBeNull();
  });

  it('does without a profile that cannot be read', () => {
    expect(temporalUi('http://localhost:8233', { configFile: '/no/temporal.toml' })).toEqual({
      url: 'http://localhost:8233',
      namespace: 'default',
    });
  });
});

describe('checkUiUrl', () => {
  it.each(['javascript:alert(1)', 'temporal.example.com', ''])('refuses %j', (url) => {
    expect(() => checkUiUrl(url)).toThrow(/uiUrl/);
  });

  it('accepts a page', () => {
    expect(() => checkUiUrl('http://localhost:8233')).not.toThrow();
  });
});

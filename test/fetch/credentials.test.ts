import { inspect } from 'node:util';
import { connectCluster } from '../../src/fetch/connect';
import { clusterError } from '../../src/fetch/cluster-error';
import { secretsOf, withSendableCredentials } from '../../src/fetch/credentials';

const KEY = 'SECRETKEY123';

describe('the API key of a connection', () => {
  it('loses the line break that a file ends with', () => {
    expect(withSendableCredentials({ apiKey: `${KEY}\n` })).toEqual({ apiKey: KEY });
  });

  it.each(['\n', '\u001b[31m', '\u202e', 'é'])(
    'is refused with %j in it, and not quoted',
    async (character) => {
      const connecting = connectCluster({ address: '127.0.0.1:1', apiKey: `${KEY}${character}${KEY}` });

      const err: unknown = await connecting.catch((thrown: unknown) => thrown);

      expect(err).toMatchObject({ code: 'CONFIG_INVALID', exitCode: 2 });
      expect(inspect(err)).toContain('The API key contains a character');
      expect(inspect(err, { depth: null })).not.toContain(KEY);
    },
  );

  it('is in no message of a cluster that quotes it, nor in the cause', () => {
    const profile = { apiKey: KEY, grpcMeta: { authorization: 'Token other-secret', 'x-env': 'prod' } };
    const details = `prod: Metadata string value "Bearer ${KEY}" and other-secret`;
    const refusal = Object.assign(new Error(`16 UNAUTHENTICATED: ${details}`), { code: 16, details });

    const err = clusterError(refusal, {
      ...{ address: 'a:7233', namespace: 'orders', tls: true },
      secrets: secretsOf(profile),
    });

    expect(err.message).toBe(
      'No permission for namespace orders at a:7233: prod: Metadata string value "Bearer (redacted)" and (redacted)',
    );
    expect(inspect(err, { depth: null, showHidden: true })).not.toMatch(/SECRETKEY|other-secret/);
  });
});

describe('a header of a connection', () => {
  it('is refused by its name if it cannot be sent', () => {
    expect(() => withSendableCredentials({ grpcMeta: { 'x-token': `${KEY}\n` } })).toThrow(
      'The header x-token contains a character that cannot be sent, such as a line break.',
    );
  });
});

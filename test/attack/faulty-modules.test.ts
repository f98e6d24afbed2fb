import { attack } from './faulty-modules.attack';

it('judges no code by modules of the service that end their process, and passes no gate with them', async () => {
  const only = [
    'the module exits',
    'decoding exits',
    'decoding answers with holes',
    'decoding rejects elsewhere',
    'decoding is killed once',
  ];

  expect(await attack({ only })).toEqual({ tried: only.length, failures: [] });
}, 120_000);

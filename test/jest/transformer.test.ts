/** TypeScript as services write it, compiled by the preset. */
import { JEST, runSuite, writeService } from '../helpers/test-service';

const BASE = {
  'package.json': '{ "name": "service", "private": true }',
  'jest.config.js': `module.exports = { preset: 'temporal-replay' };\n`,
};

const USES_DECORATOR = `import { Service } from './service';
it('is decorated', () => expect(new Service().greet()).toBe('hello!'));
`;

it.each([
  [
    'decorators of TypeScript, where tsconfig.json asks for them',
    {
      'tsconfig.json': '{ "compilerOptions": { "experimentalDecorators": true } }',
      'service.test.ts': USES_DECORATOR,
      'service.ts': `function loud(_: object, __: string, descriptor: PropertyDescriptor): void {
  const greet = descriptor.value as () => string;
  descriptor.value = () => greet() + '!';
}
export class Service {
  @loud greet(): string { return 'hello'; }
}
`,
    },
  ],
  [
    'decorators of the standard',
    {
      'service.test.ts': USES_DECORATOR,
      'service.ts': `function loud(greet: () => string, context: ClassMethodDecoratorContext): () => string {
  if (context.kind !== 'method') throw new TypeError(context.kind);
  return () => greet() + '!';
}
export class Service {
  @loud greet(): string { return 'hello'; }
}
`,
    },
  ],
  [
    'JSX',
    {
      'mail.test.tsx': `import { Mail } from './mail';
jest.mock('react/jsx-runtime', () => ({ jsx: (type: unknown, props: object) => ({ type, props }) }), { virtual: true });
it('is compiled', () => expect(<Mail name="Ann" />).toEqual({ type: Mail, props: { name: 'Ann' } }));
`,
      'mail.tsx': `export const Mail = ({ name }: { name: string }) => <p>Dear {name}</p>;\n`,
    },
  ],
  [
    'enums, parameter properties and namespaces',
    {
      'order.test.ts': `import { Kind, Order, Prices } from './order';
it('is compiled', () => expect([new Order('o1', Kind.Gift).id, Kind[1], Prices.vat]).toEqual(['o1', 'Gift', 0.2]));
`,
      'order.ts': `export enum Kind { Plain, Gift }
export namespace Prices { export const vat = 0.2; }
export class Order { constructor(readonly id: string, readonly kind: Kind) {} }
`,
    },
  ],
])('%s', async (_, files) => {
  const { output, code } = await runSuite(writeService({ ...BASE, ...files }), [JEST]);

  expect(output).toContain('Tests:       1 passed, 1 total');
  expect(code).toBe(0);
});

it('names the line of the source where a test fails', async () => {
  const service = writeService({
    ...BASE,
    'fails.test.ts': `interface Unused {
  nothing: string;
}

it('fails', () => {
  const found: Unused | null = null;
  expect(found).not.toBeNull();
});
`,
  });

  const { output } = await runSuite(service, [JEST]);

  expect(output).toContain('fails.test.ts:7:21');
});

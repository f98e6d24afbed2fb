/** Generates small programs that call `patched('x')` in many places, and runs them. */
import { random } from '../helpers/random';

/** The names that a place can use. */
interface Scope {
  readonly visible: readonly string[];
  /** Names that the block and those around it have declared or used: they do not declare them later. */
  readonly taken: readonly Set<string>[];
  readonly flags: readonly string[];
  readonly inLoop: boolean;
  readonly isAsync: boolean;
}

const NAMES = ['a', 'b', 'c', 'd'];

class Generator {
  private calls = 0;
  private flagCount = 0;
  readonly helpers: string[] = [];

  constructor(private readonly random: () => number) {}

  program(): string {
    const declarations: string[] = [];
    if (this.chance(0.4)) {
      const value = this.pick(["patched('x')", "!patched('x')", "patched('x') === true"]);
      const form = this.pick([
        `const useIt = () => ${value};`,
        `function useIt() {\n  return ${value};\n}`,
        `const useIt = () => { return ${value}; };`,
      ]);
      declarations.push(form);
      this.helpers.push('useIt()');
    }
    if (this.chance(0.3)) {
      declarations.push('const hasChange = (id) => patched(id);', "const ID = 'x';");
      this.helpers.push("hasChange('x')", 'hasChange(ID)');
    }
    const scope: Scope = { visible: ['p', 'q'], taken: [], flags: [], inLoop: false, isAsync: true };
    const body = this.statements(scope, 3, '  ');
    return [
      ...(this.chance(0.5) ? ["'use strict';"] : []),
      "const { patched } = require('@temporalio/workflow');",
      ...declarations,
      'exports.run = async function run(p, q) {',
      '  let count = 0;',
      ...body,
      '};',
      '',
    ].join('\n');
  }

  private chance(share: number): boolean {
    return this.random() < share;
  }

  private pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.random() * items.length)]!;
  }

  private statements(outer: Scope, depth: number, indent: string, more: Partial<Scope> = {}): string[] {
    let scope: Scope = { ...outer, taken: [new Set(), ...outer.taken], ...more };
    const lines: string[] = [];
    for (let n = 1 + Math.floor(this.random() * 4); n > 0; n--) {
      const declared = this.declaration(scope, depth, indent);
      if (declared) {
        scope = declared.scope;
        lines.push(...declared.lines);
      } else lines.push(...this.statement(scope, depth, indent));
    }
    if (this.chance(0.15)) lines.push(`${indent}// The end of the block.`);
    return lines;
  }

  private declaration(scope: Scope, depth: number, indent: string): { scope: Scope; lines: string[] } | null {
    if (!this.chance(0.35)) return null;
    if (this.chance(0.4)) {
      const name = `flag${this.flagCount++}`;
      const kind = this.pick(['const', 'let']);
      const value = this.pick([this.patch(scope), `!${this.patch(scope)}`, this.expression(scope, 1)]);
      const rest = this.chance(0.2) ? `, more${this.flagCount} = ${this.expression(scope, 1)}` : '';
      const first = this.chance(0.2) ? `less${this.flagCount} = ${this.expression(scope, 1)}, ` : '';
      const next = { ...scope, flags: [...scope.flags, name] };
      return { scope: next, lines: [`${indent}${kind} ${first}${name} = ${value}${rest};`] };
    }
    const free = NAMES.filter((name) => !scope.taken[0]!.has(name));
    if (free.length === 0) return null;
    const name = this.pick(free);
    const value = this.expression(scope, depth - 1);
    if (scope.taken[0]!.has(name)) return null;
    scope.taken[0]!.add(name);
    const line = this.pick([
      `const ${name} = ${value};`,
      `let ${name} = ${value};`,
      `const { ${name} = ${value} } = { z: 1 };`,
    ]);
    return { scope: { ...scope, visible: [...scope.visible, name] }, lines: [`${indent}${line}`] };
  }

  private block(scope: Scope, depth: number, indent: string, more: Partial<Scope> = {}): string {
    if (this.chance(0.2)) return `{ ${this.simple(scope, depth)} }`;
    const comment = this.chance(0.2) ? ' // A comment.' : '';
    return `{${comment}\n${this.statements(scope, depth - 1, `${indent}  `, more).join('\n')}\n${indent}}`;
  }

  private body(scope: Scope, depth: number, indent: string): string {
    return this.chance(0.25) ? this.simple(scope, depth) : this.block(scope, depth, indent);
  }

  private simple(scope: Scope, depth: number): string {
    return this.pick([
      `${this.statementExpression(scope, depth)};`,
      `${this.statementExpression(scope, depth)};`,
      `return ${this.expression(scope, depth - 1)};`,
      scope.inLoop ? this.pick(['break;', 'continue;']) : 'count++;',
      'return;',
    ]);
  }

  private statement(scope: Scope, depth: number, indent: string): string[] {
    const test = (): string => this.test(scope, depth - 1);
    if (depth <= 0) return [`${indent}${this.simple(scope, depth)}`];
    const kinds: (() => string)[] = [
      () => `${this.statementExpression(scope, depth)};`,
      () => `${this.statementExpression(scope, depth)};`,
      () => `if (${test()}) ${this.body(scope, depth, indent)}`,
      () => `if (${test()}) ${this.block(scope, depth, indent)} else ${this.body(scope, depth, indent)}`,
      () =>
        `if (${test()}) ${this.block(scope, depth, indent)} else if (${test()}) ${this.block(scope, depth, indent)} else ${this.block(scope, depth, indent)}`,
      () =>
        `if (${test()}) ${this.block(scope, depth, indent)} else if (${test()}) ${this.body(scope, depth, indent)}`,
      () =>
        `for (let i = ${this.pick(['0', `${test()} ? 0 : 1`])}; i < 2 ${this.pick(['', `&& (${test()})`])}; i++) ${this.block(scope, depth, indent, { inLoop: true })}`,
      () =>
        `for (const item of ${this.pick(['[1, 2]', `${test()} ? [1] : [2, 3]`])}) ${this.block(scope, depth, indent, { inLoop: true })}`,
      () => `while ((${test()}) && tick()) ${this.block(scope, depth, indent, { inLoop: true })}`,
      () => `do ${this.block(scope, depth, indent, { inLoop: true })} while (tick() && (${test()}));`,
      () =>
        `switch (${this.expression(scope, 1)}) {\n${indent}  case ${this.expression(scope, 1)}:\n${this.statements(scope, depth - 1, `${indent}    `).join('\n')}\n${indent}    break;\n${indent}  default:\n${indent}    ${this.simple(scope, depth)}\n${indent}}`,
      () =>
        `try ${this.block(scope, depth, indent)} ${this.pick([`catch (err) ${this.block(scope, depth, indent)}`, `finally ${this.block(scope, depth - 1, indent)}`])}`,
      () =>
        `label: ${this.pick([`if (${test()}) `, ''])}{\n${indent}  if (${test()}) break label;\n${indent}  ${this.statementExpression(scope, depth)};\n${indent}}`,
      () => this.block(scope, depth, indent),
      () => `if (${test()}) ${this.simple(scope, depth)}`,
    ];
    const comment = this.chance(0.15) ? [`${indent}// Comes before a statement.`] : [];
    return [...comment, `${indent}${this.pick(kinds)()}`];
  }

  /** Returns an expression that has to do with the patch more often than not. */
  private test(scope: Scope, depth: number): string {
    const patch = this.patch(scope);
    return this.pick([
      patch,
      `!${patch}`,
      `${patch} && ${this.operand(scope, depth)}`,
      `${this.operand(scope, depth)} && ${patch}`,
      `${this.operand(scope, depth)} && !${patch}`,
      `${this.operand(scope, depth)} || !${patch}`,
      `${this.operand(scope, depth)} || ${patch}`,
      `!(${this.operand(scope, depth)} && ${patch})`,
      `${patch} === ${this.pick(['true', 'false'])}`,
      this.expression(scope, depth),
    ]);
  }

  private patch(scope: Scope): string {
    return this.pick(["patched('x')", "patched('x')", "(patched('x'))", ...scope.flags, ...this.helpers]);
  }

  private operand(scope: Scope, depth: number): string {
    return `(${this.expression(scope, depth)})`;
  }

  private statementExpression(scope: Scope, depth: number): string {
    const e = (): string => this.operand(scope, depth - 1);
    return this.pick([
      this.call(scope),
      `${this.patch(scope)} && ${e()}`,
      `${this.operand(scope, 0)} && ${this.patch(scope)} && ${e()}`,
      `${this.patch(scope)} ? ${e()} : ${e()}`,
      `act(${this.callNumber()}, ${e()}, ${e()})`,
      `count += ${e()} ? 1 : 2`,
      this.expression(scope, depth).replace(/^(?=\{|function)/, '0, '),
    ]);
  }

  private callNumber(): number {
    return this.calls++;
  }

  private call(scope: Scope): string {
    const text = `act(${this.callNumber()})`;
    return scope.isAsync && this.chance(0.3) ? `await later(${this.callNumber()})` : text;
  }

  private expression(scope: Scope, depth: number): string {
    if (depth <= 0) {
      const name = this.pick(scope.visible);
      for (const taken of scope.taken) taken.add(name);
      return this.pick([
        name,
        name,
        this.call(scope),
        this.patch(scope),
        '0',
        "''",
        "'k'",
        'null',
        'true',
        'undefined',
      ]);
    }
    const e = (): string => this.operand(scope, depth - 1);
    const inner = (): Scope => ({ ...scope, isAsync: false, inLoop: false });
    return this.pick<() => string>([
      () => this.patch(scope),
      () => this.call(scope),
      () => `!${e()}`,
      () => `${e()} && ${e()}`,
      () => `${e()} || ${e()}`,
      () => `${e()} ?? ${e()}`,
      () => `${e()} ? ${e()} : ${e()}`,
      () => `${this.patch(scope)} ? ${e()} : ${e()}`,
      () => `${e()} === ${this.pick([e(), 'true', 'false'])}`,
      () => `${e()} + ${e()}`,
      () => `act(${this.callNumber()}, ${e()}, ${e()})`,
      () => `[${e()}, ${e()}].length`,
      () =>
        `{ k: ${e()}, ...(${e()} && { l: ${e()} }), [${e()} ? 'm' : 'n']: 1 }.k`.replace(
          /^(.*)\.k$/s,
          '($1).k',
        ),
      () => '`${' + e() + '} of\n ${' + e() + '}`',
      () => `(${e()}, ${e()})`,
      () => `(${this.test(scope, 0)} ? object.m : object.n)(${e()})`,
      () => `object[${this.test(scope, 0)} ? 'm' : 'n'](${e()})`,
      () => `typeof ${e()}`,
      () => `(() => ${this.operand(inner(), depth - 1)})()`,
      () => `((r = ${this.operand(inner(), depth - 1)}) => r)()`,
      () => `(count = ${e()} ? 1 : 2)`,
      () => `object?.m(${e()})`,
      () => `maybe?.[${e()}]`,
      () =>
        scope.isAsync ? `(await Promise.all([later(${this.callNumber()}), ${e()}, ${e()}])).length` : 'q',
    ])();
  }
}

/** Returns a program as a CommonJS module that exports `run`. */
export const generatedWorkflow = (seed: number): string => new Generator(random(seed)).program();

/** Runs a program, and returns what it did. Calls of the patch functions that follow one another count as one. */
export async function logOf(text: string, choices: number): Promise<string[]> {
  const log: string[] = [];
  const mark = (): void => {
    if (log.at(-1) !== 'mark') log.push('mark');
  };
  const patched = (): true => {
    mark();
    return true;
  };
  const valueOf = (n: number): unknown => [true, 0, 'k', null, 1][(n + choices) % 5];
  const act = (n: number, ...values: unknown[]): unknown => {
    log.push(`act ${n} ${JSON.stringify(values)}`);
    if (log.length > 500) throw new Error('too long');
    return valueOf(n);
  };
  const later = async (n: number): Promise<unknown> => {
    act(n);
    await null;
    log.push(`done ${n}`);
    return valueOf(n + 1);
  };
  let ticks = 0;
  const object = {
    m(this: unknown, value: unknown) {
      return act(1000, this === object, value);
    },
    n(this: unknown, value: unknown) {
      return act(1001, this === object, value);
    },
  };
  const module = { exports: {} as { run: (...args: unknown[]) => Promise<unknown> } };
  const globals = {
    exports: module.exports,
    require: () => ({ patched, deprecatePatch: mark }),
    act,
    later,
    object,
    maybe: choices % 2 === 0 ? null : { true: 1 },
    tick: () => ticks++ < 6,
  };
  new Function(...Object.keys(globals), text)(...Object.values(globals));
  try {
    const result = await module.exports.run(choices % 3 === 0, choices % 2);
    log.push(`returned ${JSON.stringify(result)}`);
  } catch (err) {
    log.push(`threw ${(err as Error).name}`);
  }
  return log;
}

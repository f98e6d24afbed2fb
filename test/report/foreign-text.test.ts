import { attack } from '../attack/hostile-names.attack';
import { HOSTILE_TEXTS, faultsOf } from '../attack/hostile-texts';
import { TemporalReplayError } from '../../src/errors';
import { openScreen } from '../../src/report/screen';
import { linked, paintFor } from '../../src/report/text/paint';
import { jsonText } from '../../src/report/text/json-text';

describe('text from elsewhere', () => {
  it('stays harmless in every field of a report and in every reporter', async () => {
    const { tried, failures } = await attack({ count: HOSTILE_TEXTS.length });

    expect(failures).toEqual([]);
    expect(tried).toBe(7 * HOSTILE_TEXTS.length);
  });

  it.each(HOSTILE_TEXTS.map((text) => [JSON.stringify(text), text]))(
    'stays harmless in errors, which Node and test runners print: %s',
    (_, text) => {
      const { message, hint } = new TemporalReplayError('USAGE', `wrong: ${text}`, { hint: `see ${text}` });

      expect(faultsOf(`${message}\n${hint}`, { isForPeople: false })).toEqual([]);
    },
  );

  it('is the same text for a parser of JSON', () => {
    for (const text of HOSTILE_TEXTS) {
      const json = jsonText({ [text]: [text, '::', '##['] }, 2);

      expect(faultsOf(json)).toEqual([]);
      expect(JSON.parse(json)).toEqual({ [text]: [text, '::', '##['] });
    }
  });
});

describe('a screen', () => {
  function screenOf(color = false) {
    const written = { out: '', err: '' };
    const screen = openScreen(
      { out: (text) => void (written.out += text), err: (text) => void (written.err += text) },
      { isTerminal: false, color },
    );
    return { screen, written };
  }

  it('passes on its own colours and links, and no escape sequences of others', () => {
    const { screen, written } = screenOf(true);
    const paint = paintFor(true);

    screen.print(`${paint.red(`a ${paint.bold('b')} \u001b[32mc`)} ${linked('d', 'file:///d')}`);

    expect(written.out).toBe(
      '\u001b[31ma \u001b[1mb\u001b[22m \ufffd[32mc\u001b[39m \u001b]8;;file:///d\u001b\\d\u001b]8;;\u001b\\\n',
    );
  });

  it('erases a drawn line before it writes', () => {
    const { screen, written } = screenOf();

    screen.redraw('bundling …');
    screen.note('An error.');
    screen.print('A line.');

    expect(written).toEqual({
      out: 'A line.\n',
      err: '\r\u001b[2Kbundling …\r\u001b[2KAn error.\n',
    });
  });

  it('keeps a line on one line', () => {
    const { screen, written } = screenOf();

    screen.note(['a\nb', 'c\r\nd\re']);

    expect(written.err).toBe('a b\nc d\ufffde\n');
  });

  it.each([
    ['::error::x', ':\\:error::x'],
    [' \t::error::x', ' \t:\\:error::x'],
    ['a ##[error]x', 'a ##\\[error]x'],
    ['##vso[task.complete]', '##vso\\[task.complete]'],
    ['a::b # [c] ##d', 'a::b # [c] ##d'],
  ])('breaks the command of a runner in %j', (line, expected) => {
    const { screen, written } = screenOf();

    screen.print(line);

    expect(written.out).toBe(`${expected}\n`);
  });

  it('breaks a command behind a colour', () => {
    const { screen, written } = screenOf(true);

    screen.print(paintFor(true).dim('::error::x'));

    expect(written.out).toBe('\u001b[2m:\\:error::x\u001b[22m\n');
  });

  it('writes a command to the runner with its data escaped', () => {
    const { screen, written } = screenOf();

    screen.command({ name: 'error', properties: { file: 'a,b:c', line: 1 }, message: '1%\n::x ##[y]' });

    expect(written.out).toBe('::error file=a%2Cb%3Ac,line=1::1%25%0A::x ##\\[y]\n');
  });
});

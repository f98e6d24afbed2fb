import { addScript } from '../../src/init/package-script';

const added = (text: string, replace = false): string => {
  const edit = addScript(text, replace);
  if (!('text' in edit)) throw new Error(edit.outcome);
  expect(JSON.parse(edit.text.replace(/^\uFEFF/, ''))).toMatchObject({ scripts: { replay: 'replay run' } });
  return edit.text;
};

describe('the script in package.json', () => {
  it.each([
    [
      'two spaces',
      '{\n  "scripts": {\n    "a": "b"\n  }\n}\n',
      '{\n  "scripts": {\n    "a": "b",\n    "replay": "replay run"\n  }\n}\n',
    ],
    [
      'tabs and CRLF',
      '{\r\n\t"scripts": {\r\n\t\t"a": "b"\r\n\t}\r\n}',
      '{\r\n\t"scripts": {\r\n\t\t"a": "b",\r\n\t\t"replay": "replay run"\r\n\t}\r\n}',
    ],
    ['one line', '{ "scripts": { "a": "b" } }', '{ "scripts": { "a": "b", "replay": "replay run" } }'],
    [
      'no scripts yet',
      '{\n    "name": "x"\n}\n',
      '{\n    "name": "x",\n    "scripts": {\n        "replay": "replay run"\n    }\n}\n',
    ],
    [
      'empty scripts',
      '{\n  "scripts": {},\n  "files": ["a", "b"]\n}\n',
      '{\n  "scripts": {\n    "replay": "replay run"\n  },\n  "files": ["a", "b"]\n}\n',
    ],
    [
      'a byte order mark',
      '\uFEFF{\n  "scripts": {\n    "a": "b"\n  }\n}',
      '\uFEFF{\n  "scripts": {\n    "a": "b",\n    "replay": "replay run"\n  }\n}',
    ],
  ])('is the only change to a file with %s', (_, before, after) => {
    expect(added(before)).toBe(after);
  });

  it('is not added twice', () => {
    expect(addScript('{"scripts":{"replay":"replay run"}}', false)).toEqual({ outcome: 'there' });
  });

  it('replaces another script of the same name only with force', () => {
    const text = '{ "scripts": { "replay": "./tape.sh", "b": "c" } }';

    expect(addScript(text, false)).toEqual({ outcome: 'taken', command: './tape.sh' });
    expect(added(text, true)).toBe('{ "scripts": { "replay": "replay run", "b": "c" } }');
  });
});

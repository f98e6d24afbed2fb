/** Begins a line that hostile text forges. */
export const FORGED = 'FORGED';

/** Texts that act where they are not escaped. */
export const HOSTILE_TEXTS: readonly string[] = [
  '::error::forged',
  '::stop-commands::token',
  ':: error file=a.ts::forged',
  '##[error]forged',
  '##[add-mask]a',
  '##vso[task.setvariable variable=a]b',
  "##teamcity[testFailed name='a']",
  `a\n${FORGED} line`,
  `a\r\n::warning::${FORGED}`,
  `a\u2028${FORGED}\u2029\u0085`,
  'a\r\u001b[2Kforged',
  '\u001b[2J\u001b[1;1H',
  '\u001b]0;title\u0007',
  '\u001b]8;;http://evil.example\u001b\\link\u001b]8;;\u001b\\',
  '\u009b31m\u0090q\u009c',
  '\u202etxt.exe\u202c\u2066a\u2069\u061c',
  '\u200b\u2060\ufeff\u00ad\u{e0041}',
  '\u0000\u0007\b\u007f',
  '\ud800 \udc00',
  '\ufffe\uffff',
  'tom&jerry;1 &amp; &#60; &x;',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '</script>]]></failure><!-- -->',
  `"'\`</style>\${1}{{1}}`,
  '| a | `b` ```` [c](http://evil.example) @octocat #1 **d**',
  '%0A::error::forged%0D',
];

const PLACEMENTS: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `  ${text}`,
  (text) => `\u00a0\u3000${text}`,
  (text) => `order ${text}`,
  (text) => `order\n${text}`,
  (text) => `order\n \t${text}\nend`,
  (text) => `#${text}`,
  (text) => `##${text}`,
  (text) => `:${text}`,
  (text) => `${text}${text}`,
  (text) => `\`${text}\``,
  (text) => `a/${text}/b.json`,
  (text) => `${'long '.repeat(200)}${text}`,
];

/** Returns every hostile text in every placement. The first names have each text and each placement once. */
export const hostileNames = (): string[] =>
  PLACEMENTS.flatMap((_, shift) =>
    HOSTILE_TEXTS.map((text, i) => PLACEMENTS[(i + shift) % PLACEMENTS.length]!(text)),
  );

export interface OutputTraits {
  /** Number of annotations that the program writes itself. @default 0 */
  ownCommands?: number;
  /** True if colours and links are meant. @default false */
  isColored?: boolean;
  /** False for a document whose line breaks mean nothing to its reader. @default true */
  isForPeople?: boolean;
}

// eslint-disable-next-line no-control-regex -- escape sequences are the point
const COLORS_AND_LINKS = /\u001b(?:\[[\d;]*m|\]8;;[!-~]*\u001b\\)/g;
const CONTROLS_AND_BIDI = /(?![\n\t])[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;

/**
 * Returns what is wrong with the output of a program: characters that control the terminal, commands that a CI runner takes, forged
 * lines.
 */
export function faultsOf(
  text: string,
  { ownCommands = 0, isColored = false, isForPeople = true }: OutputTraits = {},
): string[] {
  const [control] = CONTROLS_AND_BIDI.exec(isColored ? text.replace(COLORS_AND_LINKS, '') : text) ?? [];
  const lines = text.split('\n');
  const commands = lines.filter((line) => /^\s*::.*::/.test(line));
  const foreign = commands.filter((line) => !/^::(?:error|warning|notice) [^:]*::/.test(line));
  return [
    ...(control === undefined ? [] : [`it holds U+${control.codePointAt(0)!.toString(16)}`]),
    ...(foreign.length > 0 || commands.length < ownCommands
      ? [`it holds the commands ${JSON.stringify(commands)}`]
      : []),
    ...lines.filter((line) => /##\w*\[/.test(line)).map((line) => `it holds a command: ${line}`),
    ...(isForPeople ? lines.filter((line) => line.startsWith(FORGED)) : []).map(
      (line) => `it holds a forged line: ${line}`,
    ),
  ];
}

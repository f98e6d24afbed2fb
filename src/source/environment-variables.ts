const NAME = '[A-Z][A-Z0-9_]*';
const READS = [
  new RegExp(String.raw`\benv\s*(?:\?\.|\.)\s*(${NAME})\b`, 'g'),
  new RegExp(String.raw`\benv\s*(?:\?\.)?\[\s*['"\x60](${NAME})['"\x60]\s*\]`, 'g'),
];
/** Matches the names that `const { KEY, OTHER: name } = process.env` reads. */
const DESTRUCTURED = /\{([^{}]*)\}\s*=\s*process\.env\b/g;
/** Matches a name that is handed to a function, such as `getEnv('PAYLOAD_KEY')`. */
const HANDED = new RegExp(String.raw`(?<!\w)\w*[eE]nv\w*\(\s*['"\x60](${NAME})['"\x60]`, 'g');

/** Returns the environment variables that sources read. */
export function variablesIn(sources: readonly string[]): string[] {
  const names = new Set<string>();
  for (const source of sources) {
    for (const pattern of [...READS, HANDED])
      for (const [, name] of source.matchAll(pattern)) names.add(name!);
    for (const [, fields] of source.matchAll(DESTRUCTURED))
      for (const [name] of fields!.matchAll(/\b[A-Z][A-Z0-9_]*\b/g)) names.add(name);
  }
  return [...names].filter((name) => name.length > 2);
}

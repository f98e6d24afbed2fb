/** Prints the section of a version in CHANGELOG.md, for the notes of its release: `changelog-section.ts 0.1.0` */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Returns the text below the heading of a version. Throws if there is no such section, or if it is empty. */
export function changelogSection(changelog: string, version: string): string {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.startsWith(`[${version}]`));
  if (section === undefined) throw new Error(`CHANGELOG.md has no section [${version}].`);
  const lines = section.split('\n').slice(1);
  // The links of the headings stand at the end of the file.
  const body = lines
    .filter((line) => !/^\[[^\]]+\]: https:\S+$/.test(line))
    .join('\n')
    .trim();
  if (body === '') throw new Error(`The section [${version}] of CHANGELOG.md is empty.`);
  return `${body}\n`;
}

if (require.main === module) {
  const version = process.argv[2]!.replace(/^v/, '');
  process.stdout.write(changelogSection(readFileSync(join(__dirname, '../CHANGELOG.md'), 'utf8'), version));
}

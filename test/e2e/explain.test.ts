import { replay } from '../helpers/replay-cli';

describe('replay explain', () => {
  it('prints the page that an error names', async () => {
    const failed = await replay(['run', 'nowhere']);
    const [, command] = /^ +More: replay (explain \w+)$/m.exec(failed.stderr)!;

    const page = await replay(command!.split(' '));

    expect(command).toBe('explain NO_HISTORIES');
    expect(page).toMatchObject({ code: 0, stderr: '' });
    expect(page.stdout).toMatch(/^NO_HISTORIES \(error code\)\n {2}Exit: 2\n {2}Meaning: nothing to replay/);
    expect(page.stdout).toContain('What to do: Without histories, every check would pass.');
    expect(page.stdout).toMatch(/^ {2}\S+docs\/configuration\.md#errors$/m);
  });

  it('takes a name in any case', async () => {
    const page = await replay(['explain', 'bad_gzip']);

    expect(page.stdout).toMatch(/^BAD_GZIP /);
  });

  it('names the nearest page for an unknown name', async () => {
    const page = await replay(['explain', 'NO_HISTORYS']);

    expect(page).toMatchObject({ code: 2, stdout: '' });
    expect(page.stderr).toContain('There is no page about NO_HISTORYS. Did you mean NO_HISTORIES? [USAGE]');
  });

  it('lists all names if none is given', async () => {
    const list = await replay(['explain']);

    expect(list.code).toBe(0);
    expect(list.stdout).toMatch(/^error code:\n {2}USAGE\n/);
    expect(list.stdout).toMatch(/^remedy:\n {2}patch\n/m);
  });
});

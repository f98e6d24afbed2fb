/** The reporters of a run that names none: those that suit the place it runs in. */
export function defaultReporters(env: Readonly<NodeJS.ProcessEnv>): string[] {
  // GitLab shows nothing that is printed specially: its CI template asks for a junit file.
  return env['GITHUB_ACTIONS'] === 'true' ? ['pretty', 'github'] : ['pretty'];
}

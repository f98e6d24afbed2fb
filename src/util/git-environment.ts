/** Variables that git sets for its hooks. They could name another repository than that of the directory. */
const HOOK_VARIABLES = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX', 'GIT_COMMON_DIR'];

/** Returns the environment in which git is run: messages in English, and the repository of the directory. */
export function gitEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !HOOK_VARIABLES.includes(name));
  return { ...Object.fromEntries(inherited), LC_ALL: 'C' };
}

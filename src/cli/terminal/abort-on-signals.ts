const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** Turns the first Ctrl-C or SIGTERM into an abort; a second one ends the process at once. */
export function abortOnSignals(): { signal: AbortSignal; exitCode(): number | null } {
  const controller = new AbortController();
  let exitCode: number | null = null;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (exitCode !== null) process.exit(EXIT_CODES[name]);
      exitCode = EXIT_CODES[name];
      controller.abort();
    });
  }
  return { signal: controller.signal, exitCode: () => exitCode };
}

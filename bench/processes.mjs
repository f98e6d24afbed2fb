/** Runs whole processes, and measures their time and peak memory. */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const SAMPLE_MS = 50;

/** Runs `node …args` and returns its standard output and the seconds from its start to its end. Throws if it fails. */
export async function runNode(args) {
  const startedAt = performance.now();
  const child = start(args);
  const stdout = await child.ended;
  return { seconds: (performance.now() - startedAt) / 1000, stdout };
}

/**
 * Returns the peak resident memory in MiB of `node …args` and its children: `sum` adds up the peaks of all processes,
 * `max` is that of the largest. Linux only.
 */
export async function peakMemory(args) {
  const child = start(args);
  const peaks = new Map();
  let running = true;
  const ended = child.ended.finally(() => (running = false));
  ended.catch(() => undefined);
  while (running) {
    await sample(child.pid, peaks);
    await sleep(SAMPLE_MS);
  }
  const stdout = await ended;
  const all = [...peaks.values()].map((kib) => kib / 1024);
  return { sum: all.reduce((a, b) => a + b, 0), max: Math.max(...all), processes: all.length, stdout };
}

async function sample(pid, peaks) {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const peak = /^VmHWM:\s+(\d+)/m.exec(status);
    if (peak) peaks.set(pid, Math.max(peaks.get(pid) ?? 0, Number(peak[1])));
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    for (const child of children.split(' ').filter(Boolean)) await sample(Number(child), peaks);
  } catch {
    // The process has ended in the meantime.
  }
}

function start(args) {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      // A run with failing histories exits with 1; the comparison of verdicts finds it.
      if ((stdout !== '' || code === 0) && signal === null) resolve(stdout);
      else reject(new Error(`node ${args.join(' ')} ended with ${signal ?? code}\n${stderr}`));
    });
  });
  return { pid: child.pid, ended };
}

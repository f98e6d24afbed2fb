/** Runs whole processes: how long they take, and how much memory they hold at most. */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const SAMPLE_MS = 50;

/** @returns what `node …args` printed, and the seconds from its start to its end; throws where it failed. */
export async function runNode(args) {
  const startedAt = performance.now();
  const child = start(args);
  const stdout = await child.ended;
  return { seconds: (performance.now() - startedAt) / 1000, stdout };
}

/**
 * Peak resident memory in MiB of `node …args` and its children: `sum` adds up the peaks of all of them, `max` is that of
 * the largest. Linux only.
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
    // It ended in between.
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
      // A verdict other than "compatible" is for the comparison to find.
      if ((stdout !== '' || code === 0) && signal === null) resolve(stdout);
      else reject(new Error(`node ${args.join(' ')} ended with ${signal ?? code}\n${stderr}`));
    });
  });
  return { pid: child.pid, ended };
}

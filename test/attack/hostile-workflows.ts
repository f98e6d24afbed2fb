/** Workflow code that means harm, by name. Each runs in a function body with `step()`, the recorded activity, and `host()`. */
export interface HostileWorkflow {
  body: string;
  /** True if the code issues what was recorded, so that `compatible` is the truth. */
  isCompatible?: boolean;
}

const FORGED =
  "{ type: 'result', jobId: 1, index: 0, result: { file: 'h/1.json', history: { file: 'h/1.json', index: 0 }, workflowId: null, runId: null, workflowType: null, verdict: 'compatible', events: 5, verifiedEvents: 5, durationMs: 1, drift: [] } }";

export const HOSTILE_WORKFLOWS: Readonly<Record<string, HostileWorkflow>> = {
  'forges a result over the channel of Node': {
    body: `const { process } = host(); for (let i = 0; i < 4; i++) process.send(${FORGED}); for (;;) await step();`,
  },
  'writes null to the channel of Node': {
    body: 'const { process } = host(); process.send(null); await other();',
  },
  'writes a frame without a seal': {
    body:
      "const fs = load('fs'); const { serialize } = load('v8'); const body = serialize(" +
      `${FORGED}` +
      '); const head = host().Buffer.alloc(36); head.writeUInt32BE(body.length); fs.writeSync(3, host().Buffer.concat([head, body])); await other();',
  },
  'writes noise to every pipe': {
    body: "const fs = load('fs'); for (let fd = 0; fd < 30; fd++) try { fs.writeSync(fd, 'x'.repeat(10_000)); } catch {} await other();",
  },
  'sends a frame of four gigabytes': {
    body: "load('fs').writeSync(3, host().Buffer.alloc(64, 255)); await other();",
  },
  'closes every pipe': {
    body: 'for (const handle of host().process._getActiveHandles()) handle.destroy?.(); await other();',
  },
  'exits at once': { body: 'host().process.exit(0);' },
  'exits after its end': {
    body: 'host().setTimeout(() => host().process.exit(0), 5); await step();',
    isCompatible: true,
  },
  'exits during the next history': {
    body: 'host().setImmediate(() => host().setImmediate(() => host().process.exit(1))); await step();',
    isCompatible: true,
  },
  aborts: { body: 'host().process.abort();' },
  'kills itself': { body: "host().process.kill(host().process.pid, 'SIGKILL'); await other();" },
  'kills its parent': { body: "host().process.kill(host().process.ppid, 'SIGTERM'); await other();" },
  'throws in a timer of the host': {
    body: 'host().setTimeout(() => { throw null; }, 1); await step();',
    isCompatible: true,
  },
  'rejects a promise of the host': {
    body: "host().Promise.reject(new Error('x')); await step();",
    isCompatible: true,
  },
  'hangs when the process ends': {
    body: "host().process.on('exit', () => { for (;;); }); await step();",
    isCompatible: true,
  },
  'loops for ever': { body: 'for (;;);' },
  'loops for ever in promises': { body: 'for (;;) await null;' },
  'loops for ever after its end': {
    body: 'host().setTimeout(() => { for (;;); }, 5); await step();',
    isCompatible: true,
  },
  'eats all memory': { body: 'const all = []; for (;;) all.push(new Array(1e6).fill(all.length));' },
  'recurses without end': { body: 'const again = () => again() + 1; again();' },
  'throws null': { body: 'throw null;' },
  'throws undefined': { body: 'throw undefined;' },
  'throws a symbol': { body: "throw Symbol('x');" },
  'throws a proxy that throws': {
    body: 'throw new Proxy({}, { get() { throw 1; }, getPrototypeOf() { throw 2; }, has() { throw 3; } });',
  },
  'throws getters that throw': {
    body: 'throw { get message() { throw new Error(); }, get name() { throw null; }, get stack() { throw 1; } };',
  },
  'throws an error whose stack throws': {
    body: "const err = new Error('x'); Object.defineProperty(err, 'stack', { get() { throw 1; } }); throw err;",
  },
  'throws a message of ten megabytes': { body: "throw new Error('x'.repeat(1e7));" },
  'changes prototypes of the sandbox': {
    body: 'Array.prototype.map = () => []; Map.prototype.get = () => undefined; await other();',
  },
  'changes prototypes of the sandbox for others': {
    body: 'Array.prototype.map = () => []; await step();',
    isCompatible: true,
  },
  'changes classes of the process for others': {
    body: "URL.prototype.toString = () => 'x'; host().Array.prototype.map = () => []; await step();",
    isCompatible: true,
  },
  'lets every object have a verdict': {
    body: "Object.prototype.verdict = 'compatible'; Object.prototype.kind = 'same'; await other();",
  },
  'lets every object be text in JSON': { body: "Object.prototype.toJSON = () => 'x'; await other();" },
  'changes prototypes of the host': {
    body: "host().Object.prototype.verdict = 'compatible'; host().Array.prototype.find = () => undefined; await other();",
  },
  'calls an activity with a name of 300,000 characters': { body: "await named('n'.repeat(300_000));" },
  'calls an activity C++ build': { body: "await named('C++ build');" },
  'calls an activity with a hostile name': {
    body: "await named('\\u001b[2J\\u202e\\n::error::x ##[error]y `$(z)` </script> [(\\\\');",
  },
  'calls an activity __proto__': { body: "await named('__proto__');" },
  'sends an input that is nested deep': { body: 'await step(nested(100_000));' },
  'returns a result that is nested deep': { body: 'return nested(2_000);' },
  'writes the panic of a core': {
    body: 'host().process.stderr.write("thread \'x\' panicked at y:\\nz\\n".repeat(1000)); await other();',
  },
};

/** Returns the module with all hostile workflows, `hostile0` and so on, and one `good`. */
export const hostileModule = (): string =>
  [
    "const { proxyActivities, sleep } = require('@temporalio/workflow');",
    "const activities = proxyActivities({ startToCloseTimeout: '1m' });",
    'const named = (name) => activities[name]();',
    'const step = (input) => (input === undefined ? activities.step() : activities.step(input));',
    "const other = () => sleep('1m');",
    "const host = () => URL.constructor('return globalThis')();",
    'const load = (id) => { const { process } = host(); return process.getBuiltinModule ? process.getBuiltinModule(id) : process.mainModule.require(id); };',
    'const nested = (depth) => { let value = 1; for (let i = 0; i < depth; i++) value = [value]; return value; };',
    'exports.good = async () => { for (const name of ["step"].map((one) => one)) await activities[name](); };',
    ...Object.values(HOSTILE_WORKFLOWS).map(
      ({ body }, i) => `exports.hostile${i} = async () => { ${body} };`,
    ),
  ].join('\n');

/** Returns the recorded run of a workflow that waits for the activity `step`. */
export function recordedRun(workflowType: string, id: string): object {
  const at = { eventTime: '2026-01-01T00:00:00Z' };
  const runId = `01a20e3f-523c-741a-8cbd-${id.padStart(12, '0')}`;
  return {
    events: [
      {
        ...{ eventId: '1', ...at, eventType: 'EVENT_TYPE_WORKFLOW_EXECUTION_STARTED' },
        workflowExecutionStartedEventAttributes: {
          workflowType: { name: workflowType },
          taskQueue: { name: 'queue' },
          workflowId: `run-${id}`,
          workflowTaskTimeout: '10s',
          originalExecutionRunId: runId,
          firstExecutionRunId: runId,
          attempt: 1,
        },
      },
      {
        ...{ eventId: '2', ...at, eventType: 'EVENT_TYPE_WORKFLOW_TASK_SCHEDULED' },
        workflowTaskScheduledEventAttributes: {
          taskQueue: { name: 'queue' },
          startToCloseTimeout: '10s',
          attempt: 1,
        },
      },
      {
        ...{ eventId: '3', ...at, eventType: 'EVENT_TYPE_WORKFLOW_TASK_STARTED' },
        workflowTaskStartedEventAttributes: { scheduledEventId: '2', identity: 'w', requestId: 'r' },
      },
      {
        ...{ eventId: '4', ...at, eventType: 'EVENT_TYPE_WORKFLOW_TASK_COMPLETED' },
        workflowTaskCompletedEventAttributes: { scheduledEventId: '2', startedEventId: '3', identity: 'w' },
      },
      {
        ...{ eventId: '5', ...at, eventType: 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED' },
        activityTaskScheduledEventAttributes: {
          activityId: '1',
          activityType: { name: 'step' },
          taskQueue: { name: 'queue' },
          startToCloseTimeout: '60s',
          workflowTaskCompletedEventId: '4',
        },
      },
    ],
  };
}

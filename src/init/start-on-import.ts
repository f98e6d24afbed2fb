import type { TSESTree } from '@typescript-eslint/types';
import { bindingsOf } from '../source/bindings';
import { memberText } from '../source/expressions';
import { isFunction } from '../source/functions';
import type { ParsedModule } from '../source/module-reader';
import type { Node } from '../source/parse';
import { walk, walkWithAncestors } from '../source/walk';
import type { OptionValues } from './option-values';
import { reachableFrom } from './reachable-modules';
import type { Repository } from './repository';
import { sourceOfImport } from './source-of-module';
import { workerApiOf } from './worker-api';

/**
 * Returns true if the import of a module may start a worker: the module or one that it loads runs something as a statement, or
 * creates a worker and calls functions of the repository while it loads. A module in doubt counts as one that starts a worker.
 */
export function startsWorkerOnImport(path: string, { repository, read }: OptionValues): boolean {
  const modules = [...reachableFrom([path], repository, read)].flatMap((one) => read(one) ?? []);
  const own = modules.find((module) => module.path === path);
  if (own === undefined || callsOnImport(own).some((call) => isStatement(call) && !isHarmless(call.node)))
    return true;
  if (!modules.some(createsWorker)) return false;
  return modules.some((module) =>
    callsOnImport(module).some(
      (call) => !isHarmless(call.node) && (isStatement(call) || isOwnCode(call.node, module, repository)),
    ),
  );
}

type Call = TSESTree.CallExpression | TSESTree.NewExpression;

interface CallOnImport {
  node: Call;
  ancestors: readonly Node[];
}

/** Returns the calls that run when a module is imported. Those behind `if (require.main === module)` and the like do not. */
function callsOnImport({ program }: ParsedModule): CallOnImport[] {
  return [...walkWithAncestors(program)].flatMap(({ node, ancestors }) =>
    (node.type === 'CallExpression' || node.type === 'NewExpression') &&
    !ancestors.some((at) => isFunction(at) || isMainGuard(at))
      ? [{ node, ancestors }]
      : [],
  );
}

const isMainGuard = (node: Node): boolean =>
  node.type === 'IfStatement' &&
  [...walk(node.test)].some(
    (at) =>
      at.type === 'MemberExpression' &&
      ((at.object.type === 'Identifier' && at.object.name === 'require' && isNamed(at.property, 'main')) ||
        (at.object.type === 'MetaProperty' && isNamed(at.property, 'main')) ||
        isNamed(at.property, 'argv')),
  );

const isNamed = (node: Node, name: string): boolean => node.type === 'Identifier' && node.name === name;

/** Returns true for a call that is made for its effect: its value is not assigned, exported or given to another call. */
const isStatement = ({ ancestors }: CallOnImport): boolean => {
  const statement = ancestors[1];
  return (
    statement !== undefined &&
    statement.type !== 'VariableDeclaration' &&
    !statement.type.startsWith('Export') &&
    !statement.type.startsWith('TSExport') &&
    !statement.type.startsWith('Class') &&
    !isAssignment(statement)
  );
};

const isAssignment = (node: Node): boolean =>
  node.type === 'ExpressionStatement' && node.expression.type === 'AssignmentExpression';

/** Returns true for calls that many modules make while they load, and that start nothing. */
const isHarmless = (call: Call): boolean =>
  /^(require|require\.resolve|createRequire|(dotenv|env)\.\w+|config|console\.\w+|process\.\w+|Object\.\w+|Reflect\.\w+|Symbol\.\w+|Runtime\.install|path\.\w+|join|resolve|fileURLToPath|import\.meta\.\w+)$/.test(
    memberText(call.callee),
  );

/** Returns true if a call may run code of the repository, or creates a worker itself. */
function isOwnCode(call: Call, module: ParsedModule, repository: Repository): boolean {
  if (call.type === 'CallExpression' && workerApiOf(call, module) !== null) return true;
  let root: Node = call.callee;
  while (root.type === 'MemberExpression') root = root.object;
  if (root.type !== 'Identifier') return true;
  return bindingsOf(root.name, root, module).some(
    (binding) =>
      binding.kind !== 'import' || sourceOfImport(binding.specifier, module.path, repository) !== null,
  );
}

const createsWorker = (module: ParsedModule): boolean =>
  [...walk(module.program)].some(
    (node) => node.type === 'CallExpression' && workerApiOf(node, module) === 'worker',
  );

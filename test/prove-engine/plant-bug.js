/** Preloaded before the loader of TypeScript: changes the text of one module of the screen as `PLANTED_BUG` says. */
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { join } = require('node:path');

const { file, before, after } = JSON.parse(process.env.PLANTED_BUG);
const target = join(__dirname, '../../src/replay/engine/screen', file);

Module._extensions['.ts'] = (module, path) => {
  const text = readFileSync(path, 'utf8');
  if (path !== target) return module._compile(text, path);
  const parts = text.split(before);
  if (parts.length !== 2)
    throw new Error(`${JSON.stringify(before)} stands ${parts.length - 1} times in ${file}`);
  module._compile(parts.join(after), path);
};

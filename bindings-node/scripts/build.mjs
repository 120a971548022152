// Builds dist/ from lib/, loader/ and the WebAssembly module: ESM and CommonJS from one source.
//
//   node scripts/build.mjs MODULE.wasm

import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const wasm = process.argv[2];
if (wasm === undefined) {
  throw new Error('usage: node scripts/build.mjs MODULE.wasm');
}
process.chdir(root);
rmSync('dist', { recursive: true, force: true });

const tsc = (...options) =>
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', ...options], { stdio: 'inherit' });
tsc('--outDir', 'dist/esm');
tsc('--outDir', 'dist/cjs', '--module', 'commonjs');

const module = readFileSync(wasm).toString('base64');
const inline = (head) => `// Made by scripts/build.mjs.
const bytes =
  '${module}';

${head} () => new WebAssembly.Module(Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0)));
`;
mkdirSync('dist/esm/engine', { recursive: true });
for (const name of ['addon.cjs', 'no-addon.js', 'workerd.js', 'edge-light.js']) {
  copyFileSync(`loader/${name}`, `dist/esm/engine/${name}`);
}
copyFileSync(wasm, 'dist/esm/engine/korewebhook.wasm');
writeFileSync('dist/esm/engine/inline.js', inline('export default'));

cpSync('loader/addon.cjs', 'dist/cjs/engine/addon.cjs');
writeFileSync('dist/cjs/engine/no-addon.cjs', '// For runtimes that load no addons.\nmodule.exports = undefined;\n');
writeFileSync('dist/cjs/engine/inline.cjs', inline('module.exports ='));
// A folder with a type of its own has imports of its own.
const imports = {
  '#addon': { deno: './engine/no-addon.cjs', node: './engine/addon.cjs', default: './engine/no-addon.cjs' },
  '#wasm': './engine/inline.cjs',
};
writeFileSync('dist/cjs/package.json', `${JSON.stringify({ type: 'commonjs', imports }, null, 2)}\n`);

// Builds dist/ from lib/, loader/ and the WebAssembly module: ESM and CommonJS from one source.
//
//   node scripts/build.mjs MODULE.wasm

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

// CommonJS has names of its own, since the package says that .js is ESM.
for (const name of readdirSync('dist/cjs', { recursive: true })) {
  const path = `dist/cjs/${name}`;
  const renamed = path.replace(/\.js$/, '.cjs').replace(/\.d\.ts$/, '.d.cts');
  if (renamed !== path) {
    writeFileSync(renamed, readFileSync(path, 'utf8').replace(/(["'])(\.\.?\/[^"']+)\.js\1/g, '$1$2.cjs$1'));
    rmSync(path);
  }
}

const bytes = readFileSync(wasm).toString('base64');
const inline = (head) => `// Made by scripts/build.mjs.
const bytes =
  '${bytes}';

${head} () => new WebAssembly.Module(Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0)));
`;
mkdirSync('dist/esm/engine', { recursive: true });
for (const name of ['no-addon.js', 'workerd.js', 'edge-light.js']) {
  copyFileSync(`loader/${name}`, `dist/esm/engine/${name}`);
}
for (const name of ['addon.cjs', 'no-addon.cjs']) {
  copyFileSync(`loader/${name}`, `dist/cjs/engine/${name}`);
}
copyFileSync(wasm, 'dist/esm/engine/korewebhook.wasm');
writeFileSync('dist/esm/engine/inline.js', inline('export default'));
writeFileSync('dist/cjs/engine/inline.cjs', inline('module.exports ='));

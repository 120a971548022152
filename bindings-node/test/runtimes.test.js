// The package where JavaScript runs: Deno, Bun, workerd and what bundlers make of it, with all vectors.

import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { ADDON, COUNTS, folder, installed, listsModule, run, TARBALL } from './support/installed.js';

const modules = fileURLToPath(new URL('../node_modules/', import.meta.url));

/** A runtime that comes as a package. */
function runtime(path) {
  const program = join(modules, path);
  assert.ok(existsSync(program), `${program} is missing: run npm ci in bindings-node`);
  return program;
}

const exercise = readFileSync(new URL('support/exercise.js', import.meta.url), 'utf8');
const script = (specifier) => `
import * as kore from '${specifier}';
import lists from './lists.mjs';
import { exercise } from './exercise.mjs';

console.log(JSON.stringify(await exercise(kore, lists)));
`;
const FILES = {
  'lists.mjs': listsModule(),
  'exercise.mjs': exercise,
  'main.mjs': script('korewebhook'),
  'wasm.mjs': script('korewebhook/wasm'),
  'common.cjs': 'console.log(require("korewebhook").engine, require("korewebhook/wasm").engine);\n',
};

test('Node', (context) => {
  const both = installed(context, [TARBALL, ADDON], FILES);
  assert.deepEqual(JSON.parse(run(process.execPath, ['main.mjs'], { cwd: both })), { engine: 'native', ...COUNTS });
  assert.deepEqual(JSON.parse(run(process.execPath, ['wasm.mjs'], { cwd: both })), { engine: 'wasm', ...COUNTS });
  assert.equal(run(process.execPath, ['common.cjs'], { cwd: both }), 'native wasm\n');
  const alone = installed(context, [TARBALL], FILES);
  assert.deepEqual(JSON.parse(run(process.execPath, ['main.mjs'], { cwd: alone })), { engine: 'wasm', ...COUNTS });
  assert.equal(run(process.execPath, ['common.cjs'], { cwd: alone }), 'wasm wasm\n');
});

test('Node where addons are forbidden', (context) => {
  const both = installed(context, [TARBALL, ADDON], FILES);
  const said = run(process.execPath, ['--no-addons', 'main.mjs'], { cwd: both });
  assert.deepEqual(JSON.parse(said), { engine: 'wasm', ...COUNTS });
});

test('Node with an addon of another version', (context) => {
  const both = installed(context, [TARBALL, ADDON], FILES);
  const addon = join(both, 'node_modules/korewebhook-linux-x64-gnu');
  const { main } = JSON.parse(readFileSync(join(addon, 'package.json'), 'utf8'));
  writeFileSync(join(addon, 'other.cjs'), `module.exports = { ...require('./${main}'), version: () => '0.0.0' };\n`);
  writeFileSync(join(addon, 'package.json'), '{ "name": "korewebhook-linux-x64-gnu", "main": "other.cjs" }\n');
  assert.equal(run(process.execPath, ['common.cjs'], { cwd: both }), 'wasm wasm\n');
});

test('Deno, with no permission but to read', (context) => {
  const deno = runtime('@deno/linux-x64-glibc/deno');
  const both = installed(context, [TARBALL, ADDON], FILES);
  const args = ['run', '--no-prompt', '--no-remote', '--node-modules-dir=manual', '--cached-only'];
  const options = { cwd: both, env: { ...process.env, DENO_DIR: join(both, '.deno'), DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' } };
  for (const file of ['main.mjs', 'wasm.mjs']) {
    assert.deepEqual(JSON.parse(run(deno, [...args, file], options)), { engine: 'wasm', ...COUNTS });
  }
});

test('Bun', (context) => {
  const bun = runtime('@oven/bun-linux-x64/bin/bun');
  const both = installed(context, [TARBALL, ADDON], FILES);
  assert.deepEqual(JSON.parse(run(bun, ['main.mjs'], { cwd: both })), { engine: 'native', ...COUNTS });
  assert.deepEqual(JSON.parse(run(bun, ['wasm.mjs'], { cwd: both })), { engine: 'wasm', ...COUNTS });
  assert.equal(run(bun, ['common.cjs'], { cwd: both }), 'native wasm\n');
  const alone = installed(context, [TARBALL], FILES);
  assert.deepEqual(JSON.parse(run(bun, ['main.mjs'], { cwd: alone })), { engine: 'wasm', ...COUNTS });
});

/** Leaves `.wasm` to the runtime, as the tools of such runtimes do, and puts the module beside what is made. */
const leaveWasm = (outdir, found) => ({
  name: 'leave-wasm',
  setup(bundler) {
    bundler.onResolve({ filter: /\.wasm(\?module)?$/ }, ({ path, resolveDir }) => {
      found.push(path);
      copyFileSync(join(resolveDir, path.replace('?module', '')), join(outdir, 'korewebhook.wasm'));
      return { path, external: true };
    });
  },
});

async function bundle(path, entry, conditions, plugins = []) {
  const outdir = join(path, 'out');
  mkdirSync(outdir, { recursive: true });
  await build({
    ...{ absWorkingDir: path, entryPoints: [entry], outdir, bundle: true, format: 'esm', logLevel: 'error' },
    ...{ platform: 'browser', mainFields: ['module', 'main'], conditions, plugins, outExtension: { '.js': '.mjs' } },
  });
  return outdir;
}

test('a bundle for Node', async (context) => {
  const files = { ...FILES, 'entry.mjs': 'import { engine, signedUrl } from "korewebhook";\nconsole.log(engine, signedUrl("https://h.example/?q"));\n' };
  const both = installed(context, [TARBALL, ADDON], files);
  const alone = installed(context, [TARBALL], files);
  for (const [path, format, engine] of [[both, 'cjs', 'native'], [both, 'esm', 'wasm'], [alone, 'cjs', 'wasm'], [alone, 'esm', 'wasm']]) {
    const outfile = join(path, `bundled.${format === 'cjs' ? 'cjs' : 'mjs'}`);
    const { warnings } = await build({
      ...{ absWorkingDir: path, entryPoints: ['entry.mjs'], outfile, bundle: true, format, platform: 'node', logLevel: 'silent' },
    });
    assert.deepEqual(warnings, []);
    assert.equal(run(process.execPath, [outfile], { cwd: path }), `${engine} https://h.example/\n`);
  }
});

test('workerd', async (context) => {
  const workerd = runtime('@cloudflare/workerd-linux-64/bin/workerd');
  const worker = `
import * as kore from 'korewebhook';
import * as forced from 'korewebhook/wasm';
import lists from './lists.mjs';
import { exercise } from './exercise.mjs';

export default {
  async test() {
    const expected = ${JSON.stringify(JSON.stringify({ engine: 'wasm', ...COUNTS }))};
    for (const module of [kore, forced]) {
      const said = JSON.stringify(await exercise(module, lists));
      if (said !== expected) throw new Error(said + ' and not ' + expected);
    }
    let compiles = true;
    try { new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])); } catch { compiles = false; }
    if (compiles) throw new Error('this runtime compiles bytes after all');
    console.log('exercised');
  },
};
`;
  const path = installed(context, [TARBALL], { ...FILES, 'worker.mjs': worker });
  const found = [];
  const outdir = join(path, 'out');
  await bundle(path, 'worker.mjs', ['workerd', 'worker', 'browser'], [leaveWasm(outdir, found)]);
  assert.deepEqual([...new Set(found)], ['./korewebhook.wasm']);
  // The base64 of the module is not in it.
  assert.doesNotMatch(readFileSync(join(outdir, 'worker.mjs'), 'utf8'), /AGFzbQ/);
  const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [(name = "main", worker = (
  compatibilityDate = "2026-01-01",
  modules = [
    (name = "worker.mjs", esModule = embed "worker.mjs"),
    (name = "korewebhook.wasm", wasm = embed "korewebhook.wasm"),
  ],
))]);
`;
  writeFileSync(join(outdir, 'config.capnp'), config);
  run(workerd, ['test', 'config.capnp'], { cwd: outdir });
  // A worker that fails is seen to fail.
  writeFileSync(join(outdir, 'worker.mjs'), readFileSync(join(outdir, 'worker.mjs'), 'utf8').replace('"steps":27', '"steps":28').replace('\\"steps\\":27', '\\"steps\\":28'));
  assert.throws(() => run(workerd, ['test', 'config.capnp'], { cwd: outdir }), /and not/);
});

test('an edge runtime gets a module import of its own spelling', async (context) => {
  const path = installed(context, [TARBALL], FILES);
  const found = [];
  const outdir = join(path, 'out');
  await bundle(path, 'main.mjs', ['edge-light', 'browser'], [leaveWasm(outdir, found)]);
  assert.deepEqual([...new Set(found)], ['./korewebhook.wasm?module']);
  // What such a runtime makes of the import: a compiled module.
  writeFileSync(
    join(outdir, 'module.mjs'),
    `import { readFileSync } from 'node:fs';\nexport default new WebAssembly.Module(readFileSync(new URL('korewebhook.wasm', import.meta.url)));\n`,
  );
  const made = readFileSync(join(outdir, 'main.mjs'), 'utf8');
  writeFileSync(join(outdir, 'main.mjs'), made.replace('./korewebhook.wasm?module', './module.mjs'));
  assert.deepEqual(JSON.parse(run(process.execPath, ['main.mjs'], { cwd: outdir })), { engine: 'wasm', ...COUNTS });
});

test('a bundle for anything else has all of it in one file', async (context) => {
  const path = installed(context, [TARBALL, ADDON], FILES);
  const outdir = await bundle(path, 'main.mjs', ['browser']);
  assert.deepEqual(readdirSync(outdir), ['main.mjs']);
  const alone = folder(context);
  copyFileSync(join(outdir, 'main.mjs'), join(alone, 'main.mjs'));
  assert.deepEqual(JSON.parse(run(process.execPath, ['main.mjs'], { cwd: alone })), { engine: 'wasm', ...COUNTS });
});

// What `make node` put into `dist/`: names, content, types, and that it works where nothing else is.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { ADDON, environment, folder, installed, run, TARBALL } from './support/installed.js';
import { platformOf } from '../scripts/platforms.mjs';
import { read, ROOT } from './support/vectors.js';

const bindings = fileURLToPath(new URL('bindings-node/', ROOT));
const manifest = JSON.parse(read('bindings-node/package.json'));
const VERSION = /^version = "(.*)"$/m.exec(read('Cargo.toml'))[1];
const addonName = 'korewebhook.linux-x64-gnu.node';

/** The files of a tarball (POSIX.1-1988 ustar), by their names in the package. */
function unpacked(tarball) {
  assert.ok(existsSync(tarball), `${tarball} is missing: run make node`);
  const archive = gunzipSync(readFileSync(tarball));
  const files = {};
  for (let at = 0; archive[at] !== 0; ) {
    const text = (from, length) => archive.toString('latin1', at + from, at + from + length).replace(/\0.*$/s, '');
    const size = Number.parseInt(text(124, 12), 8);
    const name = [text(345, 155), text(0, 100)].filter(Boolean).join('/');
    files[name.replace(/^package\//, '')] = archive.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

const list = (path) =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(path.length));

test('one version everywhere', () => {
  const tarballs = readdirSync(fileURLToPath(new URL('dist/', ROOT))).filter((name) => name.endsWith('.tgz'));
  assert.deepEqual(tarballs.sort(), [`korewebhook-${VERSION}.tgz`, `korewebhook-linux-x64-gnu-${VERSION}.tgz`]);
  assert.equal(manifest.version, VERSION);
});

test('files of the package', () => {
  const files = unpacked(TARBALL);
  const names = Object.keys(files).sort();
  const sources = list(join(bindings, 'lib/')).filter((name) => name !== 'ambient.d.ts');
  const made = (format, ...ends) =>
    sources.flatMap((name) => ends.map((end) => `dist/${format}/${name.replace(/\.ts$/, end)}`));
  assert.ok(sources.length > 20);
  const engine = (format, ...own) => own.map((name) => `dist/${format}/engine/${name}`);
  assert.deepEqual(
    names,
    [
      ...['LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'package.json'],
      ...made('esm', '.js', '.d.ts'),
      ...made('cjs', '.cjs', '.d.cts'),
      ...engine('esm', 'no-addon.js', 'inline.js', 'workerd.js', 'edge-light.js', 'korewebhook.wasm'),
      ...engine('cjs', 'addon.cjs', 'no-addon.cjs', 'inline.cjs'),
    ].sort(),
  );
  assert.equal(String(files['README.md']), read('bindings-node/README.md'));
  for (const name of ['LICENSE-APACHE', 'LICENSE-MIT']) {
    assert.equal(String(files[name]), read(name));
  }
});

test('the package runs nothing and downloads nothing at installation', () => {
  const packed = JSON.parse(unpacked(TARBALL)['package.json']);
  const hooks = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish', 'preprepare', 'postprepare'];
  assert.deepEqual(hooks.filter((hook) => hook in packed.scripts), []);
  for (const field of ['dependencies', 'optionalDependencies', 'bundleDependencies', 'gypfile']) {
    assert.equal(packed[field], undefined, field);
  }
  const addon = JSON.parse(unpacked(ADDON)['package.json']);
  assert.equal(addon.scripts, undefined);
  assert.equal(addon.dependencies, undefined);
});

test('every entry leads to files that are there', () => {
  const files = unpacked(TARBALL);
  const paths = [manifest.main, manifest.module, manifest.types];
  const walk = (value) => (typeof value === 'string' ? paths.push(value) : Object.values(value).forEach(walk));
  walk(manifest.exports);
  walk(manifest.imports);
  assert.ok(paths.length > 30);
  assert.deepEqual(paths.filter((path) => !(path.replace('./', '') in files)), []);
});

test('the addon is a package for its platform', () => {
  const files = unpacked(ADDON);
  assert.deepEqual(Object.keys(files).sort(), ['LICENSE-APACHE', 'LICENSE-MIT', 'README.md', addonName, 'package.json'].sort());
  const { name, version, os, cpu, libc, main, license } = JSON.parse(files['package.json']);
  assert.deepEqual(
    { name, version, os, cpu, libc, main, license },
    { ...{ name: 'korewebhook-linux-x64-gnu', version: VERSION, os: ['linux'], cpu: ['x64'], libc: ['glibc'] }, main: addonName, license: manifest.license },
  );
});

test('the loader knows a package for every target', () => {
  const loader = read('bindings-node/loader/addon.cjs');
  const required = [...loader.matchAll(/'(korewebhook-[a-z0-9-]+)'/g)].map(([, name]) => name);
  const wanted = manifest.napi.targets.map((triple) => `korewebhook-${platformOf(triple).name}`);
  assert.equal(wanted.length, 8);
  assert.deepEqual(required.sort(), wanted.sort());
});

test('a release names the package of every platform', (context) => {
  const path = folder(context, { 'package.json': read('bindings-node/package.json') });
  mkdirSync(join(path, 'scripts'));
  for (const name of ['release.mjs', 'platforms.mjs']) {
    writeFileSync(join(path, 'scripts', name), read(`bindings-node/scripts/${name}`));
  }
  run(process.execPath, ['scripts/release.mjs'], { cwd: path });
  const { optionalDependencies } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  const names = ['linux-x64-gnu', 'linux-arm64-gnu', 'linux-x64-musl', 'linux-arm64-musl', 'darwin-x64', 'darwin-arm64', 'win32-x64-msvc', 'win32-arm64-msvc'];
  assert.deepEqual(optionalDependencies, Object.fromEntries(names.map((name) => [`korewebhook-${name}`, VERSION])));
});

test('the addon runs on old C libraries', () => {
  const binary = unpacked(ADDON)[addonName];
  assert.equal(binary.toString('latin1', 0, 6), '\x7fELF\x02\x01');
  assert.equal(binary.readUInt16LE(18), 62); // x86-64
  const text = binary.toString('latin1');
  const versions = [...text.matchAll(/GLIBC_2\.([0-9]+)(?:\.[0-9]+)?\0/g)].map(([, minor]) => Number(minor));
  assert.ok(versions.length > 0);
  assert.ok(Math.max(...versions) <= 17, String(versions));
  const libraries = new Set([...text.matchAll(/\0((?:lib|ld-)[A-Za-z0-9_+-]+\.so(?:\.[0-9]+)*)(?=\0)/g)].map(([, name]) => name));
  const known = ['libc.so.6', 'libm.so.6', 'libpthread.so.0', 'libdl.so.2', 'librt.so.1', 'libgcc_s.so.1', 'ld-linux-x86-64.so.2'];
  assert.deepEqual([...libraries].filter((name) => !known.includes(name)), []);
  assert.ok(text.includes('napi_register_module_v1'));
  assert.ok(binary.length < 1_500_000);
});

test('no paths of the machine', () => {
  const paths = [fileURLToPath(ROOT), join(homedir(), '.cargo'), join(homedir(), '.rustup')];
  for (const tarball of [TARBALL, ADDON]) {
    for (const [name, content] of Object.entries(unpacked(tarball))) {
      for (const path of paths) {
        assert.equal(content.includes(path), false, `${name} ${path}`);
      }
    }
  }
});

test('publint finds nothing', async (context) => {
  const path = join(installed(context, [TARBALL]), 'node_modules/korewebhook');
  const { messages, pkg } = await publint({ pkgDir: path, strict: true, pack: false });
  assert.equal(pkg.name, 'korewebhook');
  assert.deepEqual(messages.map((message) => formatMessage(message, pkg)), []);
});

test('are the types wrong? no', (context) => {
  const attw = join(bindings, 'node_modules/@arethetypeswrong/cli/dist/index.js');
  assert.ok(existsSync(attw), 'run npm ci in bindings-node');
  const said = JSON.parse(run(process.execPath, [attw, TARBALL, '--profile', 'node16', '--format', 'json'], { cwd: folder(context) }));
  assert.equal(said.analysis.packageName, 'korewebhook');
  assert.equal(Object.keys(said.analysis.entrypoints).length, Object.keys(manifest.exports).length);
  // The profile leaves out resolution as before Node 12, which knows no exports; all else has to be fine.
  const problems = Object.values(said.problems ?? {}).flat();
  assert.deepEqual(problems.filter(({ resolutionKind }) => resolutionKind !== 'node10'), []);
});

/** The first example of a README. */
const tenLines = (text) => /^```js\n(.*?)^```$/ms.exec(text)[1];

const DELIVERY_KEY = (() => {
  const sized = (text) => [Buffer.from([0, 0, 0, 0, 0, 0, 0, text.length]), text];
  const hash = createHash('sha256').update('korewebhook/replay/1');
  for (const part of [...sized('POST'), ...sized('https://testendpoint.com'), '{"field1":"value1","field2":"value2"}']) {
    hash.update(part);
  }
  return hash.digest('hex');
})();

test('ten lines in an empty folder', (context) => {
  const script = tenLines(read('bindings-node/README.md'));
  assert.ok(script.trim().split('\n').length <= 11);
  for (const [tarballs, engine] of [
    [[TARBALL], 'wasm'],
    [[TARBALL, ADDON], 'native'],
    [[ADDON, TARBALL], 'native'],
  ]) {
    const path = installed(context, tarballs, {
      'ten.mjs': script,
      'ten.cjs': script.replace("import { Webhook } from 'korewebhook'", "const { Webhook } = require('korewebhook')"),
      'engine.mjs': "import { engine, version } from 'korewebhook';\nconsole.log(engine, version);\n",
    });
    for (const file of ['ten.mjs', 'ten.cjs']) {
      assert.equal(run(process.execPath, [file], { cwd: path }), `value1 0 ${DELIVERY_KEY}\n`);
    }
    assert.equal(run(process.execPath, ['engine.mjs'], { cwd: path }), `${engine} ${VERSION}\n`);
    // No other package came along.
    const there = readdirSync(join(path, 'node_modules')).filter((name) => !name.startsWith('.')).sort();
    assert.deepEqual(there, tarballs.length === 1 ? ['korewebhook'] : ['korewebhook', 'korewebhook-linux-x64-gnu']);
  }
});

test('with the pattern that people type', (context) => {
  const path = folder(context, { 'package.json': '{ "private": true }\n' });
  run('sh', ['-c', `npm install --offline --no-audit --no-fund --cache "$PWD/.cache" "${dirname(TARBALL)}"/korewebhook-*.tgz`], { cwd: path });
  assert.equal(run(process.execPath, ['-p', 'require("korewebhook").engine'], { cwd: path }), 'native\n');
});

test('types in a project of TypeScript', (context) => {
  const sample = readFileSync(new URL('typing-sample.ts', import.meta.url), 'utf8');
  const path = installed(context, [TARBALL], { 'sample.mts': sample, 'sample.cts': sample.replace(/^ *\/\/ ESM\n/gm, '') });
  const tsc = join(bindings, 'node_modules/typescript/bin/tsc');
  // Types of Node itself, as such a project has them.
  mkdirSync(join(path, 'node_modules/@types'));
  run('cp', ['-r', join(bindings, 'node_modules/@types/node'), join(path, 'node_modules/@types/node')]);
  run('cp', ['-r', join(bindings, 'node_modules/undici-types'), join(path, 'node_modules/undici-types')]);
  for (const [module, moduleResolution, files] of [
    ['node16', 'node16', ['sample.mts', 'sample.cts']],
    ['nodenext', 'nodenext', ['sample.mts', 'sample.cts']],
    ['esnext', 'bundler', ['sample.mts']],
  ]) {
    const compilerOptions = { module, moduleResolution, target: 'es2022', strict: true, exactOptionalPropertyTypes: true, noEmit: true, skipLibCheck: false, types: ['node'] };
    writeFileSync(join(path, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    run(process.execPath, [tsc], { cwd: path, env: environment() });
  }
  // The compiler is really asked: what each line marks as wrong is wrong.
  writeFileSync(join(path, 'sample.mts'), sample.replace(/^.*@ts-expect-error.*$/gm, ''));
  writeFileSync(join(path, 'tsconfig.json'), JSON.stringify({ compilerOptions: { module: 'nodenext', strict: true, exactOptionalPropertyTypes: true, noEmit: true, types: ['node'] }, files: ['sample.mts'] }));
  const marked = sample.match(/@ts-expect-error/g).length;
  assert.throws(
    () => run(process.execPath, [tsc, '--pretty', 'false'], { cwd: path }),
    ({ message }) => message.match(/error TS/g).length === marked,
  );
});

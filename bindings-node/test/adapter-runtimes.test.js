// The Fetch adapter where it is called: by the servers of Deno and Bun, over HTTP, and in workerd.

import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { EXPECTED } from './support/fetching.js';
import { environment, installed, run, TARBALL } from './support/installed.js';

const modules = fileURLToPath(new URL('../node_modules/', import.meta.url));
const fetching = readFileSync(new URL('support/fetching.js', import.meta.url), 'utf8');

function runtime(path) {
  const program = join(modules, path);
  assert.ok(existsSync(program), `${program} is missing: run npm ci in bindings-node`);
  return program;
}

/** A program that serves by `serve`, and asks itself. */
const program = (serve) => `
import * as kore from 'korewebhook';
import * as adapter from 'korewebhook/fetch';
import { deliver } from './fetching.mjs';

let server;
const result = await deliver(kore, adapter, async (handler) => {
  ${serve}
  return (request) => fetch('http://127.0.0.1:' + port + '/', request);
});
console.log(JSON.stringify(result));
await stop();
`;

test('Deno', (context) => {
  const deno = runtime('@deno/linux-x64-glibc/deno');
  const serve = `server = Deno.serve({ hostname: '127.0.0.1', port: 0, onListen() {} }, (request) => handler(request));
  const { port } = server.addr;
  globalThis.stop = () => server.shutdown();`;
  const path = installed(context, [TARBALL], { 'fetching.mjs': fetching, 'main.mjs': program(serve) });
  const args = ['run', '--no-prompt', '--no-remote', '--allow-net=127.0.0.1', '--node-modules-dir=manual', '--cached-only', 'main.mjs'];
  const env = environment({ DENO_DIR: join(path, '.deno'), DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' });
  assert.deepEqual(JSON.parse(run(deno, args, { cwd: path, env })), EXPECTED);
});

test('Bun', (context) => {
  const bun = runtime('@oven/bun-linux-x64/bin/bun');
  const serve = `server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: (request) => handler(request) });
  const { port } = server;
  globalThis.stop = () => server.stop(true);`;
  const path = installed(context, [TARBALL], { 'fetching.mjs': fetching, 'main.mjs': program(serve) });
  assert.deepEqual(JSON.parse(run(bun, ['main.mjs'], { cwd: path })), EXPECTED);
});

test('workerd', async (context) => {
  const workerd = runtime('@cloudflare/workerd-linux-64/bin/workerd');
  const worker = (expected) => `
import * as kore from 'korewebhook';
import * as adapter from 'korewebhook/fetch';
import { deliver } from './fetching.mjs';

export default {
  async test() {
    const said = JSON.stringify(await deliver(kore, adapter, async (handler) => (request) => handler(request)));
    if (said !== ${JSON.stringify(expected)}) throw new Error(said + ' was said');
  },
};
`;
  const expected = JSON.stringify(EXPECTED);
  const path = installed(context, [TARBALL], { 'fetching.mjs': fetching, 'worker.mjs': worker(expected) });
  const leaveWasm = {
    name: 'leave-wasm',
    setup(bundler) {
      bundler.onResolve({ filter: /\.wasm$/ }, (found) => {
        copyFileSync(join(found.resolveDir, found.path), join(path, 'korewebhook.wasm'));
        return { path: found.path, external: true };
      });
    },
  };
  const make = () =>
    build({
      ...{ absWorkingDir: path, entryPoints: ['worker.mjs'], outfile: join(path, 'bundle.mjs'), bundle: true, format: 'esm', logLevel: 'error' },
      ...{ platform: 'browser', mainFields: ['module', 'main'], conditions: ['workerd', 'worker', 'browser'], plugins: [leaveWasm] },
    });
  const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [(name = "main", worker = (
  compatibilityDate = "2026-01-01",
  modules = [
    (name = "bundle.mjs", esModule = embed "bundle.mjs"),
    (name = "korewebhook.wasm", wasm = embed "korewebhook.wasm"),
  ],
))]);
`;
  writeFileSync(join(path, 'config.capnp'), config);
  await make();
  run(workerd, ['test', 'config.capnp'], { cwd: path });
  // A worker that fails is seen to fail.
  writeFileSync(join(path, 'worker.mjs'), worker(expected.replace('503', '200')));
  await make();
  assert.throws(() => run(workerd, ['test', 'config.capnp'], { cwd: path }), /was said/);
});

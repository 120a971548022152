// The package as it is installed: from the tarballs that `make node` packed, in a folder outside of the repository, offline.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, read, ROOT } from './vectors.js';
import { LISTS } from './exercise.js';

const { version } = JSON.parse(read('bindings-node/package.json'));

export const TARBALL = fileURLToPath(new URL(`dist/korewebhook-${version}.tgz`, ROOT));
export const ADDON = fileURLToPath(new URL(`dist/korewebhook-linux-x64-gnu-${version}.tgz`, ROOT));

/** What the vectors give in every runtime: of deliveries, dates, URLs, JSON, Standard Webhooks, bearer tokens. */
export const COUNTS = {
  accepted: 70 + 3 + 2 + 4 + 7 + 32 + 61 + 4 + 3,
  refused: 235 + 3 + 4 + 4 + 39 + 32 + 138 + 24 + 16,
  steps: 27,
};

/** An environment without what npm and Node's test runner put there, for a process of a user's. */
export function environment(more = {}) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|KOREWEBHOOK)/i.test(name));
  return { ...Object.fromEntries(kept), ...more };
}

/** Runs a program and returns what it wrote; what it says of an error is shown. */
export function run(program, args, options = {}) {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: environment(), timeout: 120_000, ...options });
  } catch (error) {
    throw new assert.AssertionError({ message: `${program} ${args.join(' ')}\n${error.stdout}\n${error.stderr}\n${error}` });
  }
}

/** A folder with these files that goes when the test is over. */
export function folder(context, files = {}) {
  const path = mkdtempSync(join(tmpdir(), 'korewebhook-'));
  context.after(() => rmSync(path, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(path, name), content);
  }
  return path;
}

/** Installs tarballs into such a folder. Nothing may be asked of a registry. */
export function installed(context, tarballs, files = {}) {
  for (const tarball of tarballs) {
    assert.ok(existsSync(tarball), `${tarball} is missing: run make node`);
  }
  const path = folder(context, { 'package.json': '{ "name": "user", "private": true }\n', ...files });
  const cache = join(path, '.cache');
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--cache', cache, ...tarballs], { cwd: path });
  rmSync(cache, { recursive: true, force: true });
  return path;
}

/** The lists as a module. */
export const listsModule = () => `export default ${JSON.stringify(Object.fromEntries(LISTS.map((name) => [name, parse(name)])))};\n`;

// The types of the adapters, as programs see them: with the types of the frameworks, and without any.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

async function compile(file, cwd, ...options) {
  const flags = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--target', 'es2022', '--ignoreConfig'];
  const { stdout } = await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...flags, ...options, file], { cwd }).catch(
    (error) => error,
  );
  assert.equal(stdout, '');
}

test('with the types of the frameworks', () =>
  compile('test/types/frameworks.ts', root, '--module', 'nodenext', '--types', 'node', '--skipLibCheck', '--esModuleInterop'));

test('without any types but those of the DOM, each declaration looked at', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'korewebhook-'));
  try {
    const installed = join(folder, 'node_modules/korewebhook');
    mkdirSync(installed, { recursive: true });
    for (const name of ['dist', 'package.json']) {
      cpSync(join(root, name), join(installed, name), { recursive: true });
    }
    cpSync(join(root, 'test/types/alone.ts'), join(folder, 'alone.ts'));
    for (const [module, resolution] of [['nodenext', 'nodenext'], ['esnext', 'bundler']]) {
      await compile('alone.ts', folder, '--module', module, '--moduleResolution', resolution, '--lib', 'es2022,dom,dom.iterable', '--types', '');
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

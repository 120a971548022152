// The examples, started as their first lines say.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { send } from './support/http.js';
import { event } from './support/shared.js';
import { FORM, headersOf, SECRET, URL_ } from './support/signing.js';

const FOLDER = fileURLToPath(new URL('../examples/', import.meta.url));
const SIM = 'SimSid=HS01&SimStatus=active';

const COMMANDS = {
  'express.js': ['express.js', 'PORT=8000 node express.js'],
  'fetch.js': ['fetch-on-node.js', 'PORT=8000 node fetch-on-node.js'],
};

/** Runs an example until `use` is over, and gives what it has written. */
async function running(file, env, use) {
  const child = spawn(process.execPath, [file], { cwd: FOLDER, env: { PATH: process.env.PATH, ...env } });
  let output = '';
  const ended = new Promise((resolve) => child.on('close', resolve));
  try {
    const port = await new Promise((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text) => {
          output += text;
          const found = /listening on port (\d+)/.exec(output);
          if (found !== null) {
            resolve(Number(found[1]));
          }
        });
      }
      ended.then((code) => reject(new Error(`ended with ${code}: ${output}`)));
    });
    await use(port);
  } finally {
    child.kill();
    await ended;
  }
  return output;
}

test('every example is here', () => {
  const files = readdirSync(FOLDER);
  const run = Object.entries(COMMANDS).flatMap(([name, [file]]) => [name, file]);
  assert.deepEqual(files.toSorted(), [...new Set(run)].toSorted());
});

for (const [name, [file, command]] of Object.entries(COMMANDS)) {
  test(name, async () => {
    assert.ok(readFileSync(FOLDER + name, 'utf8').includes(`//   ${command}\n`));
    const env = { PORT: '0', KOREWEBHOOK_SECRET: `another-secret,${SECRET}`, KOREWEBHOOK_URL: URL_ };
    const output = await running(file, env, async (port) => {
      const body = event('example');
      const statuses = [];
      const post = async (sent, head) => statuses.push((await send(port, '/kore/', sent, head)).status);
      await post(body, headersOf(body));
      await post(body, headersOf(body));
      await post(`${body} `, { ...headersOf(body), 'Kore-Signature': '0'.repeat(64) });
      for (const token of ['RQ1', 'RQ2']) {
        await post(SIM, headersOf(SIM, { contentType: FORM, token }));
      }
      statuses.push((await send(port, '/other', body, headersOf(body))).status);
      assert.deepEqual(statuses, [204, 204, 401, 204, 204, 404]);
    });
    const times = (text) => output.split(text).length - 1;
    assert.equal(times('event example: com.kore.eventstreams.test.event\n'), 1);
    assert.equal(times('SIM HS01: active\n'), 1);
    assert.equal(times('SIM HS01: active (repeat)\n'), 1);
    assert.equal(times('refused: signature-mismatch'), 1);
    assert.equal(times('refused: duplicate'), 1);
    assert.ok(!output.includes(SECRET));
  });

  test(`${name} without its configuration`, async () => {
    await assert.rejects(running(file, { PORT: '0' }, () => {}), /VerificationError: secret-empty/);
  });
}

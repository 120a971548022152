// The examples of docs/node.md run as they stand.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { read } from './support/vectors.js';

const TEXT = read('docs/node.md');
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

/** The JavaScript of each section, its blocks joined. */
const SECTIONS = Object.fromEntries(
  TEXT.split(/^###? /m)
    .slice(1)
    .map((part) => [/^.*/.exec(part)[0], [...part.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code).join('\n')])
    .filter(([, code]) => code !== ''),
);

// A delivery of two events, its retry, and a forgery, through each adapter.
const DELIVERIES = `
import { sampleEvents as __sample, signRequest as __sign } from 'korewebhook/testing';
const __sent = __sign(Webhook.fromEnv(), __sample(['EZ1'], { time: null }));
async function __check(post) {
  const forged = { ...__sent, body: Buffer.from(String.fromCharCode(...__sent.body) + 'x') };
  const statuses = [await post(__sent), await post(__sent), await post(forged)];
  if (String(statuses) !== '204,204,401') throw new Error(String(statuses));
}
async function __over(server, path = '/kore/') {
  await new Promise((resolve) => server.listening ? resolve() : server.listen(0, '127.0.0.1', resolve));
  const url = 'http://127.0.0.1:' + server.address().port + path;
  await __check(async (request) => (await fetch(url, request)).status);
  server.closeAllConnections();
  server.close();
}
`;
const DRIVERS = {
  'Express': `
import { createServer as __create } from 'node:http';
await __over(__create(app));
const __counts = JSON.stringify(counters.snapshot());
if (__counts !== '{"accepted":1,"duplicate":1,"json-malformed":1}') throw new Error(__counts);
`,
  'Fastify': "await app.listen({ host: '127.0.0.1', port: 0 });\nawait __over(app.server);\nawait app.close();\n",
  'Fetch handlers': `
import { serve as __serve } from '@hono/node-server';
await __check(async (request) => (await app.request('/kore/', request)).status);
await new Promise((resolve) => {
  const server = __serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, async ({ port }) => {
    const response = await fetch('http://127.0.0.1:' + port + '/kore/', __sent);
    if (response.status !== 204 || POST !== kore) throw new Error(String(response.status));
    server.closeAllConnections();
    server.close(resolve);
  });
});
`,
  'Plain HTTP': "await __over(server);\nif (server.requestTimeout !== 10_000) throw new Error();\n",
  'AWS Lambda': `
await __check(async ({ headers, body }) => {
  const event = { version: '2.0', headers, body: Buffer.from(body).toString(), requestContext: { http: { method: 'POST' } } };
  return (await handler(event, {})).statusCode;
});
`,
};

/** Runs a file where the package and the frameworks are installed. */
async function execute(name, code, ...flags) {
  const folder = mkdtempSync(join(tmpdir(), 'korewebhook-'));
  try {
    mkdirSync(join(folder, 'node_modules/@hono'), { recursive: true });
    symlinkSync(ROOT, join(folder, 'node_modules/korewebhook'));
    for (const framework of ['express', 'fastify', 'hono', '@hono/node-server']) {
      symlinkSync(join(ROOT, 'node_modules', framework), join(folder, 'node_modules', framework));
    }
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}\n');
    writeFileSync(join(folder, name), code);
    const env = { PATH: process.env.PATH, KOREWEBHOOK_SECRET: 'a35974bdf1c769b8bb', KOREWEBHOOK_URL: 'https://hooks.example.com/kore/' };
    return await run(process.execPath, [...flags, name], { cwd: folder, env });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('sections', () => {
  assert.equal(Object.keys(SECTIONS).length, 13);
  for (const name of Object.keys(DRIVERS)) {
    assert.ok(name in SECTIONS, name);
  }
  const blocks = (language) => TEXT.split(`\`\`\`${language}\n`).length - 1;
  assert.equal(blocks(''), blocks('js') + blocks('sh'), 'a block in another language');
});

for (const [name, code] of Object.entries(SECTIONS).filter(([heading]) => heading !== 'Testing your receiver')) {
  test(name, async () => {
    const { stderr } = await execute('example.js', code + (name in DRIVERS ? DELIVERIES + DRIVERS[name] : ''));
    assert.equal(stderr.replace(/^refused: [^]*$/, name === 'Express' ? '' : '$&'), '');
  });
}

test('Testing your receiver', async () => {
  const { stdout } = await execute('receiver.test.js', SECTIONS['Testing your receiver'], '--test');
  assert.match(stdout, /^# pass 2$/m);
  assert.match(stdout, /^# fail 0$/m);
});

test('links', () => {
  const anchors = (text) => [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading.toLowerCase().replace(/[^a-z0-9 -]/g, '').replaceAll(' ', '-'));
  for (const [, target] of TEXT.matchAll(/\]\(([^)]+)\)/g)) {
    const [file, anchor] = target.split('#');
    const found = anchors(file === '' ? TEXT : read(`docs/${file}`));
    assert.ok(anchor === undefined || found.includes(anchor), target);
  }
});

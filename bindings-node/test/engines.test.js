// Two engines, one behaviour; and what the WebAssembly module is made of.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import test from 'node:test';
import * as native from 'korewebhook';
import * as wasm from 'korewebhook/wasm';
import { engines, onBoth } from './support/engines.js';
import { load, options, secrets, unhex } from './support/vectors.js';

const require = createRequire(import.meta.url);
const file = new URL('../dist/esm/engine/korewebhook.wasm', import.meta.url);

/** Everything that can be seen of a call. */
function seen(call) {
  try {
    return call();
  } catch (error) {
    return { name: error.name, message: error.message, ...error };
  }
}

function verdict({ Webhook, EndpointOnly }, given, scheme, body, maxBody) {
  return seen(() => {
    const webhook = new Webhook(secrets(given), given.url, { ...options(given), scheme, maxBody });
    const said = webhook.verify(body, given.headers, { method: given.method });
    if (said instanceof EndpointOnly) {
      return said.secretIndex;
    }
    const { body: canonical, format, secretIndex, key, idempotencyToken, date } = said;
    const keys = said.replayKeys().map((one) => ({ ...one.toJSON(), tag: one.tag('RQ1', new Uint8Array(16)) }));
    const signed = webhook.sign(body);
    return {
      canonical: Buffer.from(canonical).toString('hex'),
      ...{ format, secretIndex, key, idempotencyToken, date, keys, signed, warnings: webhook.warnings },
      events: said.events().map((event) => ({ ...event, raw: event.raw })),
      fields: said.form().pairs,
    };
  });
}

test('both engines say the same of every vector, whole, cut and damaged', () => {
  let [compared, accepted, refused] = [0, 0, 0];
  for (const [name, scheme] of [
    ['cases', 'kore-sha256'],
    ['opt_in', 'kore-sha256'],
    ['rotation', 'kore-sha256'],
    ['hmac', 'hmac-sha256'],
  ]) {
    for (const given of load(name)) {
      const body = unhex(given.body);
      const middle = body.length >> 1;
      const damaged = body.map((byte, at) => (at === middle ? byte ^ 0x20 : byte));
      for (const variant of [body, body.subarray(0, middle), damaged, Buffer.concat([body, Buffer.from(' ')])]) {
        for (const maxBody of [undefined, 100]) {
          const [one, other] = engines.map((kore) => verdict(kore, given, scheme, variant, maxBody));
          assert.deepEqual(one, other, given.name);
          compared += 1;
          accepted += Number('canonical' in Object(one));
          refused += Number(Object(one).name === 'VerificationError');
        }
      }
    }
  }
  assert.equal(compared, (305 + 6 + 6 + 9) * 8);
  assert.ok(accepted > 100 && refused > 1000, `${accepted} ${refused}`);
});

test('both engines say the same of every text', () => {
  let compared = 0;
  const texts = ['dates', 'url_canonicalization', 'tokens'].flatMap((name) => load(name).map((given) => given.input));
  const bodies = load('json_canonicalization').map((given) => unhex(given.input));
  for (const [name, inputs] of [
    ['parseDate', texts],
    ['signedUrl', texts],
    ['minifyJson', [...bodies, ...texts]],
  ]) {
    for (const input of inputs) {
      const [one, other] = engines.map((kore) => seen(() => kore[name](input)));
      assert.deepEqual(one, other, `${name} ${input}`);
      compared += 1;
    }
  }
  assert.ok(compared > 500);
});

test('the WebAssembly module imports nothing, and is small', async () => {
  const bytes = readFileSync(file);
  const module = await WebAssembly.compile(bytes);
  assert.deepEqual(WebAssembly.Module.imports(module), []);
  assert.deepEqual(
    WebAssembly.Module.exports(module).map(({ name }) => name).sort(),
    ['__data_end', '__heap_base', 'memory', 'reserve', 'run'], // the first two are addresses
  );
  assert.ok(bytes.length <= BUDGET, `${bytes.length} bytes`);
  // No path of the machine that built it.
  assert.doesNotMatch(bytes.toString('latin1'), /\/(home|root|tmp|work|Users)\//);
});

/** In bytes. */
const BUDGET = 88_000;

test('what is inlined is that module', () => {
  const bytes = readFileSync(file).toString('base64');
  for (const path of ['../dist/esm/engine/inline.js', '../dist/cjs/engine/inline.cjs']) {
    assert.ok(readFileSync(new URL(path, import.meta.url), 'utf8').includes(`'${bytes}'`), path);
  }
});

test('CommonJS has the same names, and its errors are known', () => {
  for (const [path, module] of [
    ['korewebhook', native],
    ['korewebhook/wasm', wasm],
  ]) {
    const common = require(path);
    assert.deepEqual(Object.keys(common).sort(), Object.keys(module).sort());
    assert.equal(common.engine, module.engine);
    assert.notEqual(common.VerificationError, module.VerificationError);
    assert.throws(
      () => common.signedUrl('x'),
      (error) =>
        error instanceof module.VerificationError &&
        error instanceof common.VerificationError &&
        error instanceof Error &&
        module.VerificationError.isVerificationError(error),
    );
  }
});

test('the classes of one engine are told by those of the other where they share a base', () => {
  const webhook = new wasm.Webhook('secret-of-16-bytes', 'https://h.example/k/');
  assert.equal(webhook instanceof native.Webhook, false);
  assert.equal(native.VerificationError, wasm.VerificationError);
  assert.equal(native.Delivery, wasm.Delivery);
});

onBoth(test, 'objects are apart, whatever is between their calls', ({ Webhook, minifyJson }) => {
  const url = 'https://h.example/kore/';
  const webhooks = Array.from({ length: 50 }, (_, number) => new Webhook(`secret-${number}`, `${url}${number}/`));
  const bodies = webhooks.map((_, number) => `n=${number}`);
  const headers = webhooks.map((webhook, number) => webhook.headers(bodies[number], { token: `RQ${number}` }));
  const deliveries = webhooks.map((webhook, number) => webhook.verify(bodies[number], headers[number]));
  minifyJson(`[${'1, '.repeat(1 << 18)}1]`);
  deliveries.forEach((delivery, number) => {
    assert.equal(Buffer.from(delivery.body).toString(), bodies[number]);
    assert.equal(delivery.idempotencyToken, `RQ${number}`);
    assert.equal(delivery.form().get('n'), String(number));
    assert.equal(delivery.key, webhooks[number].verify(bodies[number], headers[number]).key);
  });
  assert.equal(new Set(deliveries.map(({ key }) => key)).size, 50);
});

onBoth(test, 'large bodies, URLs and secrets', ({ Webhook }) => {
  const url = `https://h.example/${'p'.repeat(100_000)}/`;
  const webhook = new Webhook('s'.repeat(1024), url, { maxBody: 8 << 20 });
  assert.equal(webhook.url, url);
  for (const length of [4000, 65_535, 65_536, 65_537, 1 << 20, 5 << 20]) {
    const minified = `["${'x'.repeat(length)}"]`;
    const body = `[ "${'x'.repeat(length)}" ]\n`;
    const delivery = webhook.verify(body, webhook.headers(body));
    assert.equal(Buffer.compare(delivery.body, Buffer.from(minified)), 0);
    assert.equal(delivery.json()[0].length, length);
  }
  assert.equal(Buffer.from(webhook.verify('a=b', webhook.headers('a=b')).body).toString(), 'a=b');
});

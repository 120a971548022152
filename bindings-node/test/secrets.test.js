// No secret shows, whatever is printed, dumped or copied.

import assert from 'node:assert/strict';
import test from 'node:test';
import { format, inspect } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { onBoth } from './support/engines.js';

const URL_ = 'https://h.example/kore/';

/** Put together here, so that the whole of it stands in no line of the source. */
const secret = () => ['5ecret', '-that-', 'shows-', 'nowhere'].join('');
const key = () => ['QUJD', 'REVG'].join('').repeat(4);

function caught(call) {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

const webhook = ({ Webhook }) => new Webhook([secret(), Buffer.from(`${secret()}-2`)], URL_, { allowGet: true });

const MAKERS = {
  webhook,
  standard: ({ StandardWebhook }) => new StandardWebhook(`whsec_${key()}`),
  delivery: (kore) => webhook(kore).verify('a=b', webhook(kore).headers('a=b')),
  'endpoint only': (kore) => webhook(kore),
  error: (kore) => caught(() => webhook(kore).verify('a=b', { 'kore-signature': '0'.repeat(64) })),
  'error of the configuration': ({ Webhook }) => caught(() => new Webhook([secret(), `${secret()}\n`], URL_)),
  'error of a wrong type': ({ Webhook }) => caught(() => new Webhook([secret(), { secret: secret() }], URL_)),
  'error of a wrong option': ({ Webhook }) => caught(() => new Webhook('x', URL_, { [secret()]: 1 })),
  'error of a token': ({ verifyBearer }) => caught(() => verifyBearer({ authorization: `Bearer ${secret()}` }, secret() + key())),
};

function leaks(shown) {
  const text = (Buffer.isBuffer(shown) ? shown.toString('latin1') : String(shown)).replace(/,\s+/g, ', ');
  const spellings = [secret(), key(), Buffer.from(secret()).toString('hex'), 'ABCDEF'.repeat(2), Buffer.from(secret()).join(', ')];
  // Strings of two bytes a letter too, as `v8.serialize` may have them.
  return [...spellings, Buffer.from(secret(), 'utf16le').toString('latin1')].some((spelling) => text.includes(spelling));
}

test('the search finds what is there', () => {
  assert.ok(leaks(`...${secret()}...`));
  assert.ok(leaks(inspect({ secret: secret() })));
  assert.ok(leaks(inspect([...Buffer.from(secret())], { breakLength: Infinity })));
  assert.ok(leaks(serialize({ key: key() })));
  assert.ok(!leaks('5ecret-that-'));
});

for (const [name, make] of Object.entries(MAKERS)) {
  onBoth(test, `texts: ${name}`, (kore) => {
    const thing = make(kore);
    for (const shown of [
      inspect(thing),
      inspect(thing, { showHidden: true, depth: Infinity, getters: true, showProxy: true }),
      inspect(thing, { customInspect: false, showHidden: true, depth: Infinity, getters: true }),
      inspect({ nested: [thing] }, { depth: Infinity }),
      format('%s %o %O %j %d', thing, thing, thing, thing, thing),
      `${thing}`,
      JSON.stringify(thing),
      JSON.stringify({ thing, keys: Object.getOwnPropertyNames(thing), all: { ...thing } }),
    ]) {
      assert.ok(!leaks(shown), shown);
    }
    for (let owner = thing; owner !== null; owner = Object.getPrototypeOf(owner)) {
      for (const property of Reflect.ownKeys(owner)) {
        if (property !== '__proto__' && property !== 'caller' && property !== 'arguments') {
          assert.ok(!leaks(inspect(Reflect.get(owner, property, thing), { depth: 4, showHidden: true })), String(property));
        }
      }
    }
  });

  onBoth(test, `copies: ${name}`, (kore) => {
    const thing = make(kore);
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(thing);
    const posted = receiveMessageOnPort(port2).message;
    port1.close();
    for (const copy of [structuredClone(thing), deserialize(serialize(thing)), posted, { ...thing }, Object.assign({}, thing)]) {
      assert.ok(!leaks(inspect(copy, { showHidden: true, depth: Infinity })));
      assert.ok(!leaks(serialize(copy)));
    }
    assert.ok(!leaks(serialize(thing)));
  });
}

onBoth(test, 'a copy of a webhook can do nothing', (kore) => {
  const made = webhook(kore);
  for (const copy of [structuredClone(made), Object.create(made), { ...made, __proto__: kore.Webhook.prototype }]) {
    assert.throws(() => kore.Webhook.prototype.sign.call(copy, 'a=b'), TypeError);
  }
});

onBoth(test, 'what is printed says how many secrets there are', (kore) => {
  assert.equal(inspect(webhook(kore)), '<korewebhook.Webhook secrets=2>');
  assert.equal(inspect(MAKERS.standard(kore)), '<korewebhook.StandardWebhook secrets=1>');
  assert.equal(JSON.stringify(webhook(kore)), '{"secrets":2}');
});

onBoth(test, 'bytes of a secret are copied', ({ Webhook }) => {
  const bytes = Buffer.from(secret());
  const made = new Webhook(bytes, URL_);
  const before = made.sign('a=b');
  bytes.fill(0x78);
  assert.equal(made.sign('a=b'), before);
});

onBoth(test, 'an error that crossed to another thread or file keeps what may be logged', (kore) => {
  const error = MAKERS.error(kore);
  const { code, number, hint } = JSON.parse(JSON.stringify(error));
  assert.deepEqual([code, number, hint], [error.code, error.number, error.hint]);
});

test('in the memory of WebAssembly a secret stands once, a token of a call nowhere', async () => {
  const instances = [];
  const { Instance } = WebAssembly;
  WebAssembly.Instance = class extends Instance {
    constructor(...args) {
      super(...args);
      instances.push(this);
    }
  };
  try {
    // A copy of the package, so that none of its instances was made before.
    const { createRequire } = await import('node:module');
    const kore = createRequire(import.meta.url)('korewebhook/wasm');
    const count = (bytes) => {
      const wanted = Buffer.from(bytes);
      let found = 0;
      for (const { exports } of instances) {
        const memory = Buffer.from(exports.memory.buffer);
        for (let at = memory.indexOf(wanted); at >= 0; at = memory.indexOf(wanted, at + 1)) {
          found += 1;
        }
      }
      return found;
    };
    const made = new kore.Webhook([secret(), `${'5'.repeat(900)}-second`], URL_);
    assert.equal(instances.length, 1);
    assert.equal(count(secret()), 1);
    made.verify('a=b', made.headers('a=b'));
    made.verify('{ "a": 1 }', made.headers('{ "a": 1 }')).events();
    assert.deepEqual([count(secret()), count('5'.repeat(32) + '-second')], [1, 1]);
    new kore.StandardWebhook(`whsec_${key()}`).sign('msg_1', 1, '{}');
    assert.deepEqual([count(key()), count(Buffer.from(key(), 'base64'))], [0, 1]);
    const token = ['t0ken', 'of', 'a', 'call'].join('-');
    assert.equal(kore.verifyBearer({ authorization: 'Bearer other' }, [token, 'other']), 1);
    assert.equal(count(token), 0);
    assert.throws(() => kore.verifyBearer({ authorization: 'Bearer x' }, token), { code: 'bearer-mismatch' });
    assert.equal(count(token), 0);
    // One that is refused doesn't stay in what is left of it, but for its own place.
    assert.throws(() => new kore.Webhook(`${secret()}-refused\n`, URL_), { code: 'secret-whitespace' });
    assert.equal(count(`${secret()}-refused`), 0);
  } finally {
    WebAssembly.Instance = Instance;
  }
});

// The replay guard: the sequences that every language runs, and its interface.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import test from 'node:test';
import { engines, onBoth } from './support/engines.js';
import { FORM, headersOf, JSON_, SECRET, URL_ } from './support/signing.js';
import { load, unhex } from './support/vectors.js';

const SEQUENCES = load('replay_sequences');
const EPOCH = 1_000_000;

/** A verified delivery. */
function deliver({ Webhook }, body, token = 'RQ1', url = URL_) {
  const bytes = Buffer.from(body);
  const contentType = '{['.includes(String.fromCharCode(bytes[0])) ? JSON_ : FORM;
  const headers = headersOf(bytes, { contentType, url });
  if (token === null) {
    delete headers['Kore-Idempotency-Token'];
  } else {
    headers['Kore-Idempotency-Token'] = token;
  }
  return new Webhook(SECRET, url).verify(bytes, headers);
}

const owner = (number) => Uint8Array.of(...Array(15).fill(0), number);

test('errors of a lease are known to other copies of the package', () => {
  const common = createRequire(import.meta.url)('korewebhook');
  for (const { LeaseError, LostLease, AlreadyCommitted } of [common, ...engines]) {
    for (const [error, code] of [
      [new LostLease(), 'lost-lease'],
      [new AlreadyCommitted('x'), 'already-committed'],
      [new LeaseError('x'), 'lease-error'],
    ]) {
      assert.equal(error.code, code);
      assert.ok(error instanceof LeaseError);
      assert.ok(engines[0].LeaseError.isLeaseError(error) && common.LeaseError.isLeaseError(error));
    }
    for (const other of [null, 5, new Error('x'), new Proxy({}, { get: () => { throw new Error('no'); } })]) {
      assert.equal(LeaseError.isLeaseError(other), false);
    }
  }
  assert.deepEqual([new common.LostLease().message, new common.LostLease().name], ['lost-lease', 'LostLease']);
});

test('no sequence is missing', () => {
  assert.equal(SEQUENCES.length, 11);
  assert.equal(SEQUENCES.reduce((sum, { steps }) => sum + steps.length, 0), 27);
});

for (const sequence of SEQUENCES) {
  onBoth(test, sequence.name, async (kore) => {
    const guard = new kore.ReplayGuard({ lease: sequence.lease ?? 12, maxAge: null });
    const claimed = [];
    for (const [number, step] of sequence.steps.entries()) {
      const now = EPOCH + step.t;
      if (step.op !== undefined) {
        const of = step.owner_of_step;
        await assert.rejects(guard[step.op](claimed[of], owner(of), now), (error) => {
          assert.ok(error instanceof kore.LeaseError);
          assert.equal(error.code, step.outcome);
          return true;
        });
        continue;
      }
      const delivery = deliver(kore, unhex(step.body), step.token, step.url);
      const keys = delivery.replayKeys();
      const outcomes = await guard.claim(keys, delivery.idempotencyToken, owner(number), now);
      assert.deepEqual(outcomes, [step.outcome], `step ${number}`);
      claimed[number] = keys.filter((_, at) => kore.isClaimed(outcomes[at]));
      if (step.handler === 'ok') {
        await guard.commit(claimed[number], owner(number), now);
      } else if (step.handler === 'error') {
        await guard.release(claimed[number], owner(number), now);
      }
    }
  });
}

onBoth(test, 'a Date is a time', async (kore) => {
  const guard = new kore.ReplayGuard({ lease: 10 });
  const keys = deliver(kore, 'a=1').replayKeys();
  assert.deepEqual(await guard.claim(keys, 'RQ1', owner(1), new Date(EPOCH * 1000)), ['new']);
  assert.deepEqual(await guard.claim(keys, 'RQ1', owner(2), EPOCH + 9.999), ['in-progress']);
  assert.deepEqual(await guard.claim(keys, 'RQ1', owner(2), new Date((EPOCH + 10) * 1000)), ['new']);
});

onBoth(test, 'renewal and its errors', async (kore) => {
  const guard = new kore.ReplayGuard({ lease: 10 });
  const keys = deliver(kore, 'a=1').replayKeys();
  assert.deepEqual(await guard.claim(keys, 'RQ1', owner(1), EPOCH), ['new']);
  await guard.renew(keys, owner(1), EPOCH + 9);
  assert.deepEqual(await guard.claim(keys, 'RQ1', owner(2), EPOCH + 18), ['in-progress']);
  await assert.rejects(guard.renew(keys, owner(2), EPOCH + 18), kore.LostLease);
  await guard.commit(keys, owner(1), EPOCH + 18);
  for (const name of ['commit', 'release', 'renew']) {
    await assert.rejects(guard[name](keys, owner(1), EPOCH + 19), kore.AlreadyCommitted, name);
  }
  assert.deepEqual(await guard.claim(keys, 'RQ1', owner(3), EPOCH + 20), ['duplicate']);
});

onBoth(test, 'a full guard refuses and forgets nothing', async (kore) => {
  const guard = new kore.ReplayGuard({ capacity: 2 });
  for (const number of [1, 2]) {
    const keys = deliver(kore, `a=${number}`).replayKeys();
    assert.deepEqual(await guard.claim(keys, 'RQ1', owner(number), EPOCH), ['new']);
    await guard.commit(keys, owner(number), EPOCH);
  }
  assert.deepEqual(await guard.claim(deliver(kore, 'a=3').replayKeys(), 'RQ1', owner(3), EPOCH), ['store-error']);
  assert.deepEqual(await guard.claim(deliver(kore, 'a=1').replayKeys(), 'RQ1', owner(3), EPOCH), ['duplicate']);
  assert.deepEqual([guard.size, guard.capacity], [2, 2]);
});

onBoth(test, 'the signed time decides over staleness', async (kore) => {
  // The time is EPOCH.
  const keys = deliver(kore, '{"id":"1","source":"s","type":"t","time":"1970-01-12T13:46:40Z"}').replayKeys();
  for (const [after, outcome] of [
    [-3601, 'stale'],
    [-3600, 'new'],
    [86_400, 'new'],
    [86_401, 'stale'],
  ]) {
    assert.deepEqual(await new kore.ReplayGuard().claim(keys, null, owner(1), EPOCH + after), [outcome]);
  }
  assert.deepEqual(await new kore.ReplayGuard({ maxAge: null }).claim(keys, null, owner(1), EPOCH + 1e6), ['new']);
  assert.deepEqual(await new kore.ReplayGuard({ maxAge: 10 }).claim(keys, null, owner(1), EPOCH + 11), ['stale']);
  assert.deepEqual(await new kore.ReplayGuard({ skew: 5000 }).claim(keys, null, owner(1), EPOCH - 5000), ['new']);
});

onBoth(test, 'a mixed array, and far more keys than events are usual', async (kore) => {
  const guard = new kore.ReplayGuard({ capacity: 10_000 });
  const events = Array.from({ length: 5000 }, (_, at) => (at % 5 === 0 ? at : { id: String(at), source: 's', type: 't' }));
  const delivery = deliver(kore, JSON.stringify(events));
  const keys = delivery.replayKeys();
  assert.equal(keys.length, 5000);
  assert.equal(keys.filter((key) => key.hasId).length, 4000);
  assert.deepEqual([...new Set(await guard.claim(keys, 'RQ1', owner(1), EPOCH))], ['new']);
  await guard.commit(keys, owner(1), EPOCH);
  assert.equal(guard.size, 5000);
  assert.deepEqual([...new Set(await guard.claim(delivery.replayKeys(), 'RQ1', owner(2), EPOCH))], ['duplicate']);
  // One event of it once more, in another delivery.
  const again = deliver(kore, '[{"id":"1","source":"s","type":"t"},{"id":"x","source":"s","type":"t"}]').replayKeys();
  assert.deepEqual(await guard.claim(again, 'RQ2', owner(3), EPOCH), ['duplicate', 'new']);
});

test('keys of one engine are keys of the other', async () => {
  const [native, wasm] = engines;
  const guard = new native.ReplayGuard();
  for (const [kore, outcome] of [
    [wasm, 'new'],
    [native, 'in-progress'],
  ]) {
    assert.deepEqual(await guard.claim(deliver(kore, 'a=1').replayKeys(), 'RQ1', owner(kore === wasm ? 1 : 2), EPOCH), [outcome]);
  }
});

onBoth(test, 'interleaved claims are each handled once', async (kore) => {
  const guard = new kore.ReplayGuard({ capacity: 1024 });
  const deliveries = [
    ...Array.from({ length: 100 }, (_, at) => deliver(kore, `n=${at}`)),
    ...Array.from({ length: 50 }, (_, at) => deliver(kore, `[{"id":"${at}","source":"s"},{"id":"${at + 1}","source":"s"}]`)),
  ].map((delivery) => delivery.replayKeys());
  const handled = [];
  const work = async (number) => {
    for (const at of deliveries.keys()) {
      const keys = deliveries[(at + number * 7) % deliveries.length];
      const outcomes = await guard.claim(keys, 'RQ1', owner(number), EPOCH);
      const claimed = keys.filter((_, index) => kore.isClaimed(outcomes[index]));
      handled.push(...claimed.map(({ key }) => key));
      await guard.commit(claimed, owner(number), EPOCH);
    }
  };
  await Promise.all(Array.from({ length: 32 }, (_, number) => work(number)));
  assert.equal(handled.length, 151);
  assert.equal(new Set(handled).size, 151);
  assert.equal(guard.size, 151);
});

onBoth(test, 'wrong types and values', async (kore) => {
  const guard = new kore.ReplayGuard({ capacity: 4 });
  const keys = deliver(kore, 'a=1').replayKeys();
  const invalid = { code: 'invalid-argument' };
  for (const short of [new Uint8Array(), new Uint8Array(15), new Uint8Array(17)]) {
    await assert.rejects(guard.claim(keys, null, short, 1), invalid);
  }
  for (const wrong of [
    [5, null, owner(1), 1],
    [[5], null, owner(1), 1],
    [[Object.create(kore.ReplayKey.prototype)], null, owner(1), 1],
    [keys, 5, owner(1), 1],
    [keys, null, 'owner', 1],
    [keys, null, owner(1), '1'],
    [keys, null, owner(1), undefined],
  ]) {
    await assert.rejects(guard.claim(...wrong), TypeError);
  }
  for (const number of [NaN, -1, -Infinity, new Date(NaN), new Date(-1)]) {
    await assert.rejects(guard.claim(keys, null, owner(1), number), invalid);
  }
  assert.deepEqual(await guard.claim([], null, owner(1), Infinity), []);
  assert.equal(guard.size, 0);
  for (const capacity of [0, -1, 1.5, NaN, Infinity, 2 ** 24 + 1, 2 ** 53]) {
    assert.throws(() => new kore.ReplayGuard({ capacity }), invalid, String(capacity));
  }
  for (const name of ['lease', 'retention', 'maxAge', 'skew']) {
    assert.throws(() => new kore.ReplayGuard({ [name]: -1 }), invalid);
    assert.throws(() => new kore.ReplayGuard({ [name]: '1' }), TypeError);
    assert.equal(new kore.ReplayGuard({ capacity: 1, [name]: Infinity }).capacity, 1);
  }
  assert.throws(() => new kore.ReplayGuard({ capacity: 1n }), TypeError);
  assert.throws(() => new kore.ReplayGuard({ leash: 1 }), TypeError);
  assert.throws(() => new kore.ReplayGuard(null), TypeError);
});

test('keys of another copy of the package', async () => {
  const copies = [createRequire(import.meta.url)('../dist/cjs/index.cjs'), await import('../dist/esm/index.js')];
  assert.notEqual(copies[0].ReplayKey, copies[1].ReplayKey);
  for (const [one, other] of [copies, copies.toReversed()]) {
    const guard = new other.ReplayGuard();
    const keys = deliver(one, 'a=1').replayKeys();
    assert.deepEqual(await guard.claim(keys, 'RQ1', owner(1), EPOCH), ['new']);
    await guard.commit(keys, owner(1), EPOCH);
    assert.deepEqual(await guard.claim(deliver(other, 'a=1').replayKeys(), 'RQ1', owner(2), EPOCH), ['duplicate']);
    // What only looks like one is none.
    const symbol = Symbol.for('korewebhook.ReplayKey/1');
    for (const fake of [{}, { [symbol]: 1 }, { [symbol]: new Uint8Array(72) }, null, 'key']) {
      await assert.rejects(async () => guard.claim([fake], 'RQ1', owner(1), EPOCH), TypeError);
    }
  }
});

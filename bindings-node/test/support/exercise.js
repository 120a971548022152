// The vectors once more, for runtimes that have no test runner and no files: it takes the package and the lists, needs nothing
// else, and throws where something is not as it should be.

const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
const tohex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const camelCase = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());

/** The lists that are run. */
export const LISTS = ['cases', 'opt_in', 'rotation', 'hmac', 'dates', 'url_canonicalization', 'json_canonicalization', 'keys', 'standard_webhooks', 'bearer', 'replay_sequences'];

function check(found, expected, name) {
  if (found !== expected) {
    throw new Error(`${name}: ${found} and not ${expected}`);
  }
}

/** Returns the engine, how many cases were accepted and refused, and how many steps of a guard were made. */
export async function exercise(kore, lists) {
  const { Webhook, StandardWebhook, VerificationError, ReplayGuard } = kore;
  const counts = { engine: kore.engine, accepted: 0, refused: 0, steps: 0 };
  const run = (call) => {
    try {
      const value = call();
      counts.accepted += 1;
      return { code: 'ok', value };
    } catch (error) {
      if (!VerificationError.isVerificationError(error)) {
        throw error;
      }
      counts.refused += 1;
      return error;
    }
  };
  const secretsOf = (given) => (given.secrets ?? [given.secret]).map(unhex);
  const cases = (name) => {
    check(lists[name].cases.length > 0, true, name);
    return lists[name].cases;
  };

  for (const [name, scheme] of [
    ['cases', 'kore-sha256'],
    ['opt_in', 'kore-sha256'],
    ['rotation', 'kore-sha256'],
    ['hmac', 'hmac-sha256'],
  ]) {
    for (const given of cases(name)) {
      if (given.name === 'hmac_key_zero_padded_equivalent') {
        continue; // a NUL in a secret is refused here
      }
      const options = Object.fromEntries(Object.entries(given.options ?? {}).map(([key, value]) => [camelCase(key), value]));
      const said = run(() => {
        const webhook = new Webhook(secretsOf(given), given.url, { scheme, ...options });
        return webhook.verify(unhex(given.body), given.headers, { method: given.method });
      });
      check(said.code, given.reason, given.name);
    }
  }
  for (const given of cases('dates')) {
    const said = run(() => kore.parseDate(given.input).getTime() / 1000);
    check(said.code, given.code ?? 'ok', given.name);
    check(said.value, said.code === 'ok' ? given.expect : undefined, given.name);
  }
  for (const given of cases('url_canonicalization')) {
    const said = run(() => kore.signedUrl(given.input));
    check(said.detail ?? said.value, said.code === 'ok' ? given.expect : given.code, given.name);
  }
  for (const given of cases('json_canonicalization')) {
    const said = run(() => tohex(kore.minifyJson(unhex(given.input))));
    check(said.detail ?? said.value, said.code === 'ok' ? given.expect : given.code, given.name);
  }
  const url = 'https://hooks.example.com/kore/';
  for (const given of cases('keys')) {
    const webhook = new Webhook('first-secret-0123', url);
    const delivery = webhook.verify(given.body, webhook.headers(given.body));
    check(delivery.key, given.delivery, given.name);
    check(delivery.replayKeys().map(({ key }) => key).join(), given.replay.map(({ key }) => key).join(), given.name);
  }
  for (const given of cases('standard_webhooks')) {
    const { now, tolerance } = given;
    const said = run(() => new StandardWebhook(given.secret).verify(unhex(given.body), given.headers, { now, tolerance }));
    check(said.code, given.reason, given.name);
  }
  for (const given of cases('bearer')) {
    check(run(() => kore.verifyBearer(given.headers, given.token)).code, given.reason, given.name);
  }
  for (const sequence of cases('replay_sequences')) {
    const guard = new ReplayGuard({ lease: sequence.lease ?? 12, maxAge: null, capacity: 64 });
    const claimed = [];
    for (const [number, step] of sequence.steps.entries()) {
      counts.steps += 1;
      const [owner, now] = [new Uint8Array(16).fill(number), 1_000_000 + step.t];
      if (step.op !== undefined) {
        const of = step.owner_of_step;
        const said = await guard[step.op](claimed[of], new Uint8Array(16).fill(of), now).catch((error) => error.code);
        check(said, step.outcome, sequence.name);
        continue;
      }
      const webhook = new Webhook('first-secret-0123', step.url ?? url);
      const body = unhex(step.body);
      const delivery = webhook.verify(body, webhook.headers(body, { token: step.token }));
      const keys = delivery.replayKeys();
      const outcomes = await guard.claim(keys, delivery.idempotencyToken, owner, now);
      check(outcomes.join(), step.outcome, `${sequence.name} ${number}`);
      claimed[number] = keys.filter((_, at) => kore.isClaimed(outcomes[at]));
      if (step.handler === 'ok') {
        await guard.commit(claimed[number], owner, now);
      } else if (step.handler === 'error') {
        await guard.release(claimed[number], owner, now);
      }
    }
  }
  return counts;
}

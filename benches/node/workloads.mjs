// The deliveries that bodies.py wrote.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export function workloads(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith('.index')).sort();
  return names.map((name) => read(folder, name.slice(0, -'.index'.length)));
}

function read(folder, name) {
  const [first, ...lines] = readFileSync(join(folder, `${name}.index`), 'utf8').trimEnd().split('\n');
  const bodies = readFileSync(join(folder, `${name}.bodies`));
  const [contentType, ...secrets] = first.split(' ');
  let at = 0;
  const deliveries = lines.map((line) => {
    const [accepted, signature, signedLength, length] = line.split(' ');
    // In memory of its own, as the body of a request is.
    const body = Buffer.from(bodies.subarray(at, (at += Number(length))));
    const headers = {
      host: 'testendpoint.com',
      'user-agent': 'KoreProxy/1.1',
      date: '2024-09-25T19:09:48Z',
      'content-type': contentType,
      'content-length': length,
      'kore-idempotency-token': '0123456789abcdef-0123',
      'kore-signature': signature,
    };
    return { body, headers, accepted: accepted === '1', signedLength: Number(signedLength) };
  });
  return { name, isJson: contentType === 'application/json', secrets, deliveries };
}

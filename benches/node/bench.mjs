// Measures the Node package beside hand-written code and peers: `bench.mjs BODIES RESULT`. mitata measures each
// function briefly, in rounds, so that what disturbs the machine for a while doesn't fall on one of the compared.

import { writeFileSync } from 'node:fs';
import { measure } from 'mitata';
import { columns } from './columns.mjs';
import { workloads } from './workloads.mjs';

const ROUNDS = 5;
const BRIEFLY = { min_cpu_time: 40e6, min_samples: 4, batch_samples: 512, gc: globalThis.gc ?? false };

const [bodies, result] = process.argv.slice(2);
const results = {};
for (const workload of workloads(bodies)) {
  const compared = await columns(workload);
  const times = (results[workload.name] = {});
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, call] of compared) {
      (times[name] ??= []).push((await measure(call, { ...BRIEFLY })).p50);
    }
  }
}
writeFileSync(result, JSON.stringify({ node: process.versions.node, openssl: process.versions.openssl, results }));

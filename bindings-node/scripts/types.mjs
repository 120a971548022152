// Keeps a copy of the types of dist/ in types/, so that a change of the interface shows in a review.
//
//   node scripts/types.mjs            writes it
//   node scripts/types.mjs --check    fails where it differs

import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const list = (folder) =>
  readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.d.ts'))
    .sort();
const made = list('dist/esm');
if (process.argv[2] === '--check') {
  const kept = list('types');
  const differs = (name) => !kept.includes(name) || readFileSync(`dist/esm/${name}`, 'utf8') !== readFileSync(`types/${name}`, 'utf8');
  const changed = [...made.filter(differs), ...kept.filter((name) => !made.includes(name))];
  if (made.length === 0 || changed.length > 0) {
    console.error(`the types differ from those in types/: ${changed.join(', ')}; run make node-generated`);
    process.exit(1);
  }
} else {
  rmSync('types', { recursive: true, force: true });
  for (const name of made) {
    cpSync(`dist/esm/${name}`, `types/${name}`);
  }
}

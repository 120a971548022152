// For a release: names the packages of the platforms as optional, so that npm installs the one that fits. Until they are on a
// registry the package goes without: npm would take whatever somebody else has put there under these names.
//
//   node scripts/release.mjs

import { readFileSync, writeFileSync } from 'node:fs';
import { platformOf } from './platforms.mjs';

const path = new URL('../package.json', import.meta.url);
const manifest = JSON.parse(readFileSync(path, 'utf8'));
manifest.optionalDependencies = Object.fromEntries(
  manifest.napi.targets.map((triple) => [`korewebhook-${platformOf(triple).name}`, manifest.version]),
);
writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);

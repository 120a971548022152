// Makes the package of one platform, in npm/, of the addon that was built for it.
//
//   node scripts/platform.mjs x86_64-unknown-linux-gnu libkorewebhook_node.so

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { platformOf } from './platforms.mjs';

const [triple, addon] = process.argv.slice(2);
process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const main = JSON.parse(readFileSync('package.json', 'utf8'));
if (addon === undefined || !main.napi.targets.includes(triple)) {
  throw new Error(`usage: node scripts/platform.mjs TARGET ADDON, for one of ${main.napi.targets.join(', ')}`);
}

const { name: platform, os, cpu, libc } = platformOf(triple);
const binary = `${main.napi.binaryName}.${platform}.node`;
const { version, license, author, engines } = main;

const folder = `npm/${platform}`;
mkdirSync(folder, { recursive: true });
copyFileSync(addon, `${folder}/${binary}`);
for (const name of ['LICENSE-APACHE', 'LICENSE-MIT']) {
  copyFileSync(name, `${folder}/${name}`);
}
writeFileSync(`${folder}/README.md`, `The addon of the package \`korewebhook\` for ${triple}. Install \`korewebhook\`.\n`);
const manifest = {
  name: `korewebhook-${platform}`,
  version,
  description: `The addon of korewebhook for ${triple}`,
  license,
  author,
  engines,
  os: [os],
  cpu: [cpu],
  ...(libc ? { libc: [libc] } : {}),
  main: binary,
  files: [binary, 'LICENSE-APACHE', 'LICENSE-MIT'],
};
writeFileSync(`${folder}/package.json`, `${JSON.stringify(manifest, null, 2)}\n`);

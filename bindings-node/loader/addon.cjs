// The addon of this platform: a package of its own, which npm installs where os, cpu and libc fit.
'use strict';

/** Requires spelled out, so that bundlers see them. */
const packages = {
  'linux-x64': [() => require('korewebhook-linux-x64-gnu'), () => require('korewebhook-linux-x64-musl')],
  'linux-arm64': [() => require('korewebhook-linux-arm64-gnu'), () => require('korewebhook-linux-arm64-musl')],
  'darwin-x64': [() => require('korewebhook-darwin-x64')],
  'darwin-arm64': [() => require('korewebhook-darwin-arm64')],
  'win32-x64': [() => require('korewebhook-win32-x64-msvc')],
  'win32-arm64': [() => require('korewebhook-win32-arm64-msvc')],
};

function load() {
  for (const attempt of packages[`${process.platform}-${process.arch}`] ?? []) {
    try {
      return attempt();
    } catch {
      // Not installed, or for another C library: WebAssembly does the same work.
    }
  }
}

module.exports = load();

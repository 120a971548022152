// The addon of this platform: a package of its own, which npm installs where os, cpu and libc fit.
'use strict';

const packages = {
  'linux-x64': ['korewebhook-linux-x64-gnu', 'korewebhook-linux-x64-musl'],
  'linux-arm64': ['korewebhook-linux-arm64-gnu', 'korewebhook-linux-arm64-musl'],
  'darwin-x64': ['korewebhook-darwin-x64'],
  'darwin-arm64': ['korewebhook-darwin-arm64'],
  'win32-x64': ['korewebhook-win32-x64-msvc'],
  'win32-arm64': ['korewebhook-win32-arm64-msvc'],
};

function load() {
  for (const name of packages[`${process.platform}-${process.arch}`] ?? []) {
    try {
      // Not `require(…)`: a bundler would look for every one of them, and for a loader of what it found.
      return module.require(name);
    } catch {
      // Not installed, bundled, or for another C library: WebAssembly does the same work.
    }
  }
}

module.exports = load();

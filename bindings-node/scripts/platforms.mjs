// What npm calls the platforms that Rust calls by targets.

const CPU = { x86_64: 'x64', aarch64: 'arm64' };
const OS = { linux: 'linux', darwin: 'darwin', windows: 'win32' };
const LIBC = { gnu: 'glibc', musl: 'musl' };

/** Of `x86_64-unknown-linux-gnu`: name `linux-x64-gnu`, `os`, `cpu`, and on Linux `libc`. */
export function platformOf(triple) {
  const [arch, , system, abi] = triple.split('-');
  const [cpu, os] = [CPU[arch], OS[system]];
  return { name: [os, cpu, abi].filter(Boolean).join('-'), os, cpu, libc: os === 'linux' ? LIBC[abi] : undefined };
}

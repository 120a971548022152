/** The addon, or nothing where it does not load. */
declare module '#addon' {
  interface Addon {
    version(): string;
    share(): object;
    attach(shared: object, io: Uint8Array, out: Uint8Array): void;
    create(shared: object): (body: Uint8Array, out?: Uint8Array) => number | string;
  }
  const addon: Addon | undefined;
  export default addon;
}

/** The WebAssembly module, however a runtime wants it loaded. */
declare module '#wasm' {
  export default function compile(): WebAssembly.Module;
}

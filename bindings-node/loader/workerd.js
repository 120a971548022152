// For runtimes that compile no bytes: the module comes compiled.
import module from './korewebhook.wasm';

export default () => module;

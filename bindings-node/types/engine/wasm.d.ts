import type { Engine } from './engine.js';
export declare const wasm: Engine;

import { type Engine } from './engine.js';
/** The addon, where it loads and is of this version. */
export declare const native: Engine | undefined;

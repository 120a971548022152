import addon from '#addon';
import { VERSION } from '../tables.js';
import type { Engine } from './engine.js';

/** The addon, where it loads and is of this version. */
export const native: Engine | undefined =
  addon?.version() === VERSION ? { name: 'native', create: () => ({ run: addon!.create() }) } : undefined;

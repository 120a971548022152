import { begin, CALL, invoke, outBytes, settle, stateless } from './engine/call.js';
import type { Engine } from './engine/engine.js';
import { parseTimeWith } from './functions.js';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const OBJECT = 0x7b;

/** The members of a JSON object by name and type; `null` for what is not as expected. The engine has checked its grammar. */
export class Members {
  readonly #engine: Engine;
  /** The text of each value; `null` of those whose name occurs twice. */
  readonly #values = new Map<string, Uint8Array | null>();

  constructor(engine: Engine, text: Uint8Array) {
    this.#engine = engine;
    begin(CALL.Members);
    const count = invoke(stateless(engine), text);
    const places = outBytes().slice();
    settle();
    const view = new DataView(places.buffer);
    for (let at = 0; at < count * 16; at += 16) {
      const [nameAt, nameLength] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
      const [valueAt, valueLength] = [view.getUint32(at + 8, true), view.getUint32(at + 12, true)];
      // With its quotes, so that escapes are decoded: names are compared after that.
      const name = parse(text.subarray(nameAt - 1, nameAt + nameLength + 1)) as string;
      this.#values.set(name, this.#values.has(name) ? null : text.subarray(valueAt, valueAt + valueLength));
    }
  }

  /** The value of the only member of this name. */
  value(name: string): unknown {
    const text = this.#values.get(name);
    return text ? parse(text) : null;
  }

  text(name: string): string | null {
    const value = this.value(name);
    return typeof value === 'string' ? value : null;
  }

  time(name: string): Date | null {
    const time = parseTimeWith(this.#engine, this.value(name));
    return time === null ? null : new Date(time);
  }

  count(name: string): number | null {
    const text = this.#values.get(name);
    // 1.0 and 1e3 are no integers here, as they are none in other languages.
    const value = text && /^-?[0-9]+$/.test(decoder.decode(text)) ? parse(text) : null;
    return Number.isSafeInteger(value) ? (value as number) : null;
  }

  number(name: string): number | null {
    const value = this.value(name);
    return typeof value === 'number' && Number.isFinite(value) ? value : null;
  }

  object(name: string): Members | null {
    const text = this.#values.get(name);
    return text?.[0] === OBJECT ? new Members(this.#engine, text) : null;
  }

  /** The members whose names occur once. */
  entries(): [name: string, value: unknown][] {
    return [...this.#values].flatMap(([name, text]) => (text ? [[name, parse(text)]] : []));
  }
}

function parse(text: Uint8Array): unknown {
  return JSON.parse(decoder.decode(text)) as unknown;
}

import { VerificationError, wrongType } from './errors.js';

/** A time: a `Date`, or a number of seconds since 1970. */
export type Time = Date | number;

const getTime = Date.prototype.getTime;

function isDate(value: unknown): value is Date {
  try {
    getTime.call(value as Date);
    return true;
  } catch {
    return false;
  }
}

/** A time in milliseconds since 1970. What is no such time is an invalid argument. */
export function millis(value: unknown, what: string): number {
  if (isDate(value)) {
    return checked(getTime.call(value));
  }
  if (typeof value !== 'number') {
    throw wrongType(value, what, 'a Date or a number of seconds');
  }
  return checked(value * 1000);
}

/** A number of seconds, in milliseconds. */
export function duration(value: unknown, what: string): number {
  if (typeof value !== 'number') {
    throw wrongType(value, what, 'a number of seconds');
  }
  return checked(value * 1000);
}

function checked(value: number): number {
  if (Number.isNaN(value) || value < 0) {
    throw new VerificationError('invalid-argument');
  }
  return value;
}

/** A count or size: any whole number, as what the core can refuse. */
export function size(value: unknown, what: string): number {
  if (typeof value !== 'number') {
    throw wrongType(value, what, 'a whole number');
  }
  if (!Number.isInteger(value) || value < 0) {
    throw new VerificationError('invalid-argument');
  }
  return value;
}

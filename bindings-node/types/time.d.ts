/** A time: a `Date`, or a number of seconds since 1970. */
export type Time = Date | number;
/** A time in milliseconds since 1970. What is no such time is an invalid argument. */
export declare function millis(value: unknown, what: string): number;
/** A number of seconds, in milliseconds. */
export declare function duration(value: unknown, what: string): number;
/** A count or size: any whole number, as what the core can refuse. */
export declare function size(value: unknown, what: string): number;

import { type Receiver } from './receive.js';
import type { Received } from './received.js';
type Listener = (...values: any[]) => void;
/** A readable stream of Node's. */
export interface NodeStream {
    readonly destroyed: boolean;
    readonly aborted?: boolean | undefined;
    readonly readableDidRead: boolean;
    readonly readableEnded: boolean;
    on(event: string, listener: Listener): unknown;
    removeListener(event: string, listener: Listener): unknown;
    pause(): unknown;
}
/** A request of Node's: `http.IncomingMessage` is one, and so are those of Express. */
export interface NodeRequest extends NodeStream {
    readonly method?: string | undefined;
    readonly headers: object;
    readonly rawHeaders: readonly string[];
    readonly httpVersionMajor: number;
}
/** A response of Node's: `http.ServerResponse` is one. */
export interface NodeResponse {
    statusCode: number;
    readonly headersSent: boolean;
    setHeader(name: string, value: string): unknown;
    end(): unknown;
}
/** Verifies a request of Node's, hands it over, answers. Throws only for what is wrong with the program. */
export declare function serve<Req extends NodeRequest>(receiver: Receiver, handler: (received: Received, request: Req) => void | Promise<void>, request: Req, response: NodeResponse, consumed: string): Promise<void>;
/** The raw body, of which nothing beyond the bound is kept, or `null` where the client went away. */
export declare function readRequest(receiver: Receiver, request: object, stream: NodeStream, consumed: string): Promise<Uint8Array | null>;
export declare function contentLength({ headers }: NodeRequest): string | undefined;
/** Answers with a status alone, unless there is an answer already. */
export declare function answer(request: NodeRequest, response: NodeResponse, status: number, unread: boolean): void;
/** For a request of which something is left that nobody reads, before its answer goes out. */
export declare function giveUp(request: NodeRequest, setHeader: (name: string, value: string) => void): void;
export {};

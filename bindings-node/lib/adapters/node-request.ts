/*
 * Reading a request of Node's and answering it, for the adapters above `node:http`. The interfaces name what is used, so that
 * no types of Node or of a framework are needed.
 */
import { isBytes } from '../bytes.js';
import { Collector } from './collector.js';
import { BodyConsumedError, nothing, UNAVAILABLE, type Receiver } from './receive.js';
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
export async function serve<Req extends NodeRequest>(
  receiver: Receiver,
  handler: (received: Received, request: Req) => void | Promise<void>,
  request: Req,
  response: NodeResponse,
  consumed: string,
): Promise<void> {
  const method = request.method ?? '';
  const early = receiver.refuseByLength(contentLength(request), request.rawHeaders, method);
  if (early !== null) {
    answer(request, response, early, true);
    return;
  }
  const body = await readRequest(receiver, request, request, consumed);
  if (body === null) {
    answer(request, response, UNAVAILABLE, true);
    return;
  }
  const { status } = await receiver.run(body, request.rawHeaders, method, (received) => handler(received, request), nothing);
  answer(request, response, status, body.length > receiver.webhook.maxBody);
}

/** The raw body, of which nothing beyond the bound is kept, or `null` where the client went away. */
export async function readRequest(
  receiver: Receiver,
  request: object,
  stream: NodeStream,
  consumed: string,
): Promise<Uint8Array | null> {
  if (stream.readableDidRead || stream.readableEnded) {
    const kept = keptBy(request);
    if (kept === null) {
      throw new BodyConsumedError(consumed);
    }
    return kept;
  }
  const body = await read(stream, receiver.webhook.maxBody);
  if (body === undefined) {
    throw new BodyConsumedError(consumed);
  }
  if (body === null) {
    receiver.report.count('disconnected');
  }
  return body;
}

export function contentLength({ headers }: NodeRequest): string | undefined {
  return (headers as Record<string, string | undefined>)['content-length'];
}

/** Answers with a status alone, unless there is an answer already. */
export function answer(request: NodeRequest, response: NodeResponse, status: number, unread: boolean): void {
  if (response.headersSent) {
    return;
  }
  response.statusCode = status;
  if (status !== 204) {
    response.setHeader('content-length', '0');
  }
  if (unread) {
    giveUp(request, (name, value) => response.setHeader(name, value));
  }
  response.end();
}

/** For a request of which something is left that nobody reads, before its answer goes out. */
export function giveUp(request: NodeRequest, setHeader: (name: string, value: string) => void): void {
  const { stream } = request as { stream?: { once(event: string, listener: Listener): unknown; close(): void } };
  if (request.httpVersionMajor < 2) {
    // What follows can't be told from another request.
    setHeader('connection', 'close');
  } else {
    // Else it would stay open as long as its connection.
    stream?.once('finish', () => stream.close());
  }
}

/** The raw bytes where a parser has left them: those of `express.raw()`, or of a platform that reads everything. */
function keptBy(request: object): Uint8Array | null {
  const { rawBody, body } = request as { rawBody?: unknown; body?: unknown };
  return isBytes(rawBody) ? rawBody : isBytes(body) ? body : null;
}

/** Up to one byte more than `most`; `null` where the stream breaks off, `undefined` where its chunks are not raw. */
function read(stream: NodeStream, most: number): Promise<Uint8Array | null | undefined> {
  return new Promise((resolve) => {
    const body = new Collector(most + 1);
    const listeners: Record<string, Listener> = {
      data(chunk: unknown) {
        if (!isBytes(chunk)) {
          stop(undefined);
          return;
        }
        body.add(chunk);
        if (body.full) {
          stop(body.bytes);
        }
      },
      // HTTP/2 ends a body too whose stream was reset.
      end: () => stop(stream.aborted ? null : body.bytes),
      close: () => stop(null),
    };
    const stop = (result: Uint8Array | null | undefined) => {
      for (const [name, listener] of Object.entries(listeners)) {
        stream.removeListener(name, listener);
      }
      stream.pause();
      resolve(result);
    };
    // This one stays: an error that nobody hears ends the process.
    stream.on('error', () => stop(null));
    if (stream.destroyed) {
      stop(null);
      return;
    }
    for (const [name, listener] of Object.entries(listeners)) {
      stream.on(name, listener);
    }
  });
}

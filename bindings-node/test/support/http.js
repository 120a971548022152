// Real servers on a free port of the loopback, and clients that may send what no proper client does.

import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';

/** Listens, and gives the port and what stops it. */
export async function listen(server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: server.address().port, close: () => closeServer(server) };
}

export function closeServer(server) {
  return new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
}

/** One request on a connection of its own. A body of several pieces goes out chunked; with `null` nothing follows the head. */
export function send(port, path, body, headers, method = 'POST') {
  return new Promise((resolve, reject) => {
    const pieces = Array.isArray(body) ? body : null;
    const length = pieces || body === null ? {} : { 'Content-Length': Buffer.byteLength(body) };
    const sent = { ...headers, ...(pieces ? { 'Transfer-Encoding': 'chunked' } : length) };
    const request = http.request({ host: '127.0.0.1', port, path, method, headers: sent, agent: false });
    let answered = false;
    request.on('response', (response) => {
      answered = true;
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', () => {});
      response.on('close', () => {
        request.destroy();
        resolve(reply(response, Buffer.concat(chunks)));
      });
    });
    // A server that answers before it has read everything may close the connection.
    request.on('error', (error) => answered || reject(error));
    request.flushHeaders();
    if (pieces) {
      pieces.forEach((piece) => request.write(piece));
    } else if (body !== null) {
      request.write(body);
    }
    if (body !== null || !('Content-Length' in sent)) {
      request.end();
    }
  });
}

function reply(response, body) {
  const { date, connection, 'keep-alive': keepAlive, ...headers } = response.headers;
  assert.ok(date === undefined || date.length > 0);
  return { status: response.statusCode, headers, body: body.toString(), connection, keepAlive };
}

/** A connection on which bytes are written as they are. */
export class Wire {
  #socket;
  #received = '';
  #waiting = [];
  closed;

  static async open(port) {
    const wire = new Wire();
    wire.#socket = net.connect(port, '127.0.0.1');
    wire.#socket.setEncoding('latin1');
    wire.#socket.on('data', (text) => {
      wire.#received += text;
      wire.#look();
    });
    wire.#socket.on('error', () => {});
    wire.closed = new Promise((resolve) => wire.#socket.on('close', () => resolve(wire.#received)));
    wire.#socket.on('close', () => wire.#look(true));
    await new Promise((resolve) => wire.#socket.on('connect', resolve));
    return wire;
  }

  write(...parts) {
    parts.forEach((part) => this.#socket.write(part));
    return this;
  }

  /** All that was received, once it matches. */
  until(pattern) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ pattern, resolve, reject });
      this.#look();
    });
  }

  get received() {
    return this.#received;
  }

  destroy() {
    this.#socket.destroy();
    return this.closed;
  }

  #look(closed = false) {
    this.#waiting = this.#waiting.filter(({ pattern, resolve, reject }) => {
      if (pattern.test(this.#received)) {
        resolve(this.#received);
      } else if (closed) {
        reject(new Error(`closed after ${this.#received}`));
      } else {
        return true;
      }
      return false;
    });
  }
}

/** The statuses in what a connection received. */
export const statuses = (text) => [...text.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status));

/** A request as it goes over the wire. */
export function wire(path, body, headers, method = 'POST') {
  const lines = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}\r\n`));
  return `${method} ${path} HTTP/1.1\r\nHost: elsewhere.example\r\n${lines.join('')}\r\n${body}`;
}

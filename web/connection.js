// A WebSocket that reconnects by itself, with exponential backoff and full jitter.

import { backoff } from './timing.js';

const BACKOFF_BASE = 500;
const BACKOFF_CAP = 30_000;
const HANDSHAKE_TIMEOUT = 15_000;

/**
 * Returns a connection, which is not open yet: { connect, reconnect, send, resetBackoff, disconnect }.
 *
 * `getUrl` is called before each handshake, because a presigned URL is valid for minutes only; it may return a promise, and it may
 * throw an error with a `hint` for the user. `onEvent` receives the protocol's inputs `connecting`, `opened`, `received`, `closed` and
 * `probe`; it never receives events of a socket that has been replaced.
 */
export function createConnection(getUrl, onEvent) {
  let attempt = 0; // identifies the current socket: callbacks of an earlier attempt are ignored
  let socket = null;
  let timer = null;
  let failures = 0;

  async function connect() {
    abandonSocket();
    const current = attempt;
    timer = setTimeout(() => failed(current), HANDSHAKE_TIMEOUT);
    onEvent({ type: 'connecting' });
    try {
      const url = await getUrl();
      if (attempt === current) openSocket(url);
    } catch (e) {
      failed(current, e.hint);
    }
  }

  function openSocket(url) {
    const current = attempt;
    socket = new WebSocket(url);
    socket.onopen = () => {
      clearTimeout(timer);
      onEvent({ type: 'opened' });
    };
    socket.onmessage = ({ data }) => attempt === current && onEvent({ type: 'received', data });
    socket.onclose = () => failed(current);
  }

  function failed(failedAttempt, hint) {
    if (attempt === failedAttempt) reconnect(hint);
  }

  function reconnect(hint = '') {
    abandonSocket();
    const delay = backoff(failures++, Math.random(), BACKOFF_BASE, BACKOFF_CAP);
    timer = setTimeout(connect, delay);
    onEvent({ type: 'closed', retryAt: Date.now() + delay, hint });
  }

  function abandonSocket() {
    attempt++;
    clearTimeout(timer);
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    socket = null;
  }

  addEventListener('online', () => {
    const isWaiting = socket === null && timer !== null;
    if (isWaiting) connect();
    else onEvent({ type: 'probe' });
  });
  // The socket may still work: a server on this computer is reachable without a network.
  addEventListener('offline', () => onEvent({ type: 'probe' }));

  return {
    /** Connects now, with a new socket. */
    connect,
    /** Closes the socket and connects again after a backoff. */
    reconnect: () => reconnect(),
    /** Sends a frame; does nothing if the socket is not open. */
    send: (data) => socket?.readyState === WebSocket.OPEN && socket.send(data),
    /** Ends a series of failures: the next backoff is the shortest again. */
    resetBackoff: () => (failures = 0),
    /** Closes the socket and stays disconnected until `connect` is called. */
    disconnect() {
      abandonSocket();
      timer = null;
    },
  };
}

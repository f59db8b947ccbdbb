// A WebSocket that comes back: full-jitter backoff, and an ear for the network returning.
// Where to connect is asked each time, for a signed address is good for minutes only.
// What it sees goes to `tell`, as inputs of the protocol; frames of a socket that was given up are never told.

import { backoff } from './protocol.js';

const FIRST_CEILING = 500;
const CEILING = 30_000;
const HANDSHAKE = 15_000;

export function connection(address, tell) {
  let turn = 0; // counts connects: what becomes of an earlier one is of no interest
  let socket = null;
  let timer = null;
  let attempts = 0;

  async function connect() {
    abandon();
    const mine = turn;
    timer = setTimeout(() => lost(mine), HANDSHAKE);
    tell({ type: 'connecting' });
    try {
      const url = await address();
      if (turn === mine) open(url, mine);
    } catch (e) {
      lost(mine, e.hint);
    }
  }

  function open(url, mine) {
    socket = new WebSocket(url);
    socket.onopen = () => {
      clearTimeout(timer);
      tell({ type: 'opened' });
    };
    socket.onmessage = ({ data }) => turn === mine && tell({ type: 'received', data });
    socket.onclose = () => lost(mine);
  }

  function lost(which, hint) {
    if (turn === which) later(hint);
  }

  function later(hint = '') {
    abandon();
    const wait = backoff(attempts++, Math.random(), FIRST_CEILING, CEILING);
    timer = setTimeout(connect, wait);
    tell({ type: 'closed', retryAt: Date.now() + wait, hint });
  }

  function abandon() {
    turn++;
    clearTimeout(timer);
    const old = socket;
    socket = null;
    if (!old) return;
    old.onopen = old.onmessage = old.onclose = null;
    old.close();
  }

  addEventListener('online', () => {
    if (!socket && timer !== null) connect();
    else tell({ type: 'suspect' });
  });
  // A hint only: a machine without a network still reaches itself.
  addEventListener('offline', () => tell({ type: 'suspect' }));

  return {
    connect,
    reconnect: () => later(),
    send: (data) => socket?.readyState === WebSocket.OPEN && socket.send(data),
    /** The server knows us again: the next loss starts its backoff from the beginning. */
    steady: () => (attempts = 0),
    stop() {
      abandon();
      timer = null;
    },
  };
}

// A client for the protocol's tests: the test gives inputs, controls the time, and sees the frames that the client sends.
// The user is "ada", and the room, unless named, is "r".

import { deadline, step } from '../../../../../web/protocol.js';
import { initialState, snapshot } from '../../../../../web/state.js';
import { check, equal } from './assert.js';

/** A client on a new page; `saved` is a snapshot of an earlier page. */
export function newClient(saved = null) {
  let state = initialState(saved);
  let now = 1_000_000;
  const frames = [];
  const others = [];
  const client = {
    get state() { return state; },
    get now() { return now; },
    room: (name = 'r') => state.rooms.get(name),
    texts: (name = 'r') => state.rooms.get(name).messages.map(({ text }) => text),
    outbox: (name = 'r') => state.rooms.get(name).outbox.map(({ id, status }) => [id, status]),
    /** One step. Fails if the step changes the state that it was given. */
    input(type, fields = {}) {
      const before = state;
      const json = JSON.stringify(plain(before));
      const next = step(before, { now, random: 0.5, type, ...fields });
      equal(JSON.stringify(plain(before)), json, `the state before ${type}`);
      state = next.state;
      for (const effect of next.effects) (effect.type === 'send' ? frames : others).push(effect);
      return client;
    },
    receive(...received) {
      for (const frame of received) client.input('received', { data: JSON.stringify(frame) });
      return client;
    },
    /** The user writes a message. */
    write: (id, text, room = 'r') => client.input('send', { room, text, id }),
    /** The frames sent since the last call. */
    sent: () => frames.splice(0).map(({ data }) => JSON.parse(data)),
    /** The types of the other effects since the last call. */
    effects: () => others.splice(0).map(({ type }) => type),
    /** Advances the time, with a tick at each deadline on the way. */
    advance(ms) {
      const until = now + ms;
      for (let ticks = 0; ; ticks++) {
        check(ticks < 10_000, 'the client has a timer that never ends');
        const due = deadline(state);
        if (due === null || due > until) break;
        now = Math.max(now, due);
        client.input('tick');
      }
      now = until;
      return client;
    },
    online(rooms = [], user = 'ada', key = 'k-ada') {
      client.input('opened');
      if (state.session.phase === 'signed-out') client.input('register', { name: user });
      return client.receive(signup(rooms, key, user));
    },
    /** Registers and joins the room, which stands at `seq`. */
    inRoom({ seq = 1, messages = [], members = ['ada', 'bob'], more = false } = {}) {
      client.online(['r']).input('join', { room: 'r' });
      client.receive(history({ seq, messages, members, more }));
      frames.length = 0;
      return client;
    },
    /** Loses the connection and opens the next one. */
    reconnect() {
      client.input('closed', { retryAt: now + 100 });
      client.advance(100);
      return client.input('connecting').input('opened');
    },
    /** A client on the page after a reload. */
    reload: () => newClient(JSON.parse(JSON.stringify(snapshot(state)))),
  };
  return client;
}

const plain = (value) => {
  if (value instanceof Map) return [...value].map(([k, v]) => [k, plain(v)]);
  if (value instanceof Set) return [...value];
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]));
  return value;
};

// ------------------------------------------------------------------------------------- frames from the server

const timeOf = (seq) => new Date(seq * 1000).toISOString();

export const signup = (rooms = [], key = 'k-ada', user = 'ada') => ({ type: 'signup', user, rooms, key });

/** The event of a message. */
export const clientMessage = (seq, message = `m${seq}`, user = 'bob', id = `id-${seq}`) =>
  ({ type: 'client-message', room: 'r', user, message, seq, time: timeOf(seq), id });

export const memberJoined = (seq, user) => ({ type: 'member-joined', room: 'r', user, seq, time: timeOf(seq) });

export const memberLeft = (seq, user) => ({ type: 'member-left', room: 'r', user, seq, time: timeOf(seq) });

/** The answer to a join. */
export const history = ({ room = 'r', messages = [], members = ['ada', 'bob'], seq, more = false }) =>
  ({ type: 'multi-message', room, messages, members, seq, more });

/** A message in a history. */
export const message = (seq, content = `m${seq}`, user = 'bob', id = `id-${seq}`) => ({ user, content, time: timeOf(seq), seq, id });

export const dispatchAck = (id, seq) => ({ type: 'ack', action: 'dispatch', room: 'r', seq, id });

export const roomAck = (seq) => ({ type: 'ack', action: 'new-room', room: 'r', seq, members: ['ada'] });

export const errorResponse = (code, action, more = {}) => ({ type: 'error', code, message: code, action, ...more });

// --------------------------------------------------------------------------------------- frames of the client

/** The ids of the messages among the frames. */
export const dispatches = (frames) => frames.filter(({ action }) => action === 'dispatch').map(({ id }) => id);

/** The joins among the frames, as [room, since]. */
export const joins = (frames) => frames.filter(({ action }) => action === 'join-room').map(({ value, since }) => [value, since ?? null]);

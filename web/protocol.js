// The client's side of the wire protocol, as a pure function:
//
//   step(state, input) -> { state, effects }
//
// There is no DOM, socket, clock or randomness here. Each input carries the time (`now`, in ms) and a random number (`random`, in
// [0, 1)); the caller executes the effects, and sends a `tick` when `deadline(state)` is reached.
//
// The protocol recovers from every failure by itself: it reconnects, takes the user's name over with the resume key, rejoins the
// rooms, catches up on missed events, and sends unsent messages again so that each is stored exactly once.

import { isSeq, parseError, parseFrame, parseHistory, parseMessage, strings } from './frames.js';
import { loadEarlier, withHistory } from './history.js';
import {
  asRead, awaitsAnswer, created, currentEntry, disconnected, emptyRoom, newEntry, newRequest, retryTime, sorted, withCatchUp,
  withEntry, withEntrySent, withEntryStored, withEvent, withNewIncarnation, withRejoin, withRetry, withRoster, withoutEntry,
} from './room.js';
import { initialState } from './state.js';
import { TIMING, backoff } from './timing.js';
import { checkName, checkText, cleanName, cleanText } from './validation.js';

/**
 * Returns the next state and the effects to execute, in order; leaves the given state unchanged. Inputs are the names in `inputs`
 * below. Effects: `send` (a frame), `connect` (now), `reconnect` (after a backoff), `reset-backoff` and `disconnect` (without a reconnect).
 */
export function step(state, input) {
  const context = { state, effects: [], now: input.now, random: input.random ?? 0.5 };
  inputs[input.type](context, input);
  for (let timer = dueTimer(context); timer; timer = dueTimer(context)) timer.run(context);
  return { state: context.state, effects: context.effects };
}

/** When the next `tick` is needed, or null if no timer runs. */
export function deadline(state) {
  let earliest = null;
  for (const { at } of timers(state)) if (earliest === null || at < earliest) earliest = at;
  return earliest;
}

// ---------------------------------------------------------------------------------------------------- inputs

const inputs = {
  /** A timer is due; `step` runs it. */
  tick() {},

  // --- from the socket

  connecting(context) {
    connectionLost(context);
    if (context.state.session.phase !== 'superseded') setConnection(context, { phase: 'connecting', retryAt: null });
  },

  opened(context) {
    const { now } = context;
    setConnection(context, { phase: 'open', retryAt: null, lastReceivedAt: now, lastSentAt: now, probedAt: null });
    setState(context, { announcedRooms: new Set() });
  },

  closed(context, { retryAt, hint = '' }) {
    connectionLost(context);
    if (context.state.session.phase === 'superseded') return;
    setConnection(context, { phase: 'waiting', retryAt: retryAt ?? context.now, hint });
  },

  received(context, { data }) {
    if (context.state.connection.phase !== 'open') return;
    setConnection(context, { lastReceivedAt: context.now, probedAt: null });
    const frame = parseFrame(data);
    if (frame === null) return;
    if (typeof frame.type !== 'string') gatewayFailed(context);
    else if (Object.hasOwn(frames, frame.type)) frames[frame.type](context, frame);
  },

  /** The connection may be broken although the socket is open, because the network changed or the computer slept. */
  probe(context) {
    const { connection, session } = context.state;
    if (connection.phase !== 'open' || connection.probedAt !== null || session.phase !== 'registered') return;
    sendKeepAlive(context);
    setConnection(context, { probedAt: context.now });
  },

  // --- from the user: the session

  register(context, { name }) {
    const { session } = context.state;
    const code = checkName(name);
    if (code !== null) return setSession(context, { error: { code, message: '' } });
    const user = cleanName(name);
    const key = user === session.user ? session.key : null;
    setSession(context, { phase: 'due', user, key, error: null, attempts: 0, dueAt: context.now });
  },

  'take-over'(context) {
    if (context.state.session.phase !== 'superseded') return;
    setSession(context, { phase: 'due', attempts: 0, dueAt: context.now });
    setConnection(context, { phase: 'connecting', retryAt: null });
    context.effects.push({ type: 'connect' });
  },

  'sign-out'(context) {
    context.state = { ...initialState(), pageVisible: context.state.pageVisible };
    context.effects.push({ type: 'reconnect' });
  },

  'clear-errors'(context) {
    setRoomForm(context, { error: null });
    setSession(context, { error: null });
  },

  // --- from the user: rooms

  create(context, { room: value }) {
    const name = cleanName(value);
    const code = checkName(value);
    if (code !== null) return setRoomForm(context, { error: { code, message: '', room: name } });
    const room = context.state.rooms.get(name);
    if (room && room.phase !== 'leaving') return inputs.select(context, { room: name });
    setRoomForm(context, { pending: name, error: null });
    putRoom(context, { ...emptyRoom(name), isCreation: true, request: newRequest('new-room', context.now) });
  },

  join(context, { room: name }) {
    const room = context.state.rooms.get(name);
    setRoomForm(context, { error: null });
    if (!room || room.phase === 'leaving') {
      putRoom(context, { ...emptyRoom(name), request: newRequest('join-room', context.now) });
    }
    inputs.select(context, { room: name });
  },

  leave(context, { room: name }) {
    const room = context.state.rooms.get(name);
    if (!room) return;
    deselect(context, name);
    const mayBeMember = isRegistered(context.state) && (room.phase === 'live' || awaitsAnswer(room));
    if (!mayBeMember) return removeRoom(context, name);
    putRoom(context, { ...room, phase: 'leaving', outbox: [], request: newRequest('leave-room', context.now) });
  },

  select(context, { room: name }) {
    const before = context.state.rooms.get(context.state.selected);
    if (before && before.name !== name) putRoom(context, { ...before, dividerKey: null });
    const room = context.state.rooms.get(name);
    setState(context, { selected: room ? name : null });
    if (room) putRoom(context, asRead(room));
  },

  /** Messages that arrive while the page is hidden are unread. */
  visibility(context, { visible }) {
    setState(context, { pageVisible: visible });
    const room = context.state.rooms.get(context.state.selected);
    if (visible && room) putRoom(context, asRead(room));
  },

  /** The user scrolls towards the first message. */
  'load-earlier'(context, { room: name }) {
    const room = context.state.rooms.get(name);
    if (room) putRoom(context, loadEarlier(room, context));
  },

  // --- from the user: messages

  draft(context, { room: name, text }) {
    const room = context.state.rooms.get(name);
    if (room && room.draft !== text) putRoom(context, { ...room, draft: text });
  },

  send(context, { room: name, text, id }) {
    const room = context.state.rooms.get(name);
    if (!room || checkText(text) !== null) return;
    const entry = newEntry({ id, text: cleanText(text), writtenAt: context.now, dueAt: context.now });
    putRoom(context, { ...room, draft: '', dividerKey: null, outbox: [...room.outbox, entry] });
  },

  /** Sends a rejected message again, unchanged. */
  retry(context, { id }) {
    const room = roomOfMessage(context.state, id);
    if (room) putRoom(context, withEntry(room, id, { status: 'queued', error: null, attempts: 0, dueAt: context.now }));
  },

  discard(context, { id }) {
    const room = roomOfMessage(context.state, id);
    if (room) putRoom(context, withoutEntry(room, id));
  },

  /** Moves a rejected message back into the draft. */
  edit(context, { id }) {
    const room = roomOfMessage(context.state, id);
    if (!room) return;
    const { text } = room.outbox.find((entry) => entry.id === id);
    const draft = room.draft.trim() === '' ? text : `${text}\n${room.draft}`;
    putRoom(context, { ...withoutEntry(room, id), draft });
  },
};

// ---------------------------------------------------------------------------------------------------- timers

/** All timers, as { at, run }. Each `run` changes the state so that its timer ends or is later than now. */
function* timers({ connection, session, rooms }) {
  if (connection.phase !== 'open') return;
  if (session.phase === 'due') yield { at: session.dueAt, run: sendRegister };
  if (session.phase === 'registering') yield { at: session.sentAt + TIMING.answerTimeout, run: reconnect };
  if (session.phase !== 'registered') return;

  yield { at: Math.max(connection.lastReceivedAt, connection.lastSentAt) + TIMING.keepAlive, run: sendKeepAlive };
  if (connection.probedAt !== null) yield { at: connection.probedAt + TIMING.probeTimeout, run: reconnect };
  for (const room of rooms.values()) yield* timersOf(room);
}

function* timersOf(room) {
  const { request } = room;
  if (request !== null) {
    yield awaitsAnswer(room)
      ? { at: request.sentAt + TIMING.answerTimeout, run: (context) => requestTimedOut(context, room) }
      : { at: request.dueAt, run: (context) => sendRequest(context, room) };
  }
  if (room.phase !== 'live') return;

  if (room.gapAt !== null && request === null) {
    const delay = TIMING.gapDelay * 2 ** Math.min(room.gapRequests, 5);
    yield { at: room.gapAt + delay, run: (context) => putRoom(context, withCatchUp(room, context.now)) };
  }

  const entry = currentEntry(room);
  const isCaughtUp = request === null && room.gapAt === null;
  if (entry?.status === 'queued' && (entry.sentAfter === null || isCaughtUp)) {
    yield { at: entry.dueAt, run: (context) => sendEntry(context, room, entry) };
  }
  if (entry?.status === 'sending' && request === null) {
    yield { at: entry.sentAt + TIMING.answerTimeout, run: (context) => entryTimedOut(context, room, entry) };
  }
}

function dueTimer(context) {
  for (const timer of timers(context.state)) if (timer.at <= context.now) return timer;
  return null;
}

function requestTimedOut(context, room) {
  const isSilent = context.state.connection.lastReceivedAt <= room.request.sentAt;
  if (isSilent && room.request.attempts > 0) reconnect(context);
  else putRoom(context, withRetry(room, context));
}

/**
 * The server may have stored the message. It recognises an id only among a room's latest events, so the history is requested
 * first, and the message is sent again only if it is not there.
 */
function entryTimedOut(context, room, entry) {
  const attempts = entry.attempts + 1;
  const dueAt = context.now + backoff(attempts, context.random);
  putRoom(context, withCatchUp(withEntry(room, entry.id, { status: 'queued', attempts, dueAt }), context.now));
}

// --------------------------------------------------------------------------------------------------- sending

function sendRegister(context) {
  const { user, key } = context.state.session;
  send(context, { action: 'register', value: user, ...(key === null ? {} : { key }) });
  setSession(context, { phase: 'registering', sentAt: context.now });
}

function sendRequest(context, room) {
  const { action, since } = room.request;
  const frame = action === 'leave-room' ? { action, room: room.name } : { action, value: room.name };
  send(context, since === null ? frame : { ...frame, since });
  putRoom(context, { ...room, request: { ...room.request, sentAt: context.now } });
}

function sendEntry(context, room, entry) {
  send(context, { action: 'dispatch', value: entry.text, room: room.name, id: entry.id });
  putRoom(context, withEntrySent(room, entry, context.now));
}

/** The server answers with an error response (`unknown-action`) and does nothing else. */
function sendKeepAlive(context) {
  send(context, { action: 'keep-alive' });
}

function send(context, frame) {
  context.effects.push({ type: 'send', data: JSON.stringify(frame) });
  setConnection(context, { lastSentAt: context.now });
}

// ------------------------------------------------------------------------------------------- received frames

const frames = {
  signup(context, frame) {
    const { session, announcedRooms } = context.state;
    const openRooms = strings(frame.rooms);
    if (session.phase === 'registered') return addOpenRooms(context, openRooms); // the list continues
    if (session.phase !== 'registering') return;
    const user = typeof frame.user === 'string' ? frame.user : session.user;
    const key = typeof frame.key === 'string' ? frame.key : session.key;
    setSession(context, { phase: 'registered', user, key, error: null, attempts: 0 });
    setState(context, { openRooms: sorted(new Set([...openRooms, ...announcedRooms])) });
    context.effects.push({ type: 'reset-backoff' });
    for (const room of context.state.rooms.values()) putRoom(context, withRejoin(room, context.now));
  },

  /** Continues the list in `signup`. */
  rooms(context, frame) {
    announce(context, strings(frame.rooms));
  },

  /** Continues the roster in an answer to a join. */
  members(context, frame) {
    const room = context.state.rooms.get(frame.room);
    if (room && isSeq(frame.seq)) putRoom(context, withRoster(room, strings(frame.members), frame.seq));
  },

  'single-room'(context, frame) {
    if (typeof frame.message === 'string') announce(context, [frame.message]);
  },

  'delete-room'(context, frame) {
    const room = context.state.rooms.get(frame.room);
    if (room && room.phase !== 'leaving') return; // about an earlier room of this name: the user's room is open
    const announcedRooms = new Set(context.state.announcedRooms);
    announcedRooms.delete(frame.room);
    setState(context, { announcedRooms });
    removeOpenRoom(context, frame.room);
  },

  'client-message'(context, frame) {
    const message = parseMessage(frame, frame.message);
    if (message) received(context, frame.room, { kind: 'message', ...message });
  },

  'member-joined'(context, frame) {
    membershipChanged(context, frame, 'joined');
  },

  'member-left'(context, frame) {
    membershipChanged(context, frame, 'left');
  },

  'multi-message'(context, frame) {
    const room = context.state.rooms.get(frame.room);
    const history = parseHistory(frame);
    if (!room || room.phase === 'leaving' || history === null) return;
    const next = withHistory(room, history, envOf(context, room));
    putRoom(context, next);
    if (next.phase === 'live') addOpenRooms(context, [room.name]);
  },

  ack(context, frame) {
    if (frame.action === 'dispatch') return messageStored(context, frame);
    const room = context.state.rooms.get(frame.room);
    if (!room) return;
    if (frame.action === 'leave-room' && room.phase === 'leaving') removeRoom(context, room.name);
    if (frame.action === 'new-room' && room.phase === 'joining' && isSeq(frame.seq)) roomCreated(context, room, frame);
  },

  error(context, frame) {
    const error = parseError(frame);
    if (error.code === 'signed-in-elsewhere') return superseded(context);
    if (frame.action === 'register') return registerRejected(context, error);
    if (frame.action === 'dispatch') return messageRejected(context, entryOf(context.state, frame), error);
    const room = requestedRoom(context.state, frame);
    if (room) requestRejected(context, room, error);
  },
};

function membershipChanged(context, frame, kind) {
  if (isSeq(frame.seq) && typeof frame.user === 'string') {
    received(context, frame.room, { kind, seq: frame.seq, user: frame.user });
  }
}

function received(context, name, event) {
  const room = context.state.rooms.get(name);
  if (room && room.phase !== 'leaving') putRoom(context, withEvent(room, event, envOf(context, room)));
}

function roomCreated(context, room, { seq, members }) {
  putRoom(context, created(room, strings(members), seq, envOf(context, room)));
  addOpenRooms(context, [room.name]);
  if (context.state.roomForm.pending !== room.name) return;
  setRoomForm(context, { pending: null, error: null });
  inputs.select(context, { room: room.name });
}

function messageStored(context, frame) {
  const entry = entryOf(context.state, frame);
  if (entry === null || !isSeq(frame.seq)) return;
  const room = roomOfMessage(context.state, entry.id);
  putRoom(context, withEntryStored(room, entry, frame.seq, envOf(context, room)));
}

// ------------------------------------------------------------------------------------------- error responses

const isTransient = ({ code }) => code === 'busy' || code === 'internal';
const isSessionLost = ({ code }) => code === 'not-registered' || code === 'not-connected';

function registerRejected(context, error) {
  const { session } = context.state;
  if (session.phase !== 'registering') return;
  if (isTransient(error)) {
    const attempts = session.attempts + 1;
    setSession(context, { phase: 'due', attempts, dueAt: retryTime(context, attempts) });
  } else if (isSessionLost(error) || error.code === 'already-registered') {
    reconnect(context);
  } else {
    setSession(context, { phase: 'signed-out', error });
  }
}

function requestRejected(context, room, error) {
  if (!awaitsAnswer(room)) return;
  if (isTransient(error)) return putRoom(context, withRetry(room, context));
  if (isSessionLost(error)) return reconnect(context);
  if (room.phase === 'leaving') return removeRoom(context, room.name);
  if (error.code === 'no-such-room' && room.everJoined) { // the server has lost the room, so the client creates it again
    return putRoom(context, { ...room, phase: 'joining', request: newRequest('new-room', context.now) });
  }
  if (error.code === 'room-exists' && (room.everJoined || room.outcomeUnknown)) { // created by another client, or by a repeated request
    const next = room.seq === null ? { ...room, resumeAnchor: null } : withNewIncarnation(room);
    return putRoom(context, { ...next, phase: 'joining', request: newRequest('join-room', context.now) });
  }
  if (error.code === 'no-such-room') removeOpenRoom(context, room.name);
  if (error.code === 'room-exists') addOpenRooms(context, [room.name]);
  removeRoom(context, room.name);
  deselect(context, room.name);
  setRoomForm(context, { pending: null, error: { ...error, room: room.name } });
}

function messageRejected(context, entry, error) {
  if (entry?.status !== 'sending') return;
  const room = roomOfMessage(context.state, entry.id);
  const attempts = entry.attempts + 1;
  const queued = { status: 'queued', attempts, dueAt: retryTime(context, attempts) };
  const isOutsideRoom = error.code === 'not-a-member' || error.code === 'no-such-room';
  if (isTransient(error)) {
    putRoom(context, withEntry(room, entry.id, queued));
  } else if (isSessionLost(error)) {
    reconnect(context);
  } else if (isOutsideRoom && entry.attempts < 3) {
    putRoom(context, withRejoin(withEntry(room, entry.id, queued), context.now));
  } else {
    putRoom(context, withEntry(room, entry.id, { status: 'failed', error }));
  }
}

/** API Gateway's own error frames name no request. The failed request is known only if exactly one is open. */
function gatewayFailed(context) {
  const { session, rooms } = context.state;
  const error = { code: 'busy', message: '' };
  const open = [];
  if (session.phase === 'registering') open.push(() => registerRejected(context, error));
  for (const room of rooms.values()) {
    if (awaitsAnswer(room)) open.push(() => requestRejected(context, room, error));
    for (const entry of room.outbox) {
      if (entry.status === 'sending') open.push(() => messageRejected(context, entry, error));
    }
  }
  if (open.length === 1) open[0]();
}

/** The message that an answer is about. An answer without an id is about the only one that is being sent, or null. */
function entryOf({ rooms }, frame) {
  const entries = [...rooms.values()].flatMap((room) => room.outbox);
  if (typeof frame.id === 'string') return entries.find(({ id }) => id === frame.id) ?? null;
  return only(entries.filter(({ status }) => status === 'sending'));
}

/** The room whose request an error response is about. A response without a room is about the only such request, or null. */
function requestedRoom({ rooms }, frame) {
  const requested = [...rooms.values()].filter((room) => awaitsAnswer(room) && room.request.action === frame.action);
  if (typeof frame.room === 'string') return requested.find(({ name }) => name === frame.room) ?? null;
  return only(requested);
}

const only = (items) => (items.length === 1 ? items[0] : null);

const roomOfMessage = ({ rooms }, id) => [...rooms.values()].find((room) => room.outbox.some((entry) => entry.id === id)) ?? null;

// ---------------------------------------------------------------------------------------- lost connections

function reconnect(context) {
  connectionLost(context);
  setConnection(context, { phase: 'connecting', retryAt: null });
  context.effects.push({ type: 'reconnect' });
}

/** Another connection has taken the user's name over with the resume key. */
function superseded(context) {
  connectionLost(context);
  setSession(context, { phase: 'superseded' });
  setConnection(context, { phase: 'stopped', retryAt: null });
  context.effects.push({ type: 'disconnect' });
}

function connectionLost(context) {
  const { phase } = context.state.session;
  if (phase === 'registered' || phase === 'registering') setSession(context, { phase: 'due', dueAt: context.now, attempts: 0 });
  setConnection(context, { probedAt: null });
  for (const room of context.state.rooms.values()) {
    if (room.phase === 'leaving') removeRoom(context, room.name);
    else putRoom(context, disconnected(room));
  }
}

// ------------------------------------------------------------------------------------------ changes of state

const isRegistered = ({ connection, session }) => connection.phase === 'open' && session.phase === 'registered';

/** What a change of a room depends on: see room.js. */
function envOf({ state, now, random }, room) {
  return { now, random, user: state.session.user, reading: state.selected === room.name && state.pageVisible };
}

function setState(context, change) {
  context.state = { ...context.state, ...change };
}

function setConnection(context, change) {
  setState(context, { connection: { ...context.state.connection, ...change } });
}

function setSession(context, change) {
  setState(context, { session: { ...context.state.session, ...change } });
}

function setRoomForm(context, change) {
  setState(context, { roomForm: { ...context.state.roomForm, ...change } });
}

function putRoom(context, room) {
  setState(context, { rooms: new Map(context.state.rooms).set(room.name, room) });
}

function removeRoom(context, name) {
  const rooms = new Map(context.state.rooms);
  rooms.delete(name);
  setState(context, { rooms });
}

function deselect(context, name) {
  if (context.state.selected === name) setState(context, { selected: null });
}

function announce(context, names) {
  setState(context, { announcedRooms: new Set([...context.state.announcedRooms, ...names]) });
  addOpenRooms(context, names);
}

function addOpenRooms(context, names) {
  const known = new Set(context.state.openRooms);
  if (names.some((name) => !known.has(name))) setState(context, { openRooms: sorted(new Set([...known, ...names])) });
}

function removeOpenRoom(context, name) {
  setState(context, { openRooms: context.state.openRooms.filter((other) => other !== name) });
}

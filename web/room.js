// The state of one room, as an immutable value: each function returns a new room and leaves the given one unchanged.
//
// A room's events carry sequence numbers (`seq`) without gaps. Frames may arrive in any order and more than once, so the room
// applies events by seq, holds back what is ahead, and notes a gap when a number is missing.
//
// `env` holds the other data that a change depends on: { now, random, user, reading }. `user` is the name of this client's user;
// `reading` says whether the user sees the room at this moment.

import { TIMING, backoff } from './timing.js';

// ----------------------------------------------------------------------------------------------------- shape

/** A new room: only its name is known. */
export const emptyRoom = (name) => ({
  name,
  phase: 'joining', // 'joining' until the server has answered on this connection, then 'live'; 'leaving' once the user leaves
  everJoined: false, // if true, the client rejoins by itself after a lost connection
  isCreation: false, // the user asked to create the room, not to join it
  outcomeUnknown: false, // an earlier request got no answer, so the server may have executed it
  request: null, // the only request in progress: see `newRequest`
  historyComplete: false, // the first message here is the room's first message
  emptyHistoryReceived: false, // this connection's first answer had no messages: see `withFirstHistory`
  seq: null, // every event up to here is applied; null before the first answer
  incarnation: 0, // grows when the room's numbers start again: see `withNewIncarnation`
  messages: [],
  heldBack: new Map(), // events ahead of their turn, by seq
  highestSeq: 0, // seen on this connection
  previousHighestSeq: 0, // seen on earlier connections
  gapAt: null, // when a gap was found, or last requested; null if there is no gap
  gapRequests: 0,
  roster: { seq: -1, base: new Set(), changes: new Map() }, // the members at `seq`, and the joins and leaves after it
  members: [], // the roster's names, sorted
  outbox: [], // messages that are not in `messages` yet: see `newEntry`
  unread: 0,
  dividerKey: null, // the key of the first message under the divider "New"
  readUpTo: null, // no message up to here is unread: the user read it before a reload, or it is older than the first join
  resumeAnchor: null, // after a reload: the last message before the first unsent one, see `catchUpPoint`
  draft: '',
});

/** A message that the user wrote. */
export const newEntry = (fields) => ({
  id: '', // idempotency key: a message that is sent twice is stored once
  text: '',
  writtenAt: 0,
  status: 'queued', // 'queued', 'sending', 'stored' (but not yet in `messages`) or 'failed'
  error: null,
  attempts: 0,
  dueAt: 0,
  sentAt: null,
  sentAfter: null, // the room's last message when this one was first sent: if this one is stored, its seq is higher
  seq: null, // set when the message is stored, like `user`
  user: null,
  ...fields,
});

/** A request that waits to be sent (`sentAt` is null) or for its answer. */
export const newRequest = (action, dueAt, since = null) => ({
  action,
  since, // the history is requested after this seq; null for the latest part
  anchor: null, // a message that the history must contain: see `catchUpPoint`
  isNextPage: false, // the history continues an earlier answer
  earlier: null, // for messages before the first one here: see `withEarlierRequest`
  dueAt,
  sentAt: null,
  attempts: 0,
});

/** Identifies a message in its room. The message id does not identify it, because two senders may choose the same id. */
export const keyOf = (message) => `${message.incarnation}/${message.seq}`;

/** Whether the server will close the room, and remove messages, when this user leaves. */
export const closesOnLeave = (room, user) =>
  room.phase === 'live' && room.messages.length > 0 && room.members.every((member) => member === user);

/** The last seq that the user has read, or null. */
export function lastReadSeq(room) {
  if (room.seq === null) return room.readUpTo;
  if (room.unread === 0) return room.seq;
  const firstUnread = room.messages.find((message) => keyOf(message) === room.dividerKey);
  return firstUnread ? firstUnread.seq - 1 : room.seq;
}

/** The first message of the current incarnation, or null. */
export const firstMessage = (room) => room.messages.find(({ incarnation }) => incarnation === room.incarnation) ?? null;

/** The last message of the current incarnation, or null. */
export function lastMessage(room) {
  const last = room.messages.at(-1);
  return last && last.incarnation === room.incarnation ? last : null;
}

/** Whether a request is sent and not answered. */
export const awaitsAnswer = (room) => room.request !== null && room.request.sentAt !== null;

// -------------------------------------------------------------------------------------------------- requests

/** When to try again after an error response or a missing answer. */
export const retryTime = ({ now, random }, attempts) => now + TIMING.retryFloor + backoff(attempts, random);

/** Requests what the room misses. In a gap, the next request waits longer. */
export function withCatchUp(room, now) {
  const gap = room.gapAt === null ? {} : { gapAt: now, gapRequests: room.gapRequests + 1 };
  return { ...room, ...gap, request: { ...newRequest('join-room', now), ...catchUpPoint(room) } };
}

/** Repeats the request after a backoff; a history from where the room stands by now. */
export function withRetry(room, env) {
  const { request } = room;
  const attempts = request.attempts + 1;
  const catchesUp = room.phase === 'live' && request.action === 'join-room' && request.earlier === null;
  const point = catchesUp ? { ...catchUpPoint(room), isNextPage: false } : {};
  return {
    ...room,
    outcomeUnknown: true,
    request: { ...request, ...point, sentAt: null, attempts, dueAt: retryTime(env, attempts) },
  };
}

/**
 * Where a history must start to contain everything that the room misses: { since, anchor }. It starts one message early: the
 * anchor, which the client has already. If the answer does not contain it, the room is in a new incarnation.
 */
export function catchUpPoint(room) {
  const anchor = room.seq === null ? room.resumeAnchor : lastMessage(room) ?? START;
  if (anchor === null) return { since: null, anchor: null };
  const context = room.seq === null ? CONTEXT_AFTER_RELOAD : 0;
  return { since: Math.max(0, anchor.seq - 1 - context), anchor: anchor.seq === 0 ? null : anchor };
}

const CONTEXT_AFTER_RELOAD = 50; // after a reload the page is empty, so the history starts this many numbers earlier

const START = Object.freeze({ seq: 0, user: null, id: null, time: null });

// ------------------------------------------------------------------------------------- connection and rejoin

/** The room after its connection was lost: unanswered requests are dropped, and must be sent again on the next connection. */
export const disconnected = (room) =>
  ({ ...withUnknownOutcomes(room), phase: 'joining', request: null, heldBack: new Map(), gapAt: null });

/** Requests the room on a new connection: joins it, or creates it if the user wanted to create it and was never in it. */
export function withRejoin(room, now) {
  const action = room.everJoined || !room.isCreation ? 'join-room' : 'new-room';
  return {
    ...withUnknownOutcomes(room),
    phase: 'joining',
    emptyHistoryReceived: false,
    heldBack: new Map(),
    highestSeq: 0,
    gapAt: null,
    gapRequests: 0,
    previousHighestSeq: Math.max(room.previousHighestSeq, room.highestSeq, room.seq ?? room.resumeAnchor?.seq ?? 0),
    roster: emptyRoom('').roster,
    request: { ...newRequest(action, now), ...(action === 'join-room' ? catchUpPoint(room) : {}) },
  };
}

const withUnknownOutcomes = (room) => ({
  ...room,
  outcomeUnknown: room.outcomeUnknown || awaitsAnswer(room),
  outbox: room.outbox.map((entry) => (entry.status === 'sending' ? { ...entry, status: 'queued', dueAt: 0 } : entry)),
});

/** The room after the server acknowledged that this user created it. `seq` is the number of that event. */
export function created(room, members, seq, env) {
  const current = room.seq === null ? room : withNewIncarnation(room);
  return applyInOrder({
    ...withRoster(current, members, seq),
    phase: 'live',
    everJoined: true,
    historyComplete: true,
    request: null,
    seq,
    resumeAnchor: null,
  }, env);
}

/**
 * The room after the server lost it (a restart with an empty store) or after it was closed and created again: sequence numbers
 * start again. Messages on screen stay. Stored messages of the outbox get an incarnation of their own between the old and the
 * new one, because in both of them their seq may belong to another message.
 */
export function withNewIncarnation(room) {
  const stored = room.outbox.filter(isStored)
    .map((entry) => ({ ...messageOf(entry), incarnation: room.incarnation + 1 }));
  return {
    ...room,
    incarnation: room.incarnation + 2,
    historyComplete: false,
    seq: null,
    previousHighestSeq: 0,
    resumeAnchor: null,
    emptyHistoryReceived: false,
    readUpTo: null,
    messages: [...room.messages, ...stored],
    outbox: room.outbox.filter((entry) => !isStored(entry)).map((entry) => ({ ...entry, sentAfter: null })),
    roster: emptyRoom('').roster,
  };
}

// ---------------------------------------------------------------------------------------------------- events

/** Takes an event: applies it if it is next, holds it back if it is ahead, and ignores it if it is known. */
export function withEvent(room, event, env) {
  const heldBack = new Map(room.heldBack).set(event.seq, event);
  let next = { ...room, heldBack, highestSeq: Math.max(room.highestSeq, event.seq) };
  if (event.kind === 'message' && next.outbox.some(({ id }) => id === event.id)) {
    next = withEntry(next, event.id, { status: 'stored', seq: event.seq, user: event.user });
  }
  return applyInOrder(next, env);
}

/** Applies each held-back event whose turn has come, and updates the gap. Does nothing if the room is not live. */
export function applyInOrder(room, env) {
  if (room.phase !== 'live') return room;
  let next = room;
  if (room.heldBack.size > 0) {
    const heldBack = new Map(room.heldBack);
    for (const seq of heldBack.keys()) if (seq <= room.seq) heldBack.delete(seq);
    for (let event = heldBack.get(next.seq + 1); event; event = heldBack.get(next.seq + 1)) {
      heldBack.delete(event.seq);
      next = { ...applied(next, event, env), seq: event.seq };
    }
    next = { ...next, heldBack };
  }
  if (next.highestSeq <= next.seq) return { ...next, gapAt: null, gapRequests: 0 };
  const gapIsKnown = next.gapAt !== null && next.seq === room.seq;
  return gapIsKnown ? next : { ...next, gapAt: env.now, gapRequests: 0 };
}

function applied(room, { kind, ...event }, env) {
  if (kind === 'message') return withMessages(room, unknownTo(room, [event]), env);
  if (event.seq <= room.roster.seq) return room;
  const changes = new Map(room.roster.changes).set(event.user, kind);
  return withMembers({ ...room, roster: { ...room.roster, changes } });
}

// -------------------------------------------------------------------------------------------------- messages

/** Adds messages that the room does not have, removes them from the outbox, and counts those that are unread. */
export function withMessages(room, messages, env) {
  if (messages.length === 0) return room;
  const added = messages.map((message) => ({ ...message, incarnation: room.incarnation }));
  const last = lastMessage(room);
  const all = [...room.messages, ...added];
  if (last && added[0].seq < last.seq) all.sort((a, b) => a.incarnation - b.incarnation || a.seq - b.seq);
  return withUnread({ ...room, messages: all, outbox: withoutDelivered(room.outbox, added) }, added, env);
}

/** An entry is delivered if a message has its id or, from a server that does not repeat ids, its seq. */
function withoutDelivered(outbox, messages) {
  if (outbox.length === 0) return outbox;
  const ids = new Set(messages.map(({ id }) => id));
  const seqs = new Set(messages.map(({ seq }) => seq));
  return outbox.filter((entry) => !ids.has(entry.id) && !(isStored(entry) && seqs.has(entry.seq)));
}

function withUnread(room, messages, { user, reading }) {
  if (reading) return room;
  const unread = messages.filter((message) => message.user !== user && message.seq > (room.readUpTo ?? 0));
  if (unread.length === 0) return room;
  const dividerKey = room.unread === 0 ? keyOf(unread[0]) : room.dividerKey;
  return { ...room, unread: room.unread + unread.length, dividerKey };
}

/** Marks all messages as read. */
export const asRead = (room) => (room.unread === 0 ? room : { ...room, unread: 0 });

/** Those of the messages that the room does not have, in this incarnation or an earlier one. */
export function unknownTo(room, messages) {
  const last = lastMessage(room);
  const overlaps = last !== null && messages.length > 0 && messages[0].seq <= last.seq;
  if (!overlaps && room.incarnation === 0) return messages;
  const seqs = new Set();
  const earlier = new Set();
  for (const message of room.messages) {
    if (message.incarnation === room.incarnation) seqs.add(message.seq);
    else earlier.add(contentOf(message));
  }
  return messages.filter((message) => !seqs.has(message.seq) && !earlier.has(contentOf(message)));
}

/** Equal for the same message in two incarnations, where its seq differs. */
const contentOf = ({ user, id, time, text }) => JSON.stringify([user, id ?? time, text]);

// ---------------------------------------------------------------------------------------------------- roster

/** The roster at `seq`. A long one arrives in parts with the same seq, and events may arrive between them. */
export function withRoster(room, members, seq) {
  const { roster } = room;
  if (seq < roster.seq || (seq < (room.seq ?? 0) && seq !== roster.seq)) return room;
  const next = seq === roster.seq
    ? { ...roster, base: new Set([...roster.base, ...members]) }
    : { seq, base: new Set(members), changes: new Map() };
  return withMembers({ ...room, roster: next });
}

function withMembers(room) {
  const members = new Set(room.roster.base);
  for (const [user, change] of room.roster.changes) change === 'joined' ? members.add(user) : members.delete(user);
  return { ...room, members: sorted(members) };
}

/** Names in alphabetical order, upper and lower case together; the order does not depend on the user's locale. */
export function sorted(names) {
  const folded = [...names].map((name) => [name.toLowerCase(), name]);
  folded.sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0));
  return folded.map(([, name]) => name);
}

// ---------------------------------------------------------------------------------------------------- outbox

/** Changes the entry with this id. */
export const withEntry = (room, id, change) =>
  ({ ...room, outbox: room.outbox.map((entry) => (entry.id === id ? { ...entry, ...change } : entry)) });

/** Removes the entry with this id. */
export const withoutEntry = (room, id) => ({ ...room, outbox: room.outbox.filter((entry) => entry.id !== id) });

/** The entry to send next, or the one that waits for its answer. One at a time, so that the order of writing is kept. */
export const currentEntry = (room) => room.outbox.find(({ status }) => status === 'queued' || status === 'sending') ?? null;

/** An entry that the server has stored. */
export const isStored = ({ status }) => status === 'stored';

/** Marks an entry as sent now. */
export function withEntrySent(room, entry, now) {
  const { seq, user, id, time } = lastMessage(room) ?? START;
  return withEntry(room, entry.id, { status: 'sending', sentAt: now, sentAfter: entry.sentAfter ?? { seq, user, id, time } });
}

/** Takes the acknowledgement that the server stored the entry. `seq` is the number of its event. */
export function withEntryStored(room, entry, seq, env) {
  const { user } = env;
  if (room.phase === 'live' && seq <= room.seq) {
    // The event is older than the part of the history that the client has, so it will not arrive.
    const message = messageOf({ ...entry, seq, user });
    return withMessages(withoutEntry(room, entry.id), unknownTo(room, [message]), env);
  }
  const next = withEntry(room, entry.id, { status: 'stored', seq, user });
  return applyInOrder({ ...next, highestSeq: Math.max(room.highestSeq, seq) }, env);
}

const messageOf = ({ id, user, text, seq, writtenAt }) => ({ id, user, text, seq, time: new Date(writtenAt).toISOString() });

// Answers to `join-room`: how a room takes a history, and which part of it is requested next.
//
// An answer contains messages, the roster, and the seq up to which it is complete. It may be stale, arrive twice, be one page of
// several, or be only a further part of a long roster. It may also come from a new incarnation of the room.

import {
  applyInOrder, awaitsAnswer, catchUpPoint, firstMessage, isStored, newRequest, unknownTo, withMessages, withNewIncarnation, withRetry,
  withRoster,
} from './room.js';
import { TIMING } from './timing.js';

const EARLIER_STEP = 50; // how many numbers before the first message are requested; more if there is no message among them

/** The room after an answer to `join-room`. */
export function withHistory(room, history, env) {
  if (room.phase === 'joining') return withFirstHistory(room, history, env);
  if (isEarlierPage(room, history)) return withEarlierPage(room, history, env);
  return withLaterHistory(room, history, env);
}

/** Requests the messages before the first one here; does nothing while another request or a gap is open. */
export function loadEarlier(room, env) {
  if (room.phase !== 'live' || room.historyComplete || room.request !== null || room.gapAt !== null) return room;
  return firstMessage(room) === null ? { ...room, historyComplete: true } : withEarlierRequest(room, EARLIER_STEP, env);
}

// ------------------------------------------------------------------------- the first answer on a connection

function withFirstHistory(room, history, env) {
  const startsAgain = history.seq < room.previousHighestSeq;
  if (history.messages.length === 0 && room.everJoined && !startsAgain) {
    // This may be a part of a long roster that arrived early. It counts as a history if a second request gets no better answer.
    const next = withRoster(room, history.members, history.seq);
    if (!room.emptyHistoryReceived) {
      const request = { ...newRequest('join-room', env.now + TIMING.emptyHistoryRetry), ...catchUpPoint(room) };
      return { ...next, emptyHistoryReceived: true, request };
    }
    if (room.request !== null && !awaitsAnswer(room)) return next;
  }
  if (!startsAgain && containsAnchor(room, history)) return withLaterHistory(room, history, env);
  return { ...withNewIncarnation(room), request: newRequest('join-room', env.now) };
}

function containsAnchor(room, { messages, more }) {
  const { anchor } = catchUpPoint(room);
  if (anchor === null) return true;
  const isOnLaterPage = more && (messages.at(-1)?.seq ?? 0) < anchor.seq;
  return isOnLaterPage || messages.some((message) => isSame(message, anchor));
}

const isSame = (a, b) => a.seq === b.seq && a.user === b.user && a.id === b.id && a.time === b.time;

// ------------------------------------------------------------------------------------------- later messages

function withLaterHistory(room, history, env) {
  const { messages, members, seq, more } = history;
  const request = awaitsAnswer(room) ? room.request : null;
  let next = withRoster(room, members, seq);
  next = { ...next, highestSeq: Math.max(next.highestSeq, seq) };
  if (isRosterPart(room, history, request)) return applyInOrder(next, env);

  // Messages from before the first join are not unread.
  if (room.seq === null && room.incarnation === 0) next = { ...next, readUpTo: room.readUpTo ?? seq };
  const missing = unknownTo(next, messages);
  const completeUpTo = Math.max(room.seq ?? 0, more ? messages.at(-1)?.seq ?? 0 : seq);
  const isProgress = room.phase === 'joining' || missing.length > 0 || completeUpTo > room.seq;
  next = withMessages(next, missing, env);
  next = { ...next, seq: completeUpTo, phase: 'live', everJoined: true, emptyHistoryReceived: false };
  next = withNextRequest(next, history, request, isProgress, env);

  if (next.request !== null) return applyInOrder(next, env);
  // A stored message that is missing from a complete history: the server has lost the room.
  const isLost = next.outbox.some((entry) => isStored(entry) && entry.seq <= next.seq);
  if (isLost) return { ...withNewIncarnation(next), phase: 'joining', request: newRequest('join-room', env.now) };
  return applyInOrder({ ...next, resumeAnchor: null }, env);
}

/**
 * An answer without messages is a part of a long roster, not a history, if no request is open or if the open request's answer must
 * have messages.
 */
const isRosterPart = (room, { messages }, request) =>
  messages.length === 0 && room.seq !== null && (request === null || mustHaveMessages(request));

/** A next page has messages, and so has a history with an anchor. After five attempts, the server has probably lost them. */
const mustHaveMessages = ({ isNextPage, anchor, attempts }) => (isNextPage || anchor !== null) && attempts < 5;

/** Requests the next page, or repeats the request after a stale answer; otherwise the request is answered. */
function withNextRequest(room, { messages, seq, more }, request, isProgress, env) {
  if (more && isProgress) {
    const since = messages.at(-1)?.seq ?? room.seq;
    return { ...room, request: { ...newRequest('join-room', env.now, since), isNextPage: true } };
  }
  const isStale = !more && seq < room.seq;
  if (isStale && request !== null) return withRetry(room, env);
  const isRepeatedPage = more && request?.isNextPage; // the next page is still to come
  return isStale || isRepeatedPage ? room : { ...room, request: null };
}

// ----------------------------------------------------------------------------------------- earlier messages

/** `earlier` is the state of this search: from which seq, in which step, and the messages of the pages received so far. */
function withEarlierRequest(room, step, { now }) {
  const from = Math.max(0, firstMessage(room).seq - 1 - step);
  return { ...room, request: { ...newRequest('join-room', now, from), earlier: { from, step, messages: [] } } };
}

/** Whether this answers the request for earlier messages: such a history starts at or before the first message here. */
function isEarlierPage(room, { messages }) {
  return awaitsAnswer(room) && room.request.earlier !== null
    && messages.length > 0 && messages[0].seq > room.request.since && messages[0].seq <= firstMessage(room).seq;
}

/** Adds earlier messages once their pages reach the first message here, so that the history on screen has no hole. */
function withEarlierPage(room, { messages: page, members, seq, more }, env) {
  const { from, step, messages: previous } = room.request.earlier;
  const start = firstMessage(room);
  const older = page.filter((message) => message.seq < start.seq);
  const found = [...previous, ...older];
  const next = { ...withRoster(room, members, seq), highestSeq: Math.max(room.highestSeq, seq) };
  if (more && older.length === page.length) {
    const request = { ...newRequest('join-room', env.now, older.at(-1).seq), earlier: { from, step, messages: found } };
    return { ...next, request };
  }
  if (found.length === 0 && from > 0) return withEarlierRequest(next, step * 4, env);
  const at = room.messages.indexOf(start);
  const added = unknownTo(room, found).map((message) => ({ ...message, incarnation: room.incarnation }));
  const messages = [...room.messages.slice(0, at), ...added, ...room.messages.slice(at)];
  return applyInOrder({ ...next, messages, request: null, historyComplete: from === 0 }, env);
}

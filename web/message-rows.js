// The rows of a message list, as plain data: day headings, the divider "New", and messages.

import { keyOf } from './room.js';

const GROUP_TIME = 5 * 60_000; // a user's messages within this time form a group under one name

/**
 * Returns a function that computes the rows of a room: its messages in order, then its outbox. The rows of the last call are kept,
 * and reused if messages were only added at the end.
 *
 * A row has { kind, key, source }. A message's row also has `startsGroup` (it shows its sender and time), `isOwn`, `isPending` (it is in
 * the outbox) and `isOffline` (there is no connection to send it).
 */
export function createMessageRows() {
  let last = null;

  return ({ messages, outbox, dividerKey }, user, isOnline) => {
    const state = messageRows(messages, dividerKey, user);
    return outbox.length === 0 ? state.rows : withRows(state, outbox, { dividerKey, user, isOffline: !isOnline }).rows;
  };

  function messageRows(messages, dividerKey, user) {
    const context = { dividerKey, user, isOffline: false };
    const known = last?.messages.length ?? 0;
    const isContinued = known > 0 && last.dividerKey === dividerKey && last.user === user
      && messages.length >= known && messages[0] === last.messages[0] && messages[known - 1] === last.messages[known - 1];
    const state = isContinued
      ? withRows(last.state, messages.slice(known), context)
      : withRows({ rows: [], previous: null }, messages, context);
    last = { messages, dividerKey, user, state };
    return state;
  }
}

/** `previous` is the last message so far: { user, at, day }. */
function withRows(state, messages, { dividerKey, user: ownName, isOffline }) {
  if (messages.length === 0) return state;
  const rows = [...state.rows];
  let { previous } = state;
  for (const message of messages) {
    const isPending = message.status !== undefined;
    const key = isPending ? message.id : keyOf(message);
    const { at, day } = momentOf(message);
    const user = message.user ?? ownName;
    let startsGroup = previous === null || previous.user !== user || at - previous.at > GROUP_TIME;
    if (day !== previous?.day && !Number.isNaN(at)) {
      rows.push({ kind: 'day', key: `day ${key}`, source: day, at });
      startsGroup = true;
    }
    if (!isPending && key === dividerKey) {
      rows.push({ kind: 'divider', key: 'divider', source: key });
      startsGroup = true;
    }
    rows.push({ kind: 'message', key, source: message, id: message.id, isPending, isOffline, user, at, startsGroup, isOwn: user === ownName });
    previous = { user, at, day };
  }
  return { rows, previous };
}

const moments = new WeakMap();

function momentOf(message) {
  let moment = moments.get(message);
  if (!moment) {
    const at = message.writtenAt ?? Date.parse(message.time);
    moment = { at, day: new Date(at).toDateString() };
    moments.set(message, moment);
  }
  return moment;
}

/** The key of the first message among the rows, or null. */
export const firstMessageKey = (rows) => rows.find(({ kind }) => kind === 'message')?.key ?? null;

/** Whether two rows look the same. */
export const isSameRow = (a, b) => ['key', 'source', 'startsGroup', 'isOwn', 'isOffline'].every((field) => a[field] === b[field]);

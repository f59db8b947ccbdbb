// The client's whole state as one immutable value: the connection, the session, and the rooms.

import { emptyRoom, lastReadSeq, newEntry } from './room.js';

/** The state of a new page: empty, or restored from the `snapshot` that a page of the same tab has saved. */
export function initialState(saved = null) {
  const state = {
    connection: {
      phase: 'connecting', // 'connecting', 'open', 'waiting' (for the next attempt) or 'stopped'
      retryAt: null,
      hint: '', // why no connection was possible, for the user
      lastReceivedAt: 0,
      lastSentAt: 0,
      probedAt: null, // when a frame was sent to check the connection; null once a frame has arrived after it
    },
    session: {
      phase: 'signed-out', // 'signed-out', 'due' (to register), 'registering', 'registered' or 'superseded' by another connection
      user: null,
      key: null, // the resume key
      error: null,
      attempts: 0,
      dueAt: 0, // when to register
      sentAt: 0, // when the registration was sent
    },
    openRooms: [], // names, sorted
    announcedRooms: new Set(), // names announced on this connection; the list in `signup` may be older than they are
    rooms: new Map(), // the user's rooms, by name
    selected: null, // the name of the room on screen
    pageVisible: true,
    roomForm: { pending: null, error: null }, // the name of the room that is being created; the last error
  };
  if (!saved || typeof saved.user !== 'string') return state;
  state.session = { ...state.session, phase: 'due', user: saved.user, key: saved.key ?? null };
  for (const room of saved.rooms ?? []) state.rooms.set(room.name, restoredRoom(room));
  if (state.rooms.has(saved.selected)) state.selected = saved.selected;
  return state;
}

const restoredRoom = ({ name, draft, readUpTo, resumeAnchor, outbox }) => ({
  ...emptyRoom(name),
  everJoined: true,
  draft: draft ?? '',
  readUpTo: readUpTo ?? null,
  resumeAnchor: resumeAnchor ?? null,
  outbox: (outbox ?? []).map(newEntry),
});

/** What survives a reload, as plain JSON: the user's name and key, the rooms, drafts and unsent messages. Null if signed out. */
export function snapshot(state) {
  if (state.session.user === null) return null;
  return {
    user: state.session.user,
    key: state.session.key,
    selected: state.selected,
    rooms: [...state.rooms.values()]
      .filter((room) => room.phase !== 'leaving' && (room.everJoined || room.outbox.length > 0))
      .map((room) => ({
        name: room.name,
        draft: room.draft,
        readUpTo: lastReadSeq(room),
        resumeAnchor: earliestAnchor(room.outbox),
        outbox: room.outbox.map(savedEntry),
      })),
  };
}

/** Where the history must start to show which of these messages are stored. */
const earliestAnchor = (outbox) =>
  outbox.map(({ sentAfter }) => sentAfter).filter((anchor) => anchor !== null)
    .reduce((earliest, anchor) => (earliest === null || anchor.seq < earliest.seq ? anchor : earliest), null);

const savedEntry = ({ id, text, writtenAt, status, error, sentAfter }) =>
  ({ id, text, writtenAt, status: status === 'failed' ? status : 'queued', error, sentAfter });

/**
 * The state in one word, as the page shows it: 'connecting', 'offline', 'open' (not signed in), 'registering', 'rejoining',
 * 'online' or 'superseded'.
 */
export function status({ connection, session, rooms }) {
  if (session.phase === 'superseded') return 'superseded';
  if (connection.phase === 'waiting') return 'offline';
  if (connection.phase !== 'open') return 'connecting';
  if (session.phase === 'signed-out') return 'open';
  if (session.phase !== 'registered') return 'registering';
  for (const room of rooms.values()) if (room.everJoined && room.phase === 'joining') return 'rejoining';
  return 'online';
}

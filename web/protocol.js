// The client's side of the wire protocol, as a pure function:
//
//   step(state, input) -> { state, effects }
//
// No DOM, no socket, no clock, no randomness: every input brings its time (`now`, in ms) and a random number
// (`random`, in [0, 1)), and whoever calls carries out the effects. `deadline(state)` says when to call again
// with a `tick`. All recovery lives here: ordering, gaps, catching up, resending exactly once, coming back.

export const LIMITS = Object.freeze({ name: 32, text: 4000 });

const CONTEXT_ON_RELOAD = 50;
const EARLIER = 50; // numbers to go back by; where no message bears one of them, further and further

export const TIMING = Object.freeze({
  answer: 10_000, // how long a request may go unanswered
  gap: 1_000, // how long a missing sequence number may stay missing
  doubt: 300, // before an answer that contradicts what we know is believed
  probe: 5_000, // how long a line under suspicion may stay silent
  idle: 8 * 60_000, // API Gateway closes a socket after 10 idle minutes, and ping/pong does not count
  backoffBase: 1_000,
  backoffCap: 30_000,
});

/** Full jitter: anywhere between nothing and an exponentially growing ceiling. */
export const backoff = (attempt, random, base = TIMING.backoffBase, cap = TIMING.backoffCap) =>
  Math.floor(random * Math.min(cap, base * 2 ** Math.min(attempt, 20)));

/** The server counts code points, after normalisation. */
export const length = (text) => {
  let count = 0;
  for (const _ of text.normalize('NFC')) count++;
  return count;
};

export const tidyName = (name) => name.normalize('NFC').trim();
export const tidyText = (text) => text.replace(/\r\n?/g, '\n').replace(/^(?:[^\S\n]*\n)+/, '').trimEnd();
export const checkName = (name) => check(tidyName(name), LIMITS.name);
export const checkText = (text) => check(tidyText(text), LIMITS.text);
const check = (text, limit) => (text === '' ? 'blank' : length(text) > limit ? 'too-long' : null);

// ---------------------------------------------------------------------------------------------------- state

/** The state at the start: empty, or what an earlier page of this tab left behind (`snapshot`). */
export function initial(saved = null) {
  const state = {
    link: { phase: 'connecting', retryAt: null, hint: '', heardAt: 0, saidAt: 0, probedAt: null },
    session: { phase: 'none', user: null, key: null, error: null, attempts: 0, dueAt: 0, sentAt: 0 },
    openRooms: [],
    announced: new Set(),
    rooms: new Map(),
    selected: null,
    attentive: true,
    form: { pending: null, error: null },
  };
  if (!saved || typeof saved.user !== 'string') return state;
  state.session = { ...state.session, phase: 'due', user: saved.user, key: saved.key ?? null };
  for (const kept of saved.rooms ?? []) {
    state.rooms.set(kept.name, {
      ...emptyRoom(kept.name),
      known: true,
      draft: kept.draft ?? '',
      seen: kept.seen ?? null,
      resume: kept.resume ?? null,
      outbox: (kept.outbox ?? []).map((entry) => ({ ...emptyEntry, ...entry })),
    });
  }
  if (state.rooms.has(saved.selected)) state.selected = saved.selected;
  return state;
}

/** What must survive a reload, as plain JSON: who we are, our rooms, and every word not yet delivered. */
export function snapshot(state) {
  if (state.session.user === null) return null;
  return {
    user: state.session.user,
    key: state.session.key,
    selected: state.selected,
    rooms: [...state.rooms.values()]
      .filter((room) => room.phase !== 'leaving' && (room.known || room.outbox.length > 0))
      .map((room) => ({
        name: room.name,
        draft: room.draft,
        seen: lastSeen(room),
        resume: room.outbox.reduce(
          (earliest, { after }) => (earliest === null || (after !== null && after.seq < earliest.seq) ? after : earliest), null),
        outbox: room.outbox
          .map(({ id, text, at, status, error, after }) =>
            ({ id, text, at, status: status === 'failed' ? status : 'queued', error, after })),
      })),
  };
}

/** When the next `tick` is needed, or null if nothing waits for time to pass. */
export function deadline(state) {
  let earliest = null;
  for (const { at } of agenda(state)) if (earliest === null || at < earliest) earliest = at;
  return earliest;
}

/** The one word for how things stand. */
export function status(state) {
  const { link, session, rooms } = state;
  if (session.phase === 'elsewhere') return 'elsewhere';
  if (link.phase === 'waiting') return 'offline';
  if (link.phase !== 'open') return 'connecting';
  if (session.phase === 'none') return 'open';
  if (session.phase !== 'registered') return 'registering';
  for (const room of rooms.values()) if (room.known && room.phase === 'joining') return 'rejoining';
  return 'online';
}

/** Whether nobody else is there to keep the room, and what was said in it. */
export const closesWhenLeft = (room, user) =>
  room.phase === 'live' && room.messages.length > 0 && room.members.every((member) => member === user);

const emptyRoom = (name) => ({
  name,
  phase: 'joining', // 'joining' until this connection has an answer, then 'live', at last 'leaving'
  known: false, // it has been ours before: coming back is our business, not the user's
  create: false,
  tried: false, // an earlier attempt to create it may have succeeded unheard
  request: null, // { action, since, dueAt, sentAt, attempts }: one at a time
  begun: false, // the first message here is the first of all
  doubt: false,
  seq: null, // everything up to here is accounted for
  life: 0, // a room that lost its history begins a new life; what was on screen stays
  messages: [],
  ahead: new Map(), // events that arrived before their turn
  heard: 0, // the highest sequence number this connection has heard of
  reached: 0, // and what earlier connections had: the room cannot have gone back
  gapAt: null,
  gapAsks: 0,
  roster: { seq: -1, base: new Set(), changes: new Map() },
  members: [],
  outbox: [],
  unread: 0,
  newFrom: null,
  seen: null,
  resume: null, // after a reload: what had been said when the first of the unsent messages was sent
  draft: '',
});

const emptyEntry = Object.freeze({
  id: '', text: '', at: 0, status: 'queued', error: null, attempts: 0, dueAt: 0, sentAt: null,
  after: null, // the last message before it was first sent: if it is stored, then after this
  seq: null, // set by the ack, together with who said it
  user: null,
});

/** One message in one room; client ids are other people's choice and may repeat. */
export const keyOf = (message) => `${message.life}/${message.seq}`;

function lastSeen(room) {
  if (room.seq === null) return room.seen;
  if (room.unread === 0) return room.seq;
  const firstUnread = room.messages.find((message) => keyOf(message) === room.newFrom);
  return firstUnread ? firstUnread.seq - 1 : room.seq;
}

// ------------------------------------------------------------------------------------------------------ step

/** One input in, the next state and what to do about it out. The given state is left as it was. */
export function step(state, input) {
  const turn = { state, effects: [], now: input.now, random: input.random ?? 0.5 };
  inputs[input.type](turn, input);
  for (let task = nextDue(turn); task; task = nextDue(turn)) task.run(turn);
  return { state: turn.state, effects: turn.effects };
}

function nextDue(turn) {
  for (const task of agenda(turn.state)) if (task.at <= turn.now) return task;
  return null;
}

const inputs = {
  tick() {},

  // --- the socket
  connecting(turn) {
    cut(turn);
    if (turn.state.session.phase !== 'elsewhere') link(turn, { phase: 'connecting', retryAt: null });
  },
  opened(turn) {
    link(turn, { phase: 'open', retryAt: null, heardAt: turn.now, saidAt: turn.now, probedAt: null });
    turn.state = { ...turn.state, announced: new Set() };
  },
  closed(turn, { retryAt, hint = '' }) {
    cut(turn);
    if (turn.state.session.phase !== 'elsewhere') link(turn, { phase: 'waiting', retryAt: retryAt ?? turn.now, hint });
  },
  received(turn, { data }) {
    if (turn.state.link.phase !== 'open') return;
    link(turn, { heardAt: turn.now, probedAt: null });
    const frame = parse(data);
    if (frame === null) return;
    if (typeof frame.type !== 'string') return anonymousFailure(turn);
    if (Object.hasOwn(frames, frame.type)) frames[frame.type](turn, frame);
  },
  /** The line may be dead without knowing it: the network changed, the machine slept. */
  suspect(turn) {
    const { link: line, session } = turn.state;
    if (line.phase !== 'open' || line.probedAt !== null || session.phase !== 'registered') return;
    send(turn, { action: 'keep-alive' });
    link(turn, { probedAt: turn.now });
  },

  // --- the user
  register(turn, { name }) {
    const { session } = turn.state;
    const refused = checkName(name);
    if (refused) return setSession(turn, { error: { code: refused, message: '' } });
    const user = tidyName(name);
    const key = user === session.user ? session.key : null;
    setSession(turn, { phase: 'due', user, key, error: null, attempts: 0, dueAt: turn.now });
  },
  'use-here'(turn) {
    if (turn.state.session.phase !== 'elsewhere') return;
    setSession(turn, { phase: 'due', attempts: 0, dueAt: turn.now });
    link(turn, { phase: 'connecting', retryAt: null });
    turn.effects.push({ type: 'connect' });
  },
  'sign-out'(turn) {
    turn.state = { ...initial(), attentive: turn.state.attentive };
    turn.effects.push({ type: 'reconnect' });
  },
  create(turn, { room: value }) {
    const name = tidyName(value);
    const refused = checkName(value);
    if (refused) return setForm(turn, { error: { code: refused, message: '', room: name } });
    const room = turn.state.rooms.get(name);
    if (room && room.phase !== 'leaving') return inputs.select(turn, { room: name });
    setForm(turn, { pending: name, error: null });
    put(turn, name, { ...emptyRoom(name), create: true, request: request('new-room', turn.now) });
  },
  join(turn, { room: name }) {
    const room = turn.state.rooms.get(name);
    setForm(turn, { error: null });
    if (!room || room.phase === 'leaving') {
      put(turn, name, { ...emptyRoom(name), request: request('join-room', turn.now) });
    }
    inputs.select(turn, { room: name });
  },
  leave(turn, { room: name }) {
    const room = turn.state.rooms.get(name);
    if (!room) return;
    if (turn.state.selected === name) turn.state = { ...turn.state, selected: null };
    const told = registered(turn.state) && (room.phase === 'live' || room.request?.sentAt != null);
    if (told) put(turn, name, { ...room, phase: 'leaving', outbox: [], request: request('leave-room', turn.now) });
    else drop(turn, name);
  },
  send(turn, { room: name, text, id }) {
    const room = turn.state.rooms.get(name);
    if (!room || checkText(text) !== null) return;
    const entry = { ...emptyEntry, id, text: tidyText(text), at: turn.now, dueAt: turn.now };
    put(turn, name, { ...room, draft: '', newFrom: null, outbox: [...room.outbox, entry] });
  },
  /** A message that was refused goes again, as it is. */
  retry(turn, { id }) {
    const room = roomOfEntry(turn.state, id);
    if (room) put(turn, room.name, withEntry(room, id, { status: 'queued', error: null, attempts: 0, dueAt: turn.now }));
  },
  /** The reader comes near the first message that is here. */
  earlier(turn, { room: name }) {
    const room = turn.state.rooms.get(name);
    if (room?.phase !== 'live' || room.begun || room.request !== null || room.gapAt !== null) return;
    put(turn, name, beginningOf(room) === null ? { ...room, begun: true } : askEarlier(room, turn.now, EARLIER));
  },
  discard(turn, { id }) {
    const room = roomOfEntry(turn.state, id);
    if (room) put(turn, room.name, withoutEntry(room, id));
  },
  /** A message that was refused goes back to where it was written. */
  edit(turn, { id }) {
    const room = roomOfEntry(turn.state, id);
    if (!room) return;
    const { text } = room.outbox.find((entry) => entry.id === id);
    const draft = room.draft.trim() === '' ? text : `${text}\n${room.draft}`;
    put(turn, room.name, { ...withoutEntry(room, id), draft });
  },
  draft(turn, { room: name, text }) {
    const room = turn.state.rooms.get(name);
    if (room && room.draft !== text) put(turn, name, { ...room, draft: text });
  },
  select(turn, { room: name }) {
    const before = turn.state.rooms.get(turn.state.selected);
    if (before && before.name !== name) put(turn, before.name, { ...before, newFrom: null });
    const room = turn.state.rooms.get(name);
    turn.state = { ...turn.state, selected: room ? name : null };
    if (room) put(turn, name, read(room));
  },
  /** Whether anybody looks at the page: what arrives unseen is unread. */
  attentive(turn, { value }) {
    turn.state = { ...turn.state, attentive: value };
    const room = turn.state.rooms.get(turn.state.selected);
    if (value && room) put(turn, room.name, read(room));
  },
  /** What is being typed is not what was refused. */
  'forget-error'(turn) {
    setForm(turn, { error: null });
    setSession(turn, { error: null });
  },
};

// ---------------------------------------------------------------------------------------------------- agenda

/** Everything that waits for its time, and what is to be done then. Each task moves itself out of the way. */
function* agenda(state) {
  const { link: line, session } = state;
  if (line.phase !== 'open') return;
  if (session.phase === 'due') yield { at: session.dueAt, run: sendRegister };
  if (session.phase === 'asking') yield { at: session.sentAt + TIMING.answer, run: reconnect };
  if (session.phase !== 'registered') return;

  yield { at: Math.max(line.heardAt, line.saidAt) + TIMING.idle, run: (turn) => send(turn, { action: 'keep-alive' }) };
  if (line.probedAt !== null) yield { at: line.probedAt + TIMING.probe, run: reconnect };

  for (const room of state.rooms.values()) {
    if (room.request) {
      yield room.request.sentAt === null
        ? { at: room.request.dueAt, run: (turn) => sendRequest(turn, room) }
        : { at: room.request.sentAt + TIMING.answer, run: (turn) => requestUnanswered(turn, room) };
    }
    if (room.phase !== 'live') continue;
    if (room.gapAt !== null && !room.request) {
      yield { at: room.gapAt + TIMING.gap * 2 ** Math.min(room.gapAsks, 5), run: (turn) => catchUp(turn, room) };
    }
    // One at a time, so that they arrive in the order they were written.
    const entry = room.outbox.find(({ status: its }) => its === 'queued' || its === 'sending');
    const caughtUp = room.request === null && room.gapAt === null;
    if (entry?.status === 'queued' && (entry.after === null || caughtUp)) {
      yield { at: entry.dueAt, run: (turn) => sendEntry(turn, room, entry) };
    }
    if (entry?.status === 'sending' && !room.request) {
      yield { at: entry.sentAt + TIMING.answer, run: (turn) => entryUnanswered(turn, room, entry) };
    }
  }
}

function sendRegister(turn) {
  const { user, key } = turn.state.session;
  send(turn, key === null ? { action: 'register', value: user } : { action: 'register', value: user, key });
  setSession(turn, { phase: 'asking', sentAt: turn.now });
}

function sendRequest(turn, room) {
  const { action, since } = room.request;
  const frame = action === 'leave-room' ? { action, room: room.name } : { action, value: room.name };
  send(turn, since === null ? frame : { ...frame, since });
  put(turn, room.name, { ...room, request: { ...room.request, sentAt: turn.now } });
}

function requestUnanswered(turn, room) {
  const silent = turn.state.link.heardAt <= room.request.sentAt;
  if (silent && room.request.attempts > 0) return reconnect(turn);
  postponeRequest(turn, room);
}

function postponeRequest(turn, room) {
  put(turn, room.name, postponed(turn, room));
}

function postponed(turn, room) {
  const attempts = room.request.attempts + 1;
  const dueAt = turn.now + 250 + backoff(attempts, turn.random);
  const since = room.phase === 'live' && room.request.action === 'join-room' && room.request.earlier === null
    ? { ...resumption(room), page: false } : {};
  return { ...room, tried: true, request: { ...room.request, ...since, sentAt: null, attempts, dueAt } };
}

/** Asks for what is missing. */
function catchUp(turn, room) {
  const gap = room.gapAt === null ? {} : { gapAt: turn.now, gapAsks: room.gapAsks + 1 };
  put(turn, room.name, { ...room, ...gap, request: { ...request('join-room', turn.now), ...resumption(room) } });
}

function sendEntry(turn, room, entry) {
  send(turn, { action: 'dispatch', value: entry.text, room: room.name, id: entry.id });
  const after = entry.after ?? identityOf(anchorOf(room) ?? BEGINNING);
  put(turn, room.name, withEntry(room, entry.id, { status: 'sending', sentAt: turn.now, after }));
}

/**
 * It may be stored or not. The server recognises the id only among a room's latest events, so the room is read
 * first: found there it was sent, and only otherwise is it sent again.
 */
function entryUnanswered(turn, room, entry) {
  const attempts = entry.attempts + 1;
  const dueAt = turn.now + backoff(attempts, turn.random);
  catchUp(turn, withEntry(room, entry.id, { status: 'queued', attempts, dueAt }));
}

// ---------------------------------------------------------------------------------------------------- frames

const frames = {
  signup(turn, frame) {
    const { session } = turn.state;
    const rooms = strings(frame.rooms);
    if (session.phase === 'registered') return addOpenRooms(turn, rooms); // a long list continues
    if (session.phase !== 'asking') return;
    const user = typeof frame.user === 'string' ? frame.user : session.user;
    const key = typeof frame.key === 'string' ? frame.key : session.key;
    setSession(turn, { phase: 'registered', user, key, error: null, attempts: 0 });
    turn.state = { ...turn.state, openRooms: sorted(new Set([...rooms, ...turn.state.announced])) };
    turn.effects.push({ type: 'steady' });
    for (const room of turn.state.rooms.values()) put(turn, room.name, askAgain(room, turn.now));
  },

  /** What did not fit into a signup's list. */
  rooms(turn, frame) {
    const rooms = strings(frame.rooms);
    turn.state = { ...turn.state, announced: new Set([...turn.state.announced, ...rooms]) };
    addOpenRooms(turn, rooms);
  },

  /** What did not fit into an answer's roster. */
  members(turn, frame) {
    const room = turn.state.rooms.get(frame.room);
    if (room && isSeq(frame.seq)) put(turn, room.name, withRoster(room, strings(frame.members), frame.seq));
  },

  'single-room'(turn, frame) {
    if (typeof frame.message !== 'string') return;
    turn.state = { ...turn.state, announced: new Set([...turn.state.announced, frame.message]) };
    addOpenRooms(turn, [frame.message]);
  },

  'delete-room'(turn, frame) {
    const room = turn.state.rooms.get(frame.room);
    if (room && room.phase !== 'leaving') return; // word of an earlier room: ours is open, we are in it
    const announced = new Set(turn.state.announced);
    announced.delete(frame.room);
    turn.state = { ...turn.state, announced };
    removeOpenRoom(turn, frame.room);
  },

  'client-message'(turn, frame) {
    const message = messageIn(frame, frame.message);
    if (message) event(turn, frame.room, { kind: 'message', ...message });
  },
  'member-joined'(turn, frame) {
    membership(turn, frame, 'joined');
  },
  'member-left'(turn, frame) {
    membership(turn, frame, 'left');
  },

  'multi-message'(turn, frame) {
    const room = turn.state.rooms.get(frame.room);
    if (!room || room.phase === 'leaving' || !isSeq(frame.seq)) return;
    const messages = (Array.isArray(frame.messages) ? frame.messages : [])
      .map((message) => messageIn(message, message?.content))
      .filter((message) => message !== null)
      .sort((a, b) => a.seq - b.seq);
    const answer = { messages, members: strings(frame.members), seq: frame.seq, more: frame.more === true };
    if (room.phase === 'joining') cameBack(turn, room, answer);
    else if (isEarlier(room, answer)) takeEarlier(turn, room, answer);
    else account(turn, room, answer);
  },

  ack(turn, frame) {
    if (frame.action === 'dispatch') return acknowledged(turn, frame);
    const room = turn.state.rooms.get(frame.room);
    if (!room) return;
    if (frame.action === 'leave-room' && room.phase === 'leaving') drop(turn, room.name);
    if (frame.action === 'new-room' && room.phase === 'joining' && isSeq(frame.seq)) created(turn, room, frame);
  },

  error(turn, frame) {
    const problem = { code: String(frame.code), message: typeof frame.message === 'string' ? frame.message : '' };
    if (problem.code === 'signed-in-elsewhere') return takenOver(turn);
    if (frame.action === 'register') return registerRefused(turn, problem);
    if (frame.action === 'dispatch') return dispatchRefused(turn, entryOf(turn.state, frame), problem);
    const room = roomOf(turn.state, frame);
    if (room) requestRefused(turn, room, problem);
  },
};

/** API Gateway's own failures name nothing; where only one request is open, it is that one. */
function anonymousFailure(turn) {
  const { session, rooms } = turn.state;
  const failed = [];
  const problem = { code: 'busy', message: '' };
  if (session.phase === 'asking') failed.push(() => registerRefused(turn, problem));
  for (const room of rooms.values()) {
    if (room.request?.sentAt != null) failed.push(() => requestRefused(turn, room, problem));
    for (const entry of room.outbox) {
      if (entry.status === 'sending') failed.push(() => dispatchRefused(turn, entry, problem));
    }
  }
  if (failed.length === 1) failed[0]();
}

// ------------------------------------------------------------------------------------------ session and link

function registerRefused(turn, problem) {
  const { session } = turn.state;
  if (session.phase !== 'asking') return;
  if (isPassing(problem)) {
    const attempts = session.attempts + 1;
    setSession(turn, { phase: 'due', attempts, dueAt: turn.now + 250 + backoff(attempts, turn.random) });
  } else if (isLost(problem) || problem.code === 'already-registered') {
    reconnect(turn);
  } else {
    setSession(turn, { phase: 'none', error: problem });
  }
}

function takenOver(turn) {
  cut(turn);
  setSession(turn, { phase: 'elsewhere' });
  link(turn, { phase: 'stopped', retryAt: null });
  turn.effects.push({ type: 'stop' });
}

function reconnect(turn) {
  cut(turn);
  link(turn, { phase: 'connecting', retryAt: null });
  turn.effects.push({ type: 'reconnect' });
}

/** The connection is gone: what it was told is void, and what it was asked must be asked again. */
function cut(turn) {
  const { session } = turn.state;
  if (session.phase === 'registered' || session.phase === 'asking') {
    setSession(turn, { phase: 'due', dueAt: turn.now, attempts: 0 });
  }
  link(turn, { probedAt: null });
  for (const room of turn.state.rooms.values()) {
    if (room.phase === 'leaving') drop(turn, room.name);
    else put(turn, room.name, { ...uncertain(room), phase: 'joining', request: null, ahead: new Map(), gapAt: null });
  }
}

/** What was under way may have happened. */

const uncertain = (room) => ({
  ...room,
  tried: room.tried || room.request?.sentAt != null,
  outbox: room.outbox.map((entry) =>
    entry.status === 'sending' ? { ...entry, status: 'queued', dueAt: 0 } : entry),
});

/** A request for a room on a connection that knows nothing of it yet. */
function askAgain(room, now) {
  const action = room.known || !room.create ? 'join-room' : 'new-room';
  return {
    ...uncertain(room), phase: 'joining', doubt: false, ahead: new Map(), heard: 0, gapAt: null, gapAsks: 0,
    reached: Math.max(room.reached, room.heard, room.seq ?? room.resume?.seq ?? 0),
    roster: emptyRoom('').roster,
    request: { ...request(action, now), ...(action === 'join-room' ? resumption(room) : {}) },
  };
}

const request = (action, dueAt, since = null) =>
  ({ action, since, anchor: null, page: false, earlier: null, dueAt, sentAt: null, attempts: 0 });

/**
 * One message less than we have: the answer then begins with a message that we know. Where it does not, it is no
 * answer but the rest of a long roster, or the room has lost its history and its numbers mean something else now.
 */
function resumption(room) {
  const anchor = room.seq === null ? room.resume : anchorOf(room) ?? BEGINNING;
  if (anchor === null) return { since: null, anchor: null };
  const context = room.seq === null ? CONTEXT_ON_RELOAD : 0;
  return { since: Math.max(0, anchor.seq - 1 - context), anchor: anchor.seq === 0 ? null : anchor };
}

const BEGINNING = Object.freeze({ seq: 0, user: null, id: null, time: null });
const identityOf = ({ seq, user, id, time }) => ({ seq, user, id, time });

function anchorOf(room) {
  const last = room.messages.at(-1);
  return last && last.life === room.life ? last : null;
}

// ----------------------------------------------------------------------------------------------------- rooms

/** The first answer for a room on this connection. */
function cameBack(turn, room, answer) {
  const lower = answer.seq < room.reached;
  if (answer.messages.length === 0 && room.known && !lower) {
    // Perhaps only the rest of a long roster: it is believed when a second request is answered no better.
    const asked = room.doubt ? room.request : { ...request('join-room', turn.now + TIMING.doubt), ...resumption(room) };
    if (!room.doubt || asked?.sentAt === null) {
      return put(turn, room.name, { ...withRoster(room, answer.members, answer.seq), doubt: true, request: asked });
    }
  }
  if (!lower && !isAnotherLife(room, answer)) return account(turn, room, answer);
  put(turn, room.name, { ...newLife(room), request: request('join-room', turn.now) });
}

function isAnotherLife(room, { messages, more }) {
  const { anchor } = resumption(room);
  if (anchor === null || (more && (messages.at(-1)?.seq ?? 0) < anchor.seq)) return false;
  return !messages.some((message) => isSame(message, anchor));
}

const isSame = (a, b) => a.seq === b.seq && a.user === b.user && a.id === b.id && a.time === b.time;

/**
 * What is on screen stays; the numbers start again. What had been acknowledged was said: it stands on its own, between
 * the lives, for its number may be another message's in either.
 */
function newLife(room) {
  const said = room.outbox.filter(({ status: its }) => its === 'sent')
    .map(({ id, text, at, seq, user }) => ({ id, user, text, seq, time: new Date(at).toISOString(), life: room.life + 1 }));
  return {
    ...room,
    life: room.life + 2,
    begun: false,
    seq: null,
    reached: 0,
    resume: null,
    doubt: false,
    seen: null,
    messages: [...room.messages, ...said],
    outbox: room.outbox.filter(({ status: its }) => its !== 'sent').map((entry) => ({ ...entry, after: null })),
    roster: emptyRoom('').roster,
  };
}

function created(turn, room, { seq, members }) {
  const ours = room.seq === null ? room : newLife(room);
  const live = { ...withRoster(ours, strings(members), seq), phase: 'live', known: true, begun: true, request: null, seq, resume: null };
  put(turn, room.name, settle(turn, live));
  addOpenRooms(turn, [room.name]);
  if (turn.state.form.pending === room.name) {
    setForm(turn, { pending: null, error: null });
    inputs.select(turn, { room: room.name });
  }
}

/** Takes in an answer: its messages, its roster, and how far it accounts for the room. */
function account(turn, room, answer) {
  const { messages, seq, more } = answer;
  const asked = room.request?.sentAt != null ? room.request : null;
  let next = withRoster(room, answer.members, seq);
  if (messages.length === 0 && room.seq !== null && (asked === null || mustHaveMessages(asked))) {
    next = { ...next, heard: Math.max(next.heard, seq) }; // only the rest of a long roster
    return put(turn, room.name, next.phase === 'live' ? settle(turn, next) : next);
  }

  const first = room.phase === 'joining';
  if (room.seq === null && room.life === 0) next = { ...next, seen: room.seen ?? seq }; // nobody missed what was said before they came
  const fresh = unheardOf(next, messages);
  next = withMessages(turn, next, fresh);
  const upTo = Math.max(room.seq ?? 0, more ? messages.at(-1)?.seq ?? 0 : seq);
  const progress = first || fresh.length > 0 || upTo > room.seq;
  next = { ...next, seq: upTo, phase: 'live', known: true, doubt: false, heard: Math.max(next.heard, seq) };
  if (more && progress) {
    next = { ...next, request: { ...request('join-room', turn.now, messages.at(-1)?.seq ?? upTo), page: true } };
  } else if (more ? !asked?.page : seq >= upTo) {
    next = { ...next, request: null };
  } else if (!more && asked) {
    next = postponed(turn, next); // a stale answer
  }
  if (!next.request && next.outbox.some(({ status: its, seq: stored }) => its === 'sent' && stored <= next.seq)) {
    // What had been acknowledged is not there: the history was lost, and nothing else would have told us.
    return put(turn, room.name, { ...newLife(next), phase: 'joining', request: request('join-room', turn.now) });
  }
  if (!next.request) next = { ...next, resume: null };
  put(turn, room.name, settle(turn, next));
  addOpenRooms(turn, [room.name]);
}

/** Asks for what was said before the first message that is here: `earlier` holds what has come of it so far. */
function askEarlier(room, now, step) {
  const from = Math.max(0, beginningOf(room).seq - 1 - step);
  return { ...room, request: { ...request('join-room', now, from), earlier: { from, step, messages: [] } } };
}

const beginningOf = (room) => room.messages.find(({ life }) => life === room.life) ?? null;

/** Such an answer begins with a message that is not here yet, or with the first one that is. */
function isEarlier({ request: asked, ...room }, { messages }) {
  return asked?.sentAt != null && asked.earlier !== null
    && messages.length > 0 && messages[0].seq > asked.since && messages[0].seq <= beginningOf(room).seq;
}

/** Nothing of it is shown before it reaches what is here: a history has no gaps. */
function takeEarlier(turn, room, { messages: page, members, seq, more }) {
  const { from, step, messages: held } = room.request.earlier;
  const older = page.filter((message) => message.seq < beginningOf(room).seq);
  const found = [...held, ...older];
  const next = { ...withRoster(room, members, seq), heard: Math.max(room.heard, seq) };
  if (more && older.length === page.length) {
    const on = { ...request('join-room', turn.now, older.at(-1).seq), earlier: { from, step, messages: found } };
    put(turn, room.name, { ...next, request: on });
  } else if (found.length === 0 && from > 0) {
    put(turn, room.name, askEarlier(next, turn.now, step * 4));
  } else {
    const at = room.messages.indexOf(beginningOf(room));
    const said = unheardOf(room, found).map((message) => ({ ...message, life: room.life }));
    const messages = [...room.messages.slice(0, at), ...said, ...room.messages.slice(at)];
    put(turn, room.name, settle(turn, { ...next, messages, request: null, begun: from === 0 }));
  }
}

/** There is more, or a message that we know: only a server that has forgotten it could have nothing to say. */
const mustHaveMessages = ({ page, anchor, attempts }) => (page || anchor !== null) && attempts < 5;

/** An event in its room's order: applied if it is next, kept if it is early, dropped if it is old. */
function event(turn, name, happened) {
  const room = turn.state.rooms.get(name);
  if (!room || room.phase === 'leaving') return;
  const ahead = new Map(room.ahead).set(happened.seq, happened);
  let next = { ...room, ahead, heard: Math.max(room.heard, happened.seq) };
  if (happened.kind === 'message' && next.outbox.some(({ id }) => id === happened.id)) {
    next = withEntry(next, happened.id, { status: 'sent', seq: happened.seq, user: happened.user });
  }
  put(turn, name, next.phase === 'live' ? settle(turn, next) : next);
}

function membership(turn, frame, kind) {
  if (isSeq(frame.seq) && typeof frame.user === 'string') {
    event(turn, frame.room, { kind, seq: frame.seq, user: frame.user });
  }
}

/** Applies every event whose turn it is, and notices whether one is missing. */
function settle(turn, room) {
  let next = room;
  if (room.ahead.size > 0) {
    const ahead = new Map(room.ahead);
    for (const seq of ahead.keys()) if (seq <= room.seq) ahead.delete(seq);
    for (let due = ahead.get(next.seq + 1); due; due = ahead.get(next.seq + 1)) {
      ahead.delete(due.seq);
      next = { ...applied(turn, next, due), seq: due.seq };
    }
    next = { ...next, ahead };
  }
  if (next.heard <= next.seq) return { ...next, gapAt: null, gapAsks: 0 };
  return next.gapAt !== null && next.seq === room.seq ? next : { ...next, gapAt: turn.now, gapAsks: 0 };
}

function applied(turn, room, { kind, ...happened }) {
  if (kind === 'message') return withMessages(turn, room, unheardOf(room, [happened]));
  if (happened.seq <= room.roster.seq) return room;
  const changes = new Map(room.roster.changes).set(happened.user, kind);
  return withMembers({ ...room, roster: { ...room.roster, changes } });
}

function withMessages(turn, room, fresh) {
  if (fresh.length === 0) return room;
  const said = fresh.map((message) => ({ ...message, life: room.life }));
  const last = anchorOf(room);
  const messages = [...room.messages, ...said];
  if (last && said[0].seq < last.seq) messages.sort((a, b) => a.life - b.life || a.seq - b.seq);
  return withUnread(turn, { ...room, messages, outbox: withoutAll(room.outbox, said) }, said);
}

/** Known by their id, or, where a server does not repeat it, by the number they were acknowledged with. */
function withoutAll(outbox, said) {
  if (outbox.length === 0) return outbox;
  const ids = new Set(said.map(({ id }) => id));
  const numbers = new Set(said.map(({ seq }) => seq));
  return outbox.filter(({ id, status: its, seq }) => !ids.has(id) && !(its === 'sent' && numbers.has(seq)));
}

function withUnread(turn, room, said) {
  const { session, selected, attentive } = turn.state;
  if (selected === room.name && attentive) return room;
  const unread = said.filter(({ user, seq }) => user !== session.user && seq > (room.seen ?? 0));
  if (unread.length === 0) return room;
  return { ...room, unread: room.unread + unread.length, newFrom: room.unread === 0 ? keyOf(unread[0]) : room.newFrom };
}

/** The same message, whichever life of the room it was stored in. */
const fingerprint = ({ user, id, time, text }) => JSON.stringify([user, id ?? time, text]);

/** Of these, the messages that are not on screen yet. */
function unheardOf(room, messages) {
  const last = anchorOf(room);
  const overlaps = last !== null && messages.length > 0 && messages[0].seq <= last.seq;
  if (!overlaps && room.life === 0) return messages;
  const here = new Set();
  const earlier = new Set();
  for (const message of room.messages) {
    if (message.life === room.life) here.add(message.seq);
    else earlier.add(fingerprint(message));
  }
  return messages.filter((message) => !here.has(message.seq) && !earlier.has(fingerprint(message)));
}

/** The roster at `seq`; a long one comes in parts, and people come and go while it does. */
function withRoster(room, members, seq) {
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

const read = (room) => (room.unread === 0 ? room : { ...room, unread: 0 });

function requestRefused(turn, room, problem) {
  const { request: asked } = room;
  if (!asked || asked.sentAt === null) return;
  if (isPassing(problem)) return postponeRequest(turn, room);
  if (isLost(problem)) return reconnect(turn);
  if (room.phase === 'leaving') return drop(turn, room.name);
  if (problem.code === 'no-such-room' && room.known) { // gone with its history: begin it anew
    return put(turn, room.name, { ...room, phase: 'joining', request: request('new-room', turn.now) });
  }
  if (problem.code === 'room-exists' && (room.known || room.tried)) { // somebody was faster, perhaps ourselves
    const ours = room.seq === null ? { ...room, resume: null } : newLife(room);
    return put(turn, room.name, { ...ours, phase: 'joining', request: request('join-room', turn.now) });
  }
  if (problem.code === 'no-such-room') removeOpenRoom(turn, room.name);
  if (problem.code === 'room-exists') addOpenRooms(turn, [room.name]);
  drop(turn, room.name);
  if (turn.state.selected === room.name) turn.state = { ...turn.state, selected: null };
  setForm(turn, { pending: null, error: { ...problem, room: room.name } });
}

// --------------------------------------------------------------------------------------------------- sending

function acknowledged(turn, frame) {
  const entry = entryOf(turn.state, frame);
  const room = entry && roomOfEntry(turn.state, entry.id);
  if (!room || !isSeq(frame.seq)) return;
  const { user } = turn.state.session;
  if (room.phase === 'live' && frame.seq <= room.seq) {
    // Accounted for, yet not on screen: it was said before the part of the history that we were given.
    const said = { id: entry.id, user, text: entry.text, seq: frame.seq, time: new Date(entry.at).toISOString() };
    return put(turn, room.name, withMessages(turn, withoutEntry(room, entry.id), unheardOf(room, [said])));
  }
  const next = { ...withEntry(room, entry.id, { status: 'sent', seq: frame.seq, user }), heard: Math.max(room.heard, frame.seq) };
  put(turn, room.name, room.phase === 'live' ? settle(turn, next) : next);
}

function dispatchRefused(turn, entry, problem) {
  const room = entry && roomOfEntry(turn.state, entry.id);
  if (!room || entry.status !== 'sending') return;
  const attempts = entry.attempts + 1;
  const dueAt = turn.now + 250 + backoff(attempts, turn.random);
  if (isPassing(problem)) {
    put(turn, room.name, withEntry(room, entry.id, { status: 'queued', attempts, dueAt }));
  } else if (isLost(problem)) {
    reconnect(turn);
  } else if ((problem.code === 'not-a-member' || problem.code === 'no-such-room') && entry.attempts < 3) {
    const waiting = withEntry(room, entry.id, { status: 'queued', attempts, dueAt });
    put(turn, room.name, askAgain(waiting, turn.now)); // we thought we were in: come back first
  } else {
    put(turn, room.name, withEntry(room, entry.id, { status: 'failed', error: problem }));
  }
}

const isPassing = ({ code }) => code === 'busy' || code === 'internal';
const isLost = ({ code }) => code === 'not-registered' || code === 'not-connected';

/** The message that an answer speaks of; an answer without an id speaks of the only one that is open. */
function entryOf(state, frame) {
  const entries = [...state.rooms.values()].flatMap((room) => room.outbox);
  if (typeof frame.id === 'string') return entries.find(({ id }) => id === frame.id) ?? null;
  const open = entries.filter(({ status: its }) => its === 'sending');
  return open.length === 1 ? open[0] : null;
}

function roomOf(state, frame) {
  const open = [...state.rooms.values()]
    .filter(({ request: asked }) => asked?.sentAt != null && asked.action === frame.action);
  if (typeof frame.room === 'string') return open.find(({ name }) => name === frame.room) ?? null;
  return open.length === 1 ? open[0] : null;
}

const roomOfEntry = (state, id) =>
  [...state.rooms.values()].find((room) => room.outbox.some((entry) => entry.id === id)) ?? null;

// --------------------------------------------------------------------------------------------- small changes

const registered = (state) => state.link.phase === 'open' && state.session.phase === 'registered';

function send(turn, frame) {
  turn.effects.push({ type: 'send', data: JSON.stringify(frame) });
  link(turn, { saidAt: turn.now });
}

function link(turn, change) {
  turn.state = { ...turn.state, link: { ...turn.state.link, ...change } };
}

function setSession(turn, change) {
  turn.state = { ...turn.state, session: { ...turn.state.session, ...change } };
}

function setForm(turn, change) {
  turn.state = { ...turn.state, form: { ...turn.state.form, ...change } };
}

function put(turn, name, room) {
  turn.state = { ...turn.state, rooms: new Map(turn.state.rooms).set(name, room) };
}

function drop(turn, name) {
  const rooms = new Map(turn.state.rooms);
  rooms.delete(name);
  turn.state = { ...turn.state, rooms };
}

function addOpenRooms(turn, names) {
  const known = new Set(turn.state.openRooms);
  if (names.every((name) => known.has(name))) return;
  turn.state = { ...turn.state, openRooms: sorted(new Set([...known, ...names])) };
}

function removeOpenRoom(turn, name) {
  turn.state = { ...turn.state, openRooms: turn.state.openRooms.filter((other) => other !== name) };
}

const withEntry = (room, id, change) => ({
  ...room, outbox: room.outbox.map((entry) => (entry.id === id ? { ...entry, ...change } : entry)),
});

const withoutEntry = (room, id) => ({ ...room, outbox: room.outbox.filter((entry) => entry.id !== id) });

const sorted = (names) => {
  const folded = [...names].map((name) => [name.toLowerCase(), name]);
  folded.sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0));
  return folded.map(([, name]) => name);
};

const isSeq = (value) => Number.isSafeInteger(value) && value >= 0;
const strings = (value) => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []);

function messageIn(frame, text) {
  if (frame === null || typeof frame !== 'object' || !isSeq(frame.seq)) return null;
  if (typeof frame.user !== 'string' || typeof text !== 'string') return null;
  const { user, seq } = frame;
  return { id: typeof frame.id === 'string' ? frame.id : null, user, text, seq, time: String(frame.time ?? '') };
}

function parse(data) {
  try {
    const frame = JSON.parse(data);
    return frame !== null && typeof frame === 'object' && !Array.isArray(frame) ? frame : null;
  } catch {
    return null;
  }
}

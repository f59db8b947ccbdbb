// The client's protocol, tested without a browser: `tests(protocol)` gives [name, function] pairs that throw when they fail.
// It runs in any ES2022 engine; nothing here asks for a clock, a timer or a random number that is not seeded.

// ------------------------------------------------------------------------------------------------- small tools

function check(condition, message) {
  if (!condition) throw new Error(message);
}

function equal(actual, expected, what = 'value') {
  const [a, e] = [JSON.stringify(actual), JSON.stringify(expected)];
  check(a === e, `${what}: expected ${e}, got ${a}`);
}

function sameOrder(actual, expected, what) {
  const i = expected.findIndex((id, at) => id !== actual[at]);
  const near = (ids) => ids.slice(Math.max(0, i - 2), i + 4).join(' ');
  check(i < 0 && actual.length === expected.length, `${what}, at ${i} of ${expected.length}: expected … ${near(expected)} …, got … ${near(actual)} …`);
}

/** A small seeded generator (mulberry32): the same seed, the same story. */
function seeded(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** One client in the hands of a test: inputs in, frames out, time as told. */
function lab(protocol, saved = null) {
  let state = protocol.initial(saved);
  let now = 1_000_000;
  const sent = [];
  const others = [];
  const client = {
    get state() { return state; },
    get now() { return now; },
    room: (name = 'r') => state.rooms.get(name),
    texts: (name = 'r') => state.rooms.get(name).messages.map(({ text }) => text),
    input(type, more = {}) {
      const before = state;
      const frozen = JSON.stringify(flat(before));
      const turn = protocol.step(before, { now, random: 0.5, type, ...more });
      equal(JSON.stringify(flat(before)), frozen, `${type} must leave the state it was given as it was; state`);
      state = turn.state;
      for (const effect of turn.effects) (effect.type === 'send' ? sent : others).push(effect);
      return client;
    },
    hear: (frame) => client.input('received', { data: JSON.stringify(frame) }),
    /** What was sent since the last time of asking. */
    sent: () => sent.splice(0).map(({ data }) => JSON.parse(data)),
    effects: () => others.splice(0).map(({ type }) => type),
    /** Lets time pass, waking the client exactly when it asked to be woken. */
    pass(ms) {
      const until = now + ms;
      for (let rounds = 0; ; rounds++) {
        check(rounds < 10_000, 'the client never comes to rest');
        const due = protocol.deadline(state);
        if (due === null || due > until) break;
        now = Math.max(now, due);
        client.input('tick');
      }
      now = until;
      return client;
    },
    online(rooms = [], user = 'ada', key = 'k-ada') {
      client.input('opened');
      if (state.session.phase === 'none') client.input('register', { name: user });
      client.hear({ type: 'signup', user, rooms, key });
      return client;
    },
    /** Registered and in room `r`, which stands at `seq`. */
    inRoom({ seq = 1, messages = [], members = ['ada', 'bob'], more = false } = {}) {
      client.online(['r']).input('join', { room: 'r' });
      client.hear(answer({ seq, messages, members, more }));
      sent.length = 0;
      return client;
    },
    drop() {
      client.input('closed', { retryAt: now + 100 });
      client.pass(100);
      return client.input('connecting').input('opened');
    },
  };
  return client;
}

const flat = (value) => {
  if (value instanceof Map) return [...value].map(([k, v]) => [k, flat(v)]);
  if (value instanceof Set) return [...value];
  if (Array.isArray(value)) return value.map(flat);
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, flat(v)]));
  return value;
};

const at = (seq) => new Date(seq * 1000).toISOString();
const entry = (seq, content = `m${seq}`, user = 'bob', id = `id-${seq}`) => ({ user, content, time: at(seq), seq, id });
const answer = ({ room = 'r', messages = [], members = ['ada', 'bob'], seq, more = false }) =>
  ({ type: 'multi-message', room, messages, members, seq, more });
const said = (seq, message = `m${seq}`, user = 'bob', id = `id-${seq}`) =>
  ({ type: 'client-message', room: 'r', user, message, seq, time: at(seq), id });
const joined = (seq, user) => ({ type: 'member-joined', room: 'r', user, seq, time: at(seq) });
const left = (seq, user) => ({ type: 'member-left', room: 'r', user, seq, time: at(seq) });
const ack = (id, seq) => ({ type: 'ack', action: 'dispatch', room: 'r', seq, id });
const refusal = (code, action, more = {}) => ({ type: 'error', code, message: code, action, ...more });
const dispatches = (frames) => frames.filter(({ action }) => action === 'dispatch').map(({ id }) => id);
const joins = (frames) => frames.filter(({ action }) => action === 'join-room').map(({ value, since }) => [value, since ?? null]);
const statuses = (client) => client.room().outbox.map(({ id, status }) => [id, status]);

// -------------------------------------------------------------------------------------------------- the tests

export function tests(protocol) {
  const { TIMING, LIMITS } = protocol;
  const start = (saved) => lab(protocol, saved);
  /** What a new page of the same tab would find. */
  const reload = (client) => start(JSON.parse(JSON.stringify(protocol.snapshot(client.state))));

  return [
    // --- names and texts
    ['length counts code points after normalisation', () => {
      equal(protocol.length('e\u0301'), 1);
      equal(protocol.length('🙋'), 1);
      equal(protocol.checkName('x'.repeat(LIMITS.name)), null);
      equal(protocol.checkName('x'.repeat(LIMITS.name + 1)), 'too-long');
      equal(protocol.checkName('e\u0301'.repeat(LIMITS.name)), null);
      equal(protocol.checkName(' \t '), 'blank');
      equal(protocol.checkText(' \n '), 'blank');
      equal(protocol.checkText('🙋'.repeat(LIMITS.text)), null);
      equal(protocol.checkText('🙋'.repeat(LIMITS.text + 1)), 'too-long');
    }],
    ['what is blank or too long is not sent', () => {
      const client = start().inRoom();
      client.input('send', { room: 'r', text: ' \n', id: 'a' });
      client.input('send', { room: 'r', text: 'x'.repeat(LIMITS.text + 1), id: 'b' });
      equal(client.sent(), []);
      equal(start().input('opened').input('register', { name: ' ' }).state.session.error.code, 'blank');
      equal(client.input('create', { room: 'x'.repeat(33) }).state.form.error.code, 'too-long');
    }],
    ['full jitter stays below its growing ceiling', () => {
      equal(protocol.backoff(0, 0.999999), 999);
      equal(protocol.backoff(3, 0.5), 4000);
      check(protocol.backoff(50, 0.999999) < TIMING.backoffCap, 'above the cap');
      equal(protocol.backoff(9, 0), 0);
    }],

    // --- registering
    ['registering waits for the connection, then sends the name', () => {
      const client = start().input('register', { name: '  Ada ' });
      equal(client.sent(), []);
      equal(client.input('opened').sent(), [{ action: 'register', value: 'Ada' }]);
    }],
    ['a taken name is told at the name, and another can be tried', () => {
      const client = start().input('opened').input('register', { name: 'ada' });
      client.hear(refusal('name-taken', 'register'));
      equal([client.state.session.phase, client.state.session.error.code], ['none', 'name-taken']);
      client.sent();
      equal(client.input('register', { name: 'eve' }).sent(), [{ action: 'register', value: 'eve' }]);
    }],
    ['a busy server is asked to register again, later', () => {
      const client = start().input('opened').input('register', { name: 'ada' });
      client.sent();
      client.hear(refusal('busy', 'register'));
      equal(client.sent(), []);
      equal(client.pass(5000).sent(), [{ action: 'register', value: 'ada' }]);
    }],
    ['a register without an answer gives the connection up', () => {
      const client = start().input('opened').input('register', { name: 'ada' });
      equal(client.pass(TIMING.answer - 1).effects(), []);
      equal(client.pass(1).effects(), ['reconnect']);
    }],
    ['a long room list comes in several signups and is one list', () => {
      const client = start().online(['b', 'a']);
      client.hear({ type: 'signup', user: 'ada', rooms: ['c', 'a'], key: 'k-ada' });
      equal(client.state.openRooms, ['a', 'b', 'c']);
    }],
    ['the room list begins anew on a new connection, and keeps what was announced before it came', () => {
      const client = start().online(['old']).drop();
      client.hear({ type: 'single-room', message: 'early' });
      client.hear({ type: 'signup', user: 'ada', rooms: ['new'], key: 'k-ada' });
      equal(client.state.openRooms, ['early', 'new']);
      client.hear({ type: 'single-room', message: 'new' }).hear({ type: 'delete-room', room: 'early' });
      equal(client.state.openRooms, ['new']);
    }],

    // --- rooms
    ['creating a room makes us its first member, whichever of ack and announcement comes first', () => {
      for (const order of [[0, 1], [1, 0]]) {
        const client = start().online();
        client.input('create', { room: 'r' });
        equal(client.sent().at(-1), { action: 'new-room', value: 'r' });
        const frames = [{ type: 'ack', action: 'new-room', room: 'r', seq: 1, members: ['ada'] }, { type: 'single-room', message: 'r' }];
        for (const i of order) client.hear(frames[i]);
        equal([client.room().phase, client.room().seq, client.room().members], ['live', 1, ['ada']]);
        equal([client.state.openRooms, client.state.selected, client.state.form.pending], [['r'], 'r', null]);
      }
    }],
    ['a room that exists is told at the form', () => {
      const client = start().online().input('create', { room: 'r' });
      client.hear(refusal('room-exists', 'new-room', { room: 'r' }));
      equal([client.state.form.error.code, client.state.rooms.size], ['room-exists', 0]);
    }],
    ['a room created unheard is entered, not refused', () => {
      const client = start().online().input('create', { room: 'r' });
      client.sent();
      client.drop().hear({ type: 'signup', user: 'ada', rooms: ['r'], key: 'k-ada' });
      equal(client.sent().at(-1), { action: 'new-room', value: 'r' });
      client.hear(refusal('room-exists', 'new-room', { room: 'r' }));
      equal(joins(client.sent()), [['r', null]]);
    }],
    ['joining a room that has closed takes it off the list', () => {
      const client = start().online(['r']).input('join', { room: 'r' });
      client.hear(refusal('no-such-room', 'join-room', { room: 'r' }));
      equal([client.state.rooms.size, client.state.openRooms, client.state.selected, client.state.form.error.code], [0, [], null, 'no-such-room']);
    }],
    ['too many rooms is told at the form, also when the answer does not name the room', () => {
      const client = start().online(['r']).input('join', { room: 'r' });
      client.hear(refusal('too-many-rooms', 'join-room'));
      equal([client.state.rooms.size, client.state.form.error.code], [0, 'too-many-rooms']);
    }],
    ['what is typed next is not what was refused', () => {
      const client = start().input('opened').input('register', { name: ' ' }).input('forget-error');
      equal(client.state.session.error, null);
      client.online().input('create', { room: ' ' }).input('forget-error');
      equal(client.state.form.error, null);
    }],
    ['a room closes when its last member leaves: that is known before', () => {
      const client = start().inRoom({ seq: 3, messages: [entry(3)], members: ['ada', 'bob'] });
      equal(protocol.closesWhenLeft(client.room(), 'ada'), false);
      client.hear(left(4, 'bob'));
      equal(protocol.closesWhenLeft(client.room(), 'ada'), true);
      equal(protocol.closesWhenLeft(start().inRoom({ members: ['ada'] }).room(), 'ada'), false, 'nothing was said in it');
    }],
    ['leaving ends with the ack, and what comes late is not heard', () => {
      const client = start().inRoom().input('leave', { room: 'r' });
      equal(client.sent(), [{ action: 'leave-room', room: 'r' }]);
      client.hear(said(2));
      equal(client.room().messages.length, 0);
      client.hear({ type: 'ack', action: 'leave-room', room: 'r' });
      equal(client.state.rooms.size, 0);
      client.hear(said(3)).hear(answer({ seq: 3 }));
      equal(client.state.rooms.size, 0);
    }],
    ['word that a room has closed is not believed while we are in it', () => {
      const client = start().inRoom().hear({ type: 'delete-room', room: 'r' });
      equal([client.room().phase, client.state.openRooms], ['live', ['r']]);
    }],
    ['a room left while away is not entered again', () => {
      const client = start().inRoom().input('closed', { retryAt: 0 }).input('leave', { room: 'r' });
      client.input('opened').hear({ type: 'signup', user: 'ada', rooms: ['r'], key: 'k-ada' });
      equal(joins(client.sent()), []);
    }],

    // --- order
    ['history comes with joining, in order', () => {
      const client = start().inRoom({ seq: 5, messages: [entry(4), entry(2)] });
      equal(client.texts(), ['m2', 'm4']);
      equal([client.room().seq, client.room().unread], [5, 0]);
    }],
    ['frames ahead of their turn wait for it', () => {
      const client = start().inRoom({ seq: 1 });
      client.hear(said(4)).hear(said(3));
      equal(client.texts(), []);
      client.hear(said(2));
      equal(client.texts(), ['m2', 'm3', 'm4']);
      equal([client.room().seq, client.room().ahead.size], [4, 0]);
      equal(client.pass(5000).sent(), []);
    }],
    ['duplicates are one', () => {
      const client = start().inRoom({ seq: 1 });
      client.hear(said(2)).hear(said(2)).hear(said(4)).hear(said(4)).hear(said(3)).hear(said(3)).hear(said(2));
      equal(client.texts(), ['m2', 'm3', 'm4']);
    }],
    ['joins and leaves count, and change the roster only in their turn', () => {
      const client = start().inRoom({ seq: 1 });
      client.hear(left(3, 'bob'));
      equal(client.room().members, ['ada', 'bob']);
      client.hear(joined(2, 'cy'));
      equal(client.room().members, ['ada', 'cy']);
    }],
    ['pushes may overtake the answer to a join', () => {
      const client = start().online(['r']).input('join', { room: 'r' });
      client.hear(said(3)).hear(joined(4, 'cy'));
      equal(client.texts(), []);
      client.hear(answer({ seq: 2, messages: [entry(1)] }));
      equal([client.texts(), client.room().members, client.room().seq], [['m1', 'm3'], ['ada', 'bob', 'cy'], 4]);
    }],
    ['a push that the answer already tells of is not told twice', () => {
      const client = start().online(['r']).input('join', { room: 'r' });
      client.hear(said(2)).hear(left(3, 'cy')).hear(answer({ seq: 3, messages: [entry(2)] }));
      equal([client.texts(), client.room().members, client.room().seq], [['m2'], ['ada', 'bob'], 3]);
    }],

    // --- gaps
    ['a gap is asked for after a second, and not before', () => {
      const client = start().inRoom({ seq: 1, messages: [entry(1)] });
      client.hear(said(4));
      equal(client.pass(TIMING.gap - 1).sent(), []);
      equal(joins(client.pass(1).sent()), [['r', 0]]);
      client.hear(answer({ seq: 5, messages: [entry(1), entry(2), entry(4)] }));
      equal([client.texts(), client.room().seq, client.room().gapAt], [['m1', 'm2', 'm4'], 5, null]);
      equal(client.pass(20_000).sent(), []);
    }],
    ['a gap that the answer does not fill is asked for again, less and less often', () => {
      const client = start().inRoom({ seq: 1 });
      client.hear(said(9));
      let asked = 0;
      for (let i = 0; i < 60; i++) {
        const frames = joins(client.pass(1000).sent());
        asked += frames.length;
        if (frames.length > 0) client.hear(answer({ seq: 1 }));
      }
      check(asked >= 3 && asked <= 8, `asked ${asked} times in a minute`);
    }],
    ['an ack tells of a gap too', () => {
      const client = start().inRoom({ seq: 1 }).input('send', { room: 'r', text: 'hi', id: 'x' });
      client.sent();
      client.hear(ack('x', 3));
      equal(joins(client.pass(TIMING.gap).sent()), [['r', 0]]);
    }],
    ['a stale answer moves nothing back', () => {
      const client = start().inRoom({ seq: 5, messages: [entry(5)] });
      client.hear(said(6)).hear(answer({ seq: 3, messages: [entry(3)], members: ['ada'] }));
      equal([client.room().seq, client.room().members], [6, ['ada', 'bob']]);
      client.hear(said(7));
      equal(client.texts(), ['m3', 'm5', 'm6', 'm7']);
    }],

    ['an answer older than what was heard meanwhile is asked for again, soon', () => {
      const client = start().inRoom({ seq: 5, messages: [entry(5)] }).hear(said(9));
      client.pass(TIMING.gap).sent();
      client.hear(said(6)).hear(answer({ seq: 5, messages: [entry(5)] }));
      equal(joins(client.pass(3000).sent()), [['r', 5]]);
    }],

    // --- long answers
    ['more history is asked for page by page', () => {
      const client = start().online(['r']).input('join', { room: 'r' });
      client.sent();
      client.hear(answer({ seq: 9, messages: [entry(1), entry(2)], more: true }));
      equal(joins(client.sent()), [['r', 2]]);
      client.hear(said(10));
      client.hear(answer({ seq: 9, messages: [entry(4), entry(6)], more: true }));
      equal(joins(client.sent()), [['r', 6]]);
      equal(client.texts(), ['m1', 'm2', 'm4', 'm6']);
      client.hear(answer({ seq: 9, messages: [entry(7)] }));
      equal([client.texts(), client.room().seq, client.room().request], [['m1', 'm2', 'm4', 'm6', 'm7', 'm10'], 10, null]);
    }],
    ['a page that comes twice does not end the paging', () => {
      const client = start().online(['r']).input('join', { room: 'r' });
      client.hear(answer({ seq: 9, messages: [entry(1), entry(2)], more: true }));
      client.sent();
      client.hear(answer({ seq: 9, messages: [entry(1), entry(2)], more: true }));
      equal(client.sent(), []);
      client.hear(answer({ seq: 9, messages: [entry(5)] }));
      equal([client.texts(), client.room().seq], [['m1', 'm2', 'm5'], 9]);
    }],
    ['what was said before the first message is asked for, page by page, and shown when it is whole', () => {
      const client = start().inRoom({ seq: 130, messages: [entry(129), entry(130)] });
      client.input('earlier', { room: 'r' });
      equal(joins(client.sent()), [['r', 78]]);
      client.hear(answer({ seq: 130, messages: [entry(80), entry(90)], more: true }));
      equal([client.texts(), joins(client.sent())], [['m129', 'm130'], [['r', 90]]]);
      client.hear(said(131));
      client.hear(answer({ seq: 131, messages: [entry(128), entry(129), entry(130), entry(131)] }));
      equal(client.texts(), ['m80', 'm90', 'm128', 'm129', 'm130', 'm131']);
      equal([client.room().unread, client.room().begun, client.room().request], [0, false, null]);
    }],
    ['where nobody said anything it goes back further, until the room begins', () => {
      const client = start().inRoom({ seq: 1001, messages: [entry(1001)] });
      client.input('earlier', { room: 'r' }).input('earlier', { room: 'r' });
      for (const since of [950, 800, 200, 0]) {
        equal(joins(client.sent()), [['r', since]]);
        client.hear(answer({ seq: 1001, messages: [entry(1001)] }));
      }
      equal([client.texts(), client.room().begun], [['m1001'], true]);
      client.input('earlier', { room: 'r' });
      equal(client.sent(), []);
    }],
    ['a room that we opened has nothing earlier', () => {
      const client = start().online().input('create', { room: 'r' });
      client.hear({ type: 'ack', action: 'new-room', room: 'r', seq: 7, members: ['ada'] }).hear(said(8));
      client.sent();
      equal(client.input('earlier', { room: 'r' }).sent(), []);
    }],
    ['what was said earlier is asked for again when no answer comes, and not after the connection is lost', () => {
      const client = start().inRoom({ seq: 60, messages: [entry(60)] });
      client.input('earlier', { room: 'r' });
      client.pass(TIMING.answer + 2_000);
      equal(joins(client.sent()), [['r', 9], ['r', 9]]);
      client.drop().online().sent();
      client.hear(answer({ seq: 60, messages: [entry(60)] }));
      equal([client.texts(), client.room().request], [['m60'], null]);
    }],
    ['an answer to something else is not taken for what was said earlier', () => {
      const client = start().inRoom({ seq: 60, messages: [entry(58), entry(60)] });
      client.input('earlier', { room: 'r' }).sent();
      client.hear(answer({ seq: 61, messages: [entry(60), entry(61)] }));
      equal([client.texts(), client.room().begun], [['m58', 'm60', 'm61'], false]);
    }],
    ['a long roster continues, and its continuation is not the end of the history', () => {
      const client = start().online(['r']).input('join', { room: 'r' });
      client.hear(answer({ seq: 9, messages: [entry(1)], members: ['ada', 'bob'], more: true }));
      client.hear(answer({ seq: 9, members: ['cy', 'di'] }));
      equal([client.room().members, client.room().seq], [['ada', 'bob', 'cy', 'di'], 1]);
      client.hear(answer({ seq: 9, messages: [entry(8)], members: ['ada', 'bob'] }));
      equal([client.texts(), client.room().seq, client.room().members.length], [['m1', 'm8'], 9, 4]);
    }],
    ['who left while a long roster was coming is not brought back by it', () => {
      const client = start().inRoom({ seq: 5, members: ['ada', 'bob'] });
      client.hear(left(6, 'di')).hear(joined(7, 'ed'));
      client.hear(answer({ seq: 5, members: ['cy', 'di'] }));
      equal(client.room().members, ['ada', 'bob', 'cy', 'ed']);
    }],
    ['a newer roster replaces, an older one does not', () => {
      const client = start().inRoom({ seq: 5, members: ['ada', 'bob'] });
      client.hear(answer({ seq: 8, members: ['ada', 'cy'] }));
      equal(client.room().members, ['ada', 'cy']);
      client.hear(answer({ seq: 6, members: ['ada', 'bob', 'zoe'] }));
      equal(client.room().members, ['ada', 'cy']);
    }],

    ['joins and leaves that the roster already knows do not change it while the history is still coming', () => {
      const client = start().online(['r']).input('join', { room: 'r' });
      client.hear(joined(3, 'cy'));
      client.hear(answer({ seq: 9, messages: [entry(1), entry(2)], members: ['ada', 'bob'], more: true }));
      equal([client.room().seq, client.room().members], [3, ['ada', 'bob']]);
    }],

    // --- sending
    ['a message is pending until its own event comes, ack before or after', () => {
      for (const order of [[0, 1], [1, 0]]) {
        const client = start().inRoom({ seq: 1 }).input('send', { room: 'r', text: 'hi', id: 'x' });
        equal(client.sent(), [{ action: 'dispatch', value: 'hi', room: 'r', id: 'x' }]);
        const frames = [ack('x', 2), said(2, 'hi', 'ada', 'x')];
        for (const i of order) client.hear(frames[i]);
        equal([client.texts(), statuses(client)], [['hi'], []]);
        equal(client.pass(60_000).sent(), []);
      }
    }],
    ['an own event that comes early says that the message is stored', () => {
      const client = start().inRoom({ seq: 1 }).input('send', { room: 'r', text: 'hi', id: 'x' });
      client.hear(said(3, 'hi', 'ada', 'x'));
      equal([client.texts(), statuses(client)], [[], [['x', 'sent']]]);
    }],
    ['messages go one after the other, in the order they were written', () => {
      const client = start().inRoom({ seq: 1 });
      for (const id of ['x', 'y']) client.input('send', { room: 'r', text: id, id });
      equal(dispatches(client.sent()), ['x']);
      equal(dispatches(client.hear(ack('x', 2)).sent()), ['y']);
    }],
    ['written without a connection, sent when there is one', () => {
      const client = start().inRoom({ seq: 1, messages: [entry(1)] }).input('closed', { retryAt: 0 });
      client.input('send', { room: 'r', text: 'hi', id: 'x' });
      equal(client.sent(), []);
      client.input('opened').hear({ type: 'signup', user: 'ada', rooms: ['r'], key: 'k-ada' });
      equal(dispatches(client.sent()), []);
      client.hear(answer({ seq: 3, messages: [entry(1)] }));
      equal(dispatches(client.sent()), ['x']);
    }],
    ['busy is tried again under the same id, with backoff', () => {
      const client = start().inRoom({ seq: 1 }).input('send', { room: 'r', text: 'hi', id: 'x' });
      const waits = [];
      client.sent();
      for (let i = 0; i < 4; i++) {
        client.hear(refusal('busy', 'dispatch', { id: 'x', room: 'r' }));
        const before = client.now;
        let again = [];
        while (again.length === 0) again = dispatches(client.pass(50).sent());
        equal(again, ['x']);
        waits.push(client.now - before);
      }
      check(waits.at(-1) > waits[0] * 2, `no backoff: ${waits}`);
      client.hear(ack('x', 2)).hear(said(2, 'hi', 'ada', 'x'));
      equal([client.texts(), statuses(client)], [['hi'], []]);
    }],
    ['no answer: first the history is read, and a message found there is not sent again', () => {
      const client = start().inRoom({ seq: 1, messages: [entry(1)] }).input('send', { room: 'r', text: 'hi', id: 'x' });
      client.sent();
      equal(client.pass(TIMING.answer - 1).sent(), []);
      equal(client.pass(1).sent(), [{ action: 'join-room', value: 'r', since: 0 }]);
      client.hear(answer({ seq: 2, messages: [entry(1), entry(2, 'hi', 'ada', 'x')] }));
      equal([client.texts(), statuses(client)], [['m1', 'hi'], []]);
      equal(client.pass(60_000).sent(), []);
    }],
    ['the rest of a roster does not stand for a history that would have our message', () => {
      const client = start().inRoom({ seq: 3, messages: [entry(3)] }).input('send', { room: 'r', text: 'hi', id: 'x' });
      client.pass(TIMING.answer).sent();
      client.hear(answer({ seq: 40, members: ['cy'] }));
      equal(dispatches(client.pass(5000).sent()), []);
      client.hear(answer({ seq: 40, messages: [entry(3), entry(4, 'hi', 'ada', 'x')], members: ['ada'] }));
      equal([client.texts(), client.room().seq, client.room().members], [['m3', 'hi'], 40, ['ada', 'cy']]);
      equal(dispatches(client.pass(60_000).sent()), []);
    }],
    ['no answer, and not in the history: sent again under the same id', () => {
      const client = start().inRoom({ seq: 1 }).input('send', { room: 'r', text: 'hi', id: 'x' });
      client.pass(TIMING.answer).sent();
      client.hear(answer({ seq: 1 }));
      equal(client.pass(5000).sent(), [{ action: 'dispatch', value: 'hi', room: 'r', id: 'x' }]);
    }],
    ['after a reconnect the history is caught up first, and only what is not there is sent again', () => {
      const client = start().inRoom({ seq: 3, messages: [entry(3)] });
      client.input('send', { room: 'r', text: 'one', id: 'x' });
      client.drop();
      client.input('send', { room: 'r', text: 'two', id: 'y' });
      client.sent();
      client.hear({ type: 'signup', user: 'ada', rooms: ['r'], key: 'k-ada' });
      const frames = client.sent();
      equal([dispatches(frames), joins(frames)], [[], [['r', 2]]]);
      client.hear(answer({ seq: 9, messages: [entry(3), entry(5)], more: true }));
      equal([dispatches(client.sent()), statuses(client)], [['y'].slice(1), [['x', 'queued'], ['y', 'queued']]]);
      client.hear(answer({ seq: 9, messages: [entry(6, 'one', 'ada', 'x')] }));
      equal([dispatches(client.sent()), client.texts()], [['y'], ['m3', 'm5', 'one']]);
    }],
    ['a refused message stays with its error, and can be edited, sent again or discarded', () => {
      const client = start().inRoom({ seq: 1 });
      const refuse = (id) => {
        client.input('send', { room: 'r', text: `text ${id}`, id });
        client.hear(refusal('too-long', 'dispatch', { id, room: 'r' }));
        equal(statuses(client), [[id, 'failed']]);
        equal(client.room().outbox[0].error.code, 'too-long');
      };
      refuse('x');
      equal(client.pass(60_000).sent().filter(({ action }) => action === 'dispatch').length, 1);
      client.input('edit', { id: 'x' });
      equal([client.room().draft, statuses(client)], ['text x', []]);
      refuse('y');
      client.input('discard', { id: 'y' });
      equal(statuses(client), []);
      refuse('z');
      client.sent();
      equal(dispatches(client.input('retry', { id: 'z' }).sent()), ['z']);
    }],
    ['a refused message holds up none behind it', () => {
      const client = start().inRoom({ seq: 1 });
      client.input('send', { room: 'r', text: 'bad', id: 'x' }).input('send', { room: 'r', text: 'good', id: 'y' });
      client.hear(refusal('control-character', 'dispatch', { id: 'x', room: 'r' }));
      equal(dispatches(client.sent()), ['x', 'y']);
    }],
    ['not a member after all: comes back first, then sends again', () => {
      const client = start().inRoom({ seq: 4, messages: [entry(4)] }).input('send', { room: 'r', text: 'hi', id: 'x' });
      client.sent();
      client.hear(refusal('not-a-member', 'dispatch', { id: 'x', room: 'r' }));
      equal(joins(client.sent()), [['r', 3]]);
      client.hear(answer({ seq: 8, messages: [entry(4)] }));
      equal(dispatches(client.pass(10_000).sent()), ['x']);
    }],
    ['an acknowledged message older than the history we were given is shown all the same', () => {
      const client = start().inRoom({ seq: 90, messages: [entry(80)] }).input('send', { room: 'r', text: 'hi', id: 'x' });
      client.hear(ack('x', 20));
      equal([client.texts(), statuses(client)], [['hi', 'm80'], []]);
    }],
    ['API Gateway\'s own failures are failures, and blamed only where there is no doubt', () => {
      const failure = { message: 'Internal server error', connectionId: 'c=', requestId: 'q' };
      const client = start().inRoom({ seq: 1 }).input('send', { room: 'r', text: 'hi', id: 'x' });
      client.sent();
      client.hear(failure);
      equal(dispatches(client.pass(TIMING.answer - 1).sent()), ['x']);
      const two = start().inRoom({ seq: 1 }).input('send', { room: 'r', text: 'hi', id: 'x' }).input('join', { room: 's' });
      two.sent();
      two.hear(failure);
      equal(two.pass(TIMING.answer - 1).sent(), []);
    }],
    ['nothing that is received can break the client', () => {
      const client = start().inRoom({ seq: 1 });
      const junk = ['', 'null', '[]', '7', '{', '"x"', '{}', '{"type":7}', '{"type":"constructor"}', '{"type":"__proto__"}', '{"type":"nonsense"}',
        '{"type":"multi-message"}', '{"type":"multi-message","room":"r","seq":"x"}', '{"type":"multi-message","room":"r","seq":2,"messages":[null,7,{}],"members":{}}',
        '{"type":"client-message","room":"r","seq":3}', '{"type":"client-message","room":"r","seq":-1,"user":"a","message":"b"}', '{"type":"member-joined"}',
        '{"type":"signup"}', '{"type":"single-room"}', '{"type":"delete-room"}', '{"type":"ack"}', '{"type":"ack","action":"dispatch","id":"no"}', '{"type":"error"}',
        '{"type":"error","code":null,"action":"dispatch"}', '{"type":"error","code":"blank","action":"join-room","room":{}}'];
      for (const data of junk) client.input('received', { data });
      equal(client.texts(), []);
      client.hear(said(2));
      equal(client.texts(), ['m2']);
    }],

    // --- coming back
    ['coming back: the resume key, the rooms, and one known message as an anchor', () => {
      const client = start().inRoom({ seq: 7, messages: [entry(5)] }).drop();
      equal(client.sent(), [{ action: 'register', value: 'ada', key: 'k-ada' }]);
      client.hear({ type: 'signup', user: 'ada', rooms: ['r'], key: 'k-ada' });
      equal(joins(client.sent()), [['r', 4]]);
      equal(protocol.status(client.state), 'rejoining');
      client.hear(answer({ seq: 9, messages: [entry(5), entry(8)] }));
      equal([client.texts(), client.room().life, protocol.status(client.state)], [['m5', 'm8'], 0, 'online']);
    }],
    ['a name taken meanwhile: the form again, and every draft and unsent message kept', () => {
      const client = start().inRoom({ seq: 1, messages: [entry(1)] }).input('draft', { room: 'r', text: 'half a th' });
      client.input('closed', { retryAt: 0 }).input('send', { room: 'r', text: 'unsent', id: 'x' }).input('draft', { room: 'r', text: 'half' });
      client.input('opened').hear(refusal('name-taken', 'register'));
      equal([client.state.session.phase, client.state.session.error.code, protocol.status(client.state)], ['none', 'name-taken', 'open']);
      equal([client.room().draft, statuses(client)], ['half', [['x', 'queued']]]);
      client.sent();
      client.input('register', { name: 'ada2' });
      equal(client.sent(), [{ action: 'register', value: 'ada2' }]);
      client.hear({ type: 'signup', user: 'ada2', rooms: ['r'], key: 'k2' }).hear(answer({ seq: 2, messages: [entry(1)] }));
      equal(dispatches(client.sent()), ['x']);
    }],
    ['taken over: stops, says so, and returns on request', () => {
      const client = start().inRoom({ seq: 1 }).input('send', { room: 'r', text: 'hi', id: 'x' });
      client.hear({ type: 'error', code: 'signed-in-elsewhere', message: 'moved' });
      equal([client.effects().includes('stop'), protocol.status(client.state), protocol.deadline(client.state)], [true, 'elsewhere', null]);
      client.input('closed', { retryAt: 0 }).input('opened').pass(100_000);
      client.sent();
      equal([client.sent(), protocol.status(client.state)], [[], 'elsewhere']);
      client.input('use-here');
      equal(client.effects(), ['connect']);
      client.input('opened');
      equal(client.sent(), [{ action: 'register', value: 'ada', key: 'k-ada' }]);
      client.hear({ type: 'signup', user: 'ada', rooms: ['r'], key: 'k-ada' }).hear(answer({ seq: 4, messages: [entry(2, 'hi', 'ada', 'x')] }));
      equal([client.texts(), statuses(client), protocol.status(client.state)], [['hi'], [], 'online']);
    }],
    ['the room is gone after a restart: it is opened again, and goes on under what was said', () => {
      const client = start().inRoom({ seq: 7, messages: [entry(6)] }).input('send', { room: 'r', text: 'hi', id: 'x' }).drop();
      client.hear({ type: 'signup', user: 'ada', rooms: [], key: 'new' });
      client.sent();
      client.hear(refusal('no-such-room', 'join-room', { room: 'r' }));
      equal(client.sent(), [{ action: 'new-room', value: 'r' }]);
      client.hear({ type: 'ack', action: 'new-room', room: 'r', seq: 1, members: ['ada'] });
      equal([dispatches(client.sent()), client.texts(), client.room().members], [['x'], ['m6'], ['ada']]);
      client.hear(said(2, 'hi', 'ada', 'x')).hear(joined(3, 'bob')).hear(said(4, 'welcome', 'bob', 'w'));
      equal([client.texts(), client.room().seq, protocol.status(client.state)], [['m6', 'hi', 'welcome'], 4, 'online']);
    }],
    ['somebody else was faster to open it again: joined without a past', () => {
      const client = start().inRoom({ seq: 7, messages: [entry(6)] }).drop();
      client.hear({ type: 'signup', user: 'ada', rooms: [], key: 'new' }).hear(refusal('no-such-room', 'join-room', { room: 'r' }));
      client.sent();
      client.hear(refusal('room-exists', 'new-room', { room: 'r' }));
      equal(joins(client.sent()), [['r', null]]);
      client.hear(answer({ seq: 3, messages: [entry(2, 'new life', 'bob', 'n')] }));
      equal([client.texts(), client.room().seq], [['m6', 'new life'], 3]);
    }],
    ['a lower seq is a new life of the room: its beginning is asked for, nothing is shown twice', () => {
      const client = start().inRoom({ seq: 7, messages: [entry(5), entry(6)] }).drop();
      client.hear({ type: 'signup', user: 'ada', rooms: ['r'], key: 'new' });
      client.sent();
      client.hear(answer({ seq: 3, messages: [] }));
      equal(joins(client.sent()), [['r', null]]);
      client.hear(answer({ seq: 3, messages: [entry(2, 'again', 'bob', 'n'), { ...entry(3), ...entry(6), seq: 3 }] }));
      equal([client.texts(), client.room().seq], [['m5', 'm6', 'again'], 3]);
      client.hear(said(4));
      equal(client.texts(), ['m5', 'm6', 'again', 'm4']);
      client.hear(answer({ seq: 4, messages: [entry(1, 'first', 'bob', 'f'), entry(2, 'again', 'bob', 'n'), entry(4)] }));
      equal(client.texts(), ['m5', 'm6', 'first', 'again', 'm4']);
    }],
    ['an acknowledged message that the history does not have tells of a new life too', () => {
      const client = start().inRoom({ seq: 2 }).input('send', { room: 'r', text: 'hi', id: 'x' }).hear(ack('x', 4)).drop();
      client.hear({ type: 'signup', user: 'ada', rooms: ['r'], key: 'new' });
      client.hear(answer({ seq: 9, messages: [entry(3, 'other', 'bob', 'o3'), entry(8, 'other 8', 'bob', 'o8')] }));
      equal(joins(client.sent()).at(-1), ['r', null]);
      client.hear(answer({ seq: 9, messages: [entry(3, 'other', 'bob', 'o3'), entry(8, 'other 8', 'bob', 'o8')] }));
      equal([client.texts(), statuses(client), client.room().phase], [['other', 'other 8', 'hi'], [], 'live']);
    }],
    ['a server that does not repeat ids is understood by the numbers', () => {
      for (const order of [[0, 1], [1, 0]]) {
        const client = start().inRoom({ seq: 1 }).input('send', { room: 'r', text: 'hi', id: 'x' });
        const frames = [ack('x', 2), { ...said(2, 'hi', 'ada'), id: undefined }];
        for (const i of order) client.hear(frames[i]);
        equal([client.texts(), statuses(client)], [['hi'], []]);
      }
    }],
    ['a new life that has outgrown the old one is recognised by the message that is not there', () => {
      const client = start().inRoom({ seq: 4, messages: [entry(3), entry(4)] }).drop();
      client.hear({ type: 'signup', user: 'ada', rooms: ['r'], key: 'new' });
      equal(joins(client.sent()), [['r', 3]]);
      client.hear(answer({ seq: 9, messages: [entry(4, 'other', 'bob', 'o4'), entry(5, 'other 5', 'bob', 'o5')] }));
      equal(joins(client.sent()), [['r', null]]);
      client.hear(answer({ seq: 9, messages: [entry(2, 'other 2', 'bob', 'o2'), entry(4, 'other', 'bob', 'o4'), entry(5, 'other 5', 'bob', 'o5')] }));
      equal(client.texts(), ['m3', 'm4', 'other 2', 'other', 'other 5']);
    }],
    ['the rest of a roster that overtakes its answer does not make a new life', () => {
      const client = start().inRoom({ seq: 4, messages: [entry(4)] }).drop();
      client.hear({ type: 'signup', user: 'ada', rooms: ['r'], key: 'k-ada' });
      client.sent();
      client.hear(answer({ seq: 9, members: ['cy'] }));
      equal(joins(client.pass(TIMING.doubt).sent()), [['r', 3]]);
      client.hear(answer({ seq: 9, messages: [entry(4), entry(7)] }));
      equal([client.texts(), client.room().life, client.room().members], [['m4', 'm7'], 0, ['ada', 'bob', 'cy']]);
    }],

    ['the rest of the roster of an answer that was not believed does not stand for the next', () => {
      const client = start().inRoom({ seq: 60, messages: [entry(60)] }).drop();
      client.hear({ type: 'signup', user: 'ada', rooms: ['r'], key: 'new' });
      client.hear(answer({ seq: 31, members: ['ada', 'bob'] }));
      equal(joins(client.sent()), [['r', 59], ['r', null]]);
      client.hear(answer({ seq: 31, members: ['cy'] })).hear(answer({ seq: 31, members: ['di'] }));
      client.hear(answer({ seq: 31, messages: [entry(2, 'new'), entry(30, 'newer')], members: ['ada', 'bob'] }));
      equal([client.texts(), client.room().seq, client.room().members], [['m60', 'new', 'newer'], 31, ['ada', 'bob', 'cy', 'di']]);
    }],
    ['a room that has nothing to say is believed when it says so twice', () => {
      const client = start().inRoom({ seq: 1 }).drop();
      client.hear({ type: 'signup', user: 'ada', rooms: ['r'], key: 'k-ada' }).hear(answer({ seq: 3 }));
      equal(client.room().phase, 'joining');
      client.pass(TIMING.doubt).hear(answer({ seq: 3 }));
      equal([client.room().phase, client.room().seq, client.room().request], ['live', 3, null]);
    }],

    // --- across a reload
    ['a reload keeps name, key, rooms, drafts and unsent messages, and sends them once', () => {
      const before = start().inRoom({ seq: 60, messages: [entry(60)] });
      before.input('send', { room: 'r', text: 'under way', id: 'x' }).input('send', { room: 'r', text: 'waiting', id: 'y' });
      before.input('draft', { room: 'r', text: 'half' });
      equal(protocol.snapshot(before.state).rooms[0].outbox.map(({ id, status }) => [id, status]), [['x', 'queued'], ['y', 'queued']]);
      const client = reload(before).input('opened');
      equal(client.sent(), [{ action: 'register', value: 'ada', key: 'k-ada' }]);
      client.hear({ type: 'signup', user: 'ada', rooms: ['r'], key: 'k-ada' });
      equal(joins(client.sent()), [['r', 9]]);
      equal([client.state.selected, client.room().draft, statuses(client)], ['r', 'half', [['x', 'queued'], ['y', 'queued']]]);
      client.hear(answer({ seq: 70, messages: [entry(30), entry(40)], more: true }));
      equal(client.sent(), [{ action: 'join-room', value: 'r', since: 40 }]);
      client.hear(answer({ seq: 70, messages: [entry(60), entry(61, 'under way', 'ada', 'x')] }));
      equal([dispatches(client.sent()), client.texts()], [['y'], ['m30', 'm40', 'm60', 'under way']]);
    }],
    ['a reload with nothing unsent asks for the latest history only, and knows what was unread', () => {
      const before = start().inRoom({ seq: 9, messages: [entry(9)] }).input('select', { room: null });
      before.hear(said(10));
      equal(before.room().unread, 1);
      const client = reload(before).input('opened').hear({ type: 'signup', user: 'ada', rooms: ['r'], key: 'k-ada' });
      equal(joins(client.sent()), [['r', null]]);
      client.hear(answer({ seq: 12, messages: [entry(9), entry(10), entry(11)] }));
      equal(client.room().unread, 2);
    }],
    ['a reload after a restart finds a new life, and sends what was unsent', () => {
      const before = start().inRoom({ seq: 60, messages: [entry(60)] }).input('send', { room: 'r', text: 'hi', id: 'x' });
      const client = reload(before).input('opened').hear({ type: 'signup', user: 'ada', rooms: ['r'], key: 'n' });
      client.sent();
      client.hear(answer({ seq: 2, messages: [] }));
      equal(joins(client.sent()), [['r', null]]);
      client.hear(answer({ seq: 2, messages: [entry(1)] }));
      equal([dispatches(client.sent()), client.texts()], [['x'], ['m1']]);
    }],
    ['signing out forgets everything', () => {
      const client = start().inRoom({ seq: 1 }).input('sign-out');
      equal([protocol.snapshot(client.state), client.state.rooms.size, client.effects().includes('reconnect')], [null, 0, true]);
    }],

    // --- unread
    ['unread is what others say in a room that nobody looks at', () => {
      const client = start().inRoom({ seq: 1 });
      client.hear(said(2));
      equal(client.room().unread, 0);
      client.input('attentive', { value: false }).hear(said(3)).hear(said(4, 'mine', 'ada', 'me'));
      equal([client.room().unread, client.room().newFrom], [1, '0/3']);
      client.input('attentive', { value: true });
      equal(client.room().unread, 0);
    }],

    // --- the line
    ['an idle line is kept alive after eight minutes, and the answer is no error', () => {
      const client = start().inRoom({ seq: 1 });
      equal(client.pass(TIMING.idle - 1).sent(), []);
      equal(client.pass(1).sent(), [{ action: 'keep-alive' }]);
      const before = client.state;
      client.hear({ type: 'error', code: 'unknown-action', message: 'unknown action' });
      equal([client.state.session, client.state.form], [before.session, before.form]);
      check(TIMING.idle < 10 * 60_000, 'API Gateway closes after ten minutes');
    }],
    ['nobody is kept alive who has not registered', () => {
      equal(protocol.deadline(start().input('opened').state), null);
    }],
    ['a line under suspicion must answer', () => {
      const alive = start().inRoom({ seq: 1 }).input('suspect');
      equal(alive.sent(), [{ action: 'keep-alive' }]);
      alive.pass(100).hear({ type: 'error', code: 'unknown-action', message: '' });
      alive.pass(TIMING.probe * 2);
      equal(alive.effects().includes('reconnect'), false);
      const dead = start().inRoom({ seq: 1 }).input('suspect').pass(TIMING.probe);
      equal(dead.effects().includes('reconnect'), true);
    }],
    ['a line that swallows a message twice is given up', () => {
      const client = start().inRoom({ seq: 1 }).input('send', { room: 'r', text: 'hi', id: 'x' });
      client.effects();
      client.pass(120_000);
      equal(client.effects(), ['reconnect']);
      equal(statuses(client), [['x', 'queued']]);
    }],
    ['not registered after all: the connection is given up and made again', () => {
      const client = start().inRoom({ seq: 1 }).input('send', { room: 'r', text: 'hi', id: 'x' });
      client.hear(refusal('not-registered', 'dispatch', { id: 'x' }));
      equal([client.effects().at(-1), statuses(client)], ['reconnect', [['x', 'queued']]]);
    }],

    // --- all of it at once
    ...[1, 2, 3, 4].map((seed) => [`every client sees every message once, in one order, whatever the network does (seed ${seed})`,
      () => storm(protocol, seed, { restarts: false })]),
    ...[11, 12, 13].map((seed) => [`and across restarts that forget everything, everyone goes on in one order (seed ${seed})`,
      () => storm(protocol, seed, { restarts: true })]),
  ];
}

// -------------------------------------------------------------------------- a model of the world around clients

/** The server by its rules: one log a room, ids recognised among the latest events only, small pages, long rosters in parts. */
function modelServer() {
  const WINDOW = 16;
  const PAGE = 7;
  const ROSTER = 3;
  const users = new Map();
  const rooms = new Map();
  let time = 0;
  let keys = 0;

  const push = (room, event) => {
    room.log.push(event);
    return event;
  };
  const audience = (room) => [...room.members.values()];

  function part(connection, tell) {
    for (const [name, room] of rooms) if (room.members.get(connection.user) === connection) leave(connection, name, room, tell);
    if (users.get(connection.user)?.connection === connection) users.delete(connection.user);
    connection.user = null;
  }

  function leave(connection, name, room, tell) {
    const { user } = connection;
    room.members.delete(user);
    const { seq } = push(room, { seq: room.log.length + 1, user, kind: 'left' });
    for (const member of audience(room)) tell(member, { type: 'member-left', room: name, user, seq, time: String(++time) });
  }

  const refuse = (code, frame) => [{ type: 'error', code, message: code, action: frame.action, id: frame.id, room: frame.room ?? frame.value }];

  function history(name, room, since) {
    const all = room.log.filter(({ kind, seq }) => kind === 'said' && seq > (since ?? 0));
    const asked = since === undefined ? all.slice(-50) : all;
    const messages = asked.slice(0, PAGE).map(({ user, text, seq, id, at }) => ({ user, content: text, time: at, seq, id }));
    const members = [...room.members.keys()];
    const head = { type: 'multi-message', room: name, seq: room.log.length };
    const frames = [{ ...head, messages, members: members.slice(0, ROSTER), more: asked.length > PAGE }];
    for (let i = ROSTER; i < members.length; i += ROSTER) frames.push({ ...head, messages: [], members: members.slice(i, i + ROSTER), more: false });
    return frames;
  }

  const actions = {
    register(connection, frame, tell) {
      if (connection.user) return refuse('already-registered', frame);
      const claim = users.get(frame.value);
      if (claim && claim.key !== frame.key) return refuse('name-taken', frame);
      if (claim) {
        part(claim.connection, tell);
        tell(claim.connection, { type: 'error', code: 'signed-in-elsewhere', message: '' });
      }
      const key = claim?.key ?? frame.key ?? `key-${++keys}`;
      connection.user = frame.value;
      users.set(frame.value, { connection, key });
      const names = [...rooms.keys()];
      return [{ type: 'signup', user: frame.value, rooms: names.slice(0, 1), key }, { type: 'signup', user: frame.value, rooms: names.slice(1), key }];
    },
    'new-room'(connection, frame, tell) {
      if (rooms.has(frame.value)) return refuse('room-exists', frame);
      rooms.set(frame.value, { log: [{ seq: 1, kind: 'created' }], members: new Map([[connection.user, connection]]) });
      for (const { connection: each } of users.values()) tell(each, { type: 'single-room', message: frame.value });
      return [{ type: 'ack', action: 'new-room', room: frame.value, seq: 1, members: [connection.user] }];
    },
    'join-room'(connection, frame, tell) {
      const room = rooms.get(frame.value);
      if (!room) return refuse('no-such-room', frame);
      if (room.members.get(connection.user) !== connection) {
        const { seq } = push(room, { seq: room.log.length + 1, user: connection.user, kind: 'joined' });
        for (const member of audience(room)) tell(member, { type: 'member-joined', room: frame.value, user: connection.user, seq, time: String(++time) });
        room.members.set(connection.user, connection);
      }
      return history(frame.value, room, frame.since);
    },
    dispatch(connection, frame, tell) {
      const room = rooms.get(frame.room);
      if (!room) return refuse('no-such-room', frame);
      if (room.members.get(connection.user) !== connection) return refuse('not-a-member', frame);
      const { user } = connection;
      let event = room.log.slice(-WINDOW).find(({ id, kind, user: by }) => kind === 'said' && id === frame.id && by === user);
      if (!event) {
        event = push(room, { seq: room.log.length + 1, kind: 'said', user, text: frame.value, id: frame.id, at: String(++time) });
        const { seq, at, id, text } = event;
        for (const member of audience(room)) tell(member, { type: 'client-message', room: frame.room, user, message: text, seq, time: at, id });
      }
      return [{ type: 'ack', action: 'dispatch', room: frame.room, seq: event.seq, id: frame.id }];
    },
  };

  return {
    rooms,
    part,
    handle(connection, frame, tell, busy) {
      if (!Object.hasOwn(actions, frame.action)) return [{ type: 'error', code: 'unknown-action', message: '' }];
      if (frame.action !== 'register' && !connection.user) return refuse('not-registered', frame);
      if (busy) return refuse('busy', frame);
      return actions[frame.action](connection, frame, tell);
    },
    forget() {
      users.clear();
      rooms.clear();
    },
  };
}

/**
 * Some clients, one server, and between them a network that delays, reorders, doubles, loses and cuts. Then it heals,
 * each client says one last thing, and all must agree.
 */
function storm(protocol, seed, { restarts }) {
  const random = seeded(seed);
  const chance = (p) => random() < p;
  const pick = (items) => items[Math.floor(random() * items.length)];
  const server = modelServer();
  const queue = []; // what is under way: { at, run }
  const clients = [];
  const written = [];
  let now = 1_000_000;
  let bad = true;
  let order = 0;

  const later = (delay, run) => queue.push({ at: now + delay, order: order++, run });
  const latency = () => (bad ? 5 + random() * (chance(0.1) ? 3000 : 150) : 5 + random() * 20);

  function deliver(connection, frame) {
    if (!bad || !chance(0.12)) send(connection, frame); // or it is lost
  }

  function sendInOrder(connection, frames) {
    let delay = 0;
    for (const frame of frames) {
      delay += latency();
      send(connection, frame, delay);
    }
  }

  function send(connection, frame, delay = latency()) {
    const arrive = () => connection.client.connection === connection && input(connection.client, 'received', { data: JSON.stringify(frame) });
    later(delay, arrive);
    if (bad && chance(0.1)) later(delay + latency(), arrive); // twice
  }

  function submit(connection, data) {
    // Each frame is an invocation of its own: they may overtake each other, and a cut may swallow them.
    if (bad && chance(0.05)) return;
    later(latency(), () => {
      if (connection.gone) return;
      const answers = server.handle(connection, JSON.parse(data), deliver, bad && chance(0.08));
      if (!bad || !chance(0.12)) sendInOrder(connection, answers); // lost as a whole
    });
  }

  function disconnect(connection) {
    if (!connection || connection.gone) return;
    // The server learns late, or, where the last word was lost, only when the name is taken over.
    const late = () => {
      if (!connection.gone && connection.user) server.part(connection, deliver);
      connection.gone = true;
    };
    if (bad && chance(0.3)) later(20_000, late);
    else later(latency(), late);
  }

  function connect(client) {
    disconnect(client.connection);
    client.connection = null;
    const wait = random() * 800;
    client.dial = (client.dial ?? 0) + 1;
    const dial = client.dial;
    later(wait, () => {
      if (client.dial !== dial) return;
      client.connection = { client, user: null, gone: false };
      input(client, 'connecting');
      input(client, 'opened');
    });
  }

  function input(client, type, more = {}) {
    const turn = protocol.step(client.state, { type, now, random: random(), ...more });
    client.state = turn.state;
    for (const effect of turn.effects) {
      if (effect.type === 'send' && client.connection) submit(client.connection, effect.data);
      if (effect.type === 'reconnect' || effect.type === 'connect') connect(client);
      if (effect.type === 'stop') {
        // An own, earlier connection whose register was slow can do this too. A person takes the chat back.
        disconnect(client.connection);
        later(2_000, () => protocol.status(client.state) === 'elsewhere' && input(client, 'use-here'));
      }
    }
  }

  function cut(client) {
    disconnect(client.connection);
    client.connection = null;
    input(client, 'closed', { retryAt: now });
    connect(client);
  }

  function reloadPage(client) {
    const saved = JSON.parse(JSON.stringify(protocol.snapshot(client.state)));
    disconnect(client.connection);
    client.connection = null;
    client.state = protocol.initial(saved);
    connect(client);
  }

  function say(client, room) {
    const id = `${client.name}-${++client.said}`;
    if (!client.state.rooms.has(room)) return;
    written.push({ room, id, by: client.name });
    input(client, 'send', { room, text: `text of ${id}`, id });
  }

  function run(until) {
    for (let rounds = 0; ; rounds++) {
      check(rounds < 2_000_000, 'the world never comes to rest');
      queue.sort((a, b) => a.at - b.at || a.order - b.order);
      let next = queue[0]?.at ?? Infinity;
      let waking = null;
      for (const client of clients) {
        const due = protocol.deadline(client.state);
        if (due !== null && due < next) {
          next = due;
          waking = client;
        }
      }
      if (next > until) break;
      now = Math.max(now, next);
      if (waking) input(waking, 'tick');
      else queue.shift().run();
    }
    now = until;
  }

  const places = ['red', 'blue'];
  for (const name of ['ada', 'bob', 'cy', 'di', 'ed']) {
    const client = { name, state: protocol.initial(), connection: null, said: 0 };
    clients.push(client);
    connect(client);
    input(client, 'register', { name });
  }
  bad = false;
  run(now + 5_000);
  for (const room of places) {
    input(clients[0], 'create', { room });
    run(now + 1_000);
    for (const client of clients.slice(1)) input(client, 'join', { room });
    run(now + 2_000);
  }
  for (const client of clients) for (const room of places) equal(client.state.rooms.get(room)?.phase, 'live', `${client.name} in ${room}`);

  bad = true;
  for (let i = 0; i < 160; i++) {
    run(now + random() * 900);
    if (chance(0.8)) say(pick(clients), pick(places));
    if (chance(0.08)) cut(pick(clients));
    if (!restarts && chance(0.02)) reloadPage(pick(clients));
    if (restarts && chance(0.015)) {
      for (const client of clients) if (client.connection) client.connection.gone = true;
      server.forget();
      for (const client of clients) cut(client);
    }
  }
  bad = false;
  run(now + 240_000);
  for (const client of clients) for (const room of places) say(client, room);
  run(now + 120_000);

  for (const room of places) {
    const log = server.rooms.get(room).log.filter(({ kind }) => kind === 'said').map(({ id }) => id);
    equal(log.length, new Set(log).size, `messages stored once in ${room}`);
    if (!restarts) equal([...log].sort(), written.filter((w) => w.room === room).map(({ id }) => id).sort(), `messages stored in ${room}`);
    for (const client of clients) {
      const { messages, outbox, members, life } = client.state.rooms.get(room);
      const ids = messages.map(({ id }) => id);
      const who = `${client.name} in ${room}`;
      equal(outbox.map(({ id, status }) => [id, status]), [], `unsent by ${who}`);
      equal(ids.length, new Set(ids).size, `distinct messages of ${who}`);
      equal(members, clients.map(({ name }) => name).sort(), `members for ${who}`);
      const here = messages.filter((message) => message.life === life).map(({ id }) => id);
      const earlier = new Set(messages.filter((message) => message.life !== life).map(({ id }) => id));
      sameOrder(here, log.filter((id) => !earlier.has(id)).slice(-here.length), `order for ${who}`);
      check(here.length >= Math.min(log.length, clients.length), `${who} sees too little: ${here.length} of ${log.length}`);
      // Whoever was there from the beginning, and did not reload, has all of it.
      if (!restarts && messages[0]?.id === log[0]) sameOrder(ids, log, `all messages for ${who}`);
      for (const { id, by, room: where } of written) {
        if (by === client.name && where === room && life === 0 && !log.slice(-here.length).includes(id) && !restarts) {
          check(log.includes(id), `${id} is lost`);
        }
      }
    }
  }
}

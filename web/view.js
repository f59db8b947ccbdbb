// The screen as a function of the state. Nothing here decides anything; it writes only what has changed.

import { keyOf } from './room.js';
import { status } from './state.js';
import { LIMITS, checkText, cleanName, cleanText, length } from './validation.js';

const HUES = 12;
const TOGETHER = 5 * 60_000; // messages of one person within this time stand under one name
const PEOPLE_SHOWN = 300;
const AT_BOTTOM = 60; // px
const ROWS = 300; // drawn at first; the earlier ones as the reader comes near them
const NEAR_TOP = 200; // px
const FEW = 30; // messages; fewer than a server gives to whoever joins
const NEAR = 0.9; // of a limit, from where it is counted down

const $ = (id) => document.getElementById(id);
const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const calendar = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });
const count = new Intl.NumberFormat();
const plural = (n, one, many) => `${count.format(n)} ${n === 1 ? one : many}`;

/** @param earlier called when the reader comes near the first message that there is */
export function createView(earlier) {
  const log = messageLog(earlier);
  const back = backNotice();
  const whisper = whispers();
  let focusNext = null;

  function render(state, invitation) {
    const { session, selected } = state;
    const room = state.rooms.get(selected) ?? null;
    const outside = session.key === null || session.phase === 'signed-out';
    const screen = outside ? 'welcome' : room ? 'room' : 'rooms';
    const changedScreen = document.body.dataset.screen !== screen;
    document.body.dataset.state = status(state);
    document.body.dataset.screen = screen;
    show($('welcome'), outside);
    show($('lab'), !outside);
    renderTitle(state, room);
    renderConnection(state, back);
    renderElsewhere(state);
    if (outside) renderWelcome(state, changedScreen, invitation);
    else {
      if (renderRooms(state) && $('new-room').contains(document.activeElement)) focusNext = 'room';
      renderRoom(state, room, log);
      whisper(room);
      if (changedScreen && focusNext === null && isNowhere(document.activeElement)) focusNext = room ? 'room' : 'rooms';
    }
    moveFocus(room);
  }

  function moveFocus(room) {
    // On a phone, a field in focus is a keyboard over half of the screen.
    const touch = matchMedia('(pointer: coarse)').matches;
    if (focusNext === 'room' && room) (touch ? $('room-title') : $('text')).focus({ preventScroll: true });
    if (focusNext === 'rooms') {
      ($('rooms').querySelector('button') ?? (touch ? $('rooms-title') : $('room-name'))).focus({ preventScroll: true });
    }
    focusNext = null;
  }

  return {
    render,
    toBottom: log.toBottom,
    focusRoom: () => (focusNext = 'room'),
    focusRooms: () => (focusNext = 'rooms'),
    togglePeople,
    confirm: confirmation(),
  };
}

const isNowhere = (focused) => focused === null || focused === document.body || focused.closest('[hidden]') !== null;

// ------------------------------------------------------------------------------------------------ the outside

function renderWelcome({ session, connection: link }, arriving, invitation) {
  const name = $('name');
  if (arriving) {
    if (name.value === '' && session.user !== null) name.value = session.user;
    name.focus();
  }
  const busy = session.phase === 'due' || session.phase === 'registering';
  const { error } = session;
  show($('lead'), invitation === null);
  show($('invited'), invitation !== null);
  write($('invited-to'), invitation ?? '');
  write($('enter'), busy ? (link.phase === 'open' ? 'Entering…' : 'Connecting…') : 'Enter');
  attribute($('register'), 'aria-busy', busy ? 'true' : null);
  write($('name-error'), error && !busy ? explain(error, 'name') : '');
  attribute(name, 'aria-invalid', error && !busy ? 'true' : null);
  countdown($('name-hint'), error ? 0 : length(cleanName(name.value)), LIMITS.name);
}

function renderElsewhere({ session }) {
  const dialog = $('elsewhere');
  if (session.phase === 'superseded' && !dialog.open) dialog.showModal();
  if (session.phase !== 'superseded' && dialog.open) dialog.close();
}

function renderTitle({ rooms }, room) {
  let unread = 0;
  for (const each of rooms.values()) unread += each.unread;
  const title = `${unread > 0 ? `(${unread}) ` : ''}${room ? `${room.name} · ` : ''}Chat Lab`;
  if (document.title !== title) document.title = title;
}

/** How the line stands: said once, and counted down without saying it again. */
function renderConnection(state, back) {
  const { connection: link, session } = state;
  const now = status(state);
  const lost = back.track(now);
  let text = '';
  let aside = '';
  if (now === 'offline' || (now === 'connecting' && lost)) {
    text = link.hint || 'Offline.';
    const seconds = Math.ceil((link.retryAt - Date.now()) / 1000);
    aside = link.retryAt === null || seconds <= 0 ? ' Trying again…' : ` Trying again in ${seconds} s.`;
  } else if (now === 'connecting') text = 'Connecting…';
  else if ((now === 'registering' && session.key !== null) || now === 'rejoining') text = 'Catching up…';
  else if (back.isShown()) text = 'Back.';
  write($('connection-text'), text);
  write($('connection-aside'), aside);
  show($('retry-now'), now === 'offline' && link.retryAt - Date.now() > 1500);
  $('connection').classList.toggle('shown', text !== '');
  $('connection').classList.toggle('lost', aside !== '');
}

function backNotice() {
  let lost = false;
  let shownUntil = 0;
  return {
    track(now) {
      if (now === 'offline') lost = true;
      if ((now === 'online' || now === 'open') && lost) {
        lost = false;
        shownUntil = Date.now() + 2500;
        setTimeout(() => {
          if (Date.now() < shownUntil - 50 || $('connection-text').textContent !== 'Back.') return;
          write($('connection-text'), '');
          $('connection').classList.remove('shown');
        }, 2500);
      }
      return lost;
    },
    isShown: () => Date.now() < shownUntil,
  };
}

// -------------------------------------------------------------------------------------------------- the rooms

/** Answers whether the room that was asked for has just been opened. */
function renderRooms({ session, connection: link, rooms, openRooms, selected, roomForm: form }) {
  const mine = [...rooms.values()].filter(({ phase, everJoined, name }) => phase !== 'leaving' && (everJoined || name !== form.pending));
  const joined = new Set(mine.map(({ name }) => name));
  const input = $('room-name');
  const opened = input.dataset.pending !== undefined && form.pending === null && form.error === null;
  if (opened && cleanName(input.value) === input.dataset.pending) input.value = '';
  if (form.pending === null) delete input.dataset.pending;
  else input.dataset.pending = form.pending;
  const asked = cleanName(input.value);
  const wanted = asked.toLowerCase();
  const fits = (name) => form.pending !== null || name.toLowerCase().includes(wanted);
  const yours = mine.filter(({ name }) => fits(name));
  const others = openRooms.filter((name) => !joined.has(name) && fits(name));
  const none = yours.length === 0 && others.length === 0;
  show($('my-rooms'), yours.length > 0);
  show($('other-rooms'), others.length > 0);
  show($('no-rooms'), none);
  write($('no-rooms'), !none ? '' : wanted === '' ? 'No rooms yet. Open the first one.' : 'No room is called that yet: open it.');
  keyed($('rooms'), yours, ({ name }) => name, roomItem, (item, room) => updateRoomItem(item, room, selected));
  keyed($('open-rooms'), others, (name) => name, roomItem, () => {});

  write($('me-name'), session.user ?? '');
  write($('me-state'), session.phase === 'registered' && link.phase === 'open' ? 'online' : 'offline');
  avatar($('me').querySelector('.avatar'), session.user ?? '');

  attribute($('new-room'), 'aria-busy', form.pending === null ? null : 'true');
  write($('open-room'), form.pending !== null ? 'Opening…' : joined.has(asked) ? 'Go' : openRooms.includes(asked) ? 'Join' : 'Open');
  write($('room-error'), form.error ? explain(form.error, 'room') : '');
  show($('join-instead'), form.error?.code === 'room-exists');
  attribute(input, 'aria-invalid', form.error ? 'true' : null);
  countdown($('room-hint'), form.error ? 0 : length(asked), LIMITS.name);
  return opened;
}

function roomItem(item) {
  const name = typeof item === 'string' ? item : item.name;
  return element('li', {}, element('button', { type: 'button', class: 'room', 'data-room': name },
    element('bdi', {}, name), element('span', { class: 'badge' })));
}

function updateRoomItem(item, room, selected) {
  const button = item.firstChild;
  const badge = button.lastChild;
  attribute(button, 'aria-current', room.name === selected ? 'true' : null);
  attribute(button, 'data-unread', room.unread > 0 ? String(room.unread) : null);
  attribute(button, 'data-phase', room.phase);
  const failed = room.outbox.some(({ status: its }) => its === 'failed');
  write(badge, room.unread > 99 ? '99+' : room.unread > 0 ? String(room.unread) : failed ? '!' : '');
  attribute(badge, 'aria-label', room.unread > 0 ? `${plural(room.unread, 'unread message', 'unread messages')}` : failed ? 'a message was not sent' : null);
  attribute(badge, 'role', badge.textContent === '' ? null : 'img');
}

function renderRoom({ session, connection: link, rooms, openRooms }, room, log) {
  show($('no-room'), room === null);
  show($('room'), room !== null);
  $('people-pane').classList.toggle('void', room === null);
  if (room === null) {
    log.clear();
    const none = rooms.size === 0 && openRooms.length === 0;
    write($('no-room-title'), none ? 'All quiet' : 'Pick a room');
    write($('no-room-text'), none ? 'Open the first room, and whoever comes can join it.' : 'Join one of the rooms, or open your own.');
    togglePeople(false);
    return;
  }
  write($('room-title-text'), room.name);
  attribute($('room-title'), 'title', room.name);
  write($('people-count'), room.everJoined ? count.format(room.members.length) : '…');
  attribute($('show-people'), 'aria-label', room.everJoined ? `${plural(room.members.length, 'person', 'people')} here` : 'Joining…');
  $('room').dataset.room = room.name;
  $('room').dataset.phase = room.phase;
  log.render(room, session.user, link.phase === 'open');
  renderPeople(room, session.user);
  renderComposer(room);
}

function renderPeople({ members }, me) {
  const shown = members.slice(0, PEOPLE_SHOWN);
  keyed($('people'), shown, (name) => name, (name) => {
    const face = element('span', { class: 'avatar', 'aria-hidden': 'true' });
    avatar(face, name);
    return element('li', { 'data-user': name }, face, element('bdi', {}, name));
  }, (item, name) => item.classList.toggle('mine', name === me));
  const hidden = members.length - shown.length;
  show($('more-people'), hidden > 0);
  write($('more-people'), hidden > 0 ? `and ${plural(hidden, 'other', 'others')}` : '');
  write($('people-title'), `Here now${members.length > 0 ? ` · ${count.format(members.length)}` : ''}`);
}

const WIDE = matchMedia('(min-width: 1100px)'); // all three panes stand side by side
WIDE.addEventListener('change', () => togglePeople(false));

/** Where the list of people is a drawer, it is out or it is not; answers whether that has changed. */
function togglePeople(open = !document.body.classList.contains('people-open')) {
  const was = document.body.classList.contains('people-open');
  if (was === open || (open && WIDE.matches)) return false;
  document.body.classList.toggle('people-open', open);
  $('show-people').setAttribute('aria-expanded', String(open));
  for (const pane of ['rooms-pane', 'conversation']) $(pane).inert = open;
  $(open ? 'hide-people' : 'show-people').focus();
  return true;
}

function renderComposer(room) {
  const text = $('text');
  if (text.value !== room.draft) text.value = room.draft;
  if (text.dataset.room !== room.name) {
    text.dataset.room = room.name;
    attribute(text, 'placeholder', `Message ${room.name}`);
  }
  if (!GROWS_BY_ITSELF) grow(text, room.draft);
  const tidy = cleanText(room.draft);
  const used = tidy.length > LIMITS.text * NEAR / 2 ? length(tidy) : 0;
  countdown($('text-hint'), used, LIMITS.text);
  const tooLong = used > 0 && checkText(room.draft) === 'too-long';
  write($('text-error'), tooLong ? `Too long by ${count.format(used - LIMITS.text)}. ` : '');
  attribute(text, 'aria-invalid', tooLong ? 'true' : null);
  attribute($('send'), 'aria-disabled', checkText(room.draft) === null ? null : 'true');
}

const GROWS_BY_ITSELF = CSS.supports('field-sizing', 'content');

function grow(text, draft) {
  if (text.dataset.grown === draft && text.dataset.width === String(text.clientWidth)) return;
  text.style.blockSize = 'auto';
  text.style.blockSize = `${text.scrollHeight + text.offsetHeight - text.clientHeight}px`;
  text.dataset.grown = draft;
  text.dataset.width = String(text.clientWidth);
}

/** A button says for a moment what it has done. */
function confirmation() {
  const labels = new Map();
  return (button, done) => {
    const label = labels.get(button)?.label ?? button.textContent;
    clearTimeout(labels.get(button)?.timer);
    write(button, done);
    write($('done'), done);
    const timer = setTimeout(() => {
      write(button, label);
      write($('done'), '');
      labels.delete(button);
    }, 2500);
    labels.set(button, { label, timer });
  };
}

/** Who came and went, in passing. */
function whispers() {
  let seen = null;
  let timer = null;
  return (room) => {
    const before = seen;
    seen = room;
    if (before?.name !== room?.name) return write($('whisper'), '');
    if (room === null || before.members === room.members || before.phase !== 'live' || room.phase !== 'live') return;
    if (!before.everJoined || room.roster.seq !== before.roster.seq) return;
    const were = new Set(before.members);
    const are = new Set(room.members);
    const came = room.members.filter((name) => !were.has(name));
    const went = before.members.filter((name) => !are.has(name));
    if (came.length === 0 && went.length === 0) return;
    $('whisper').replaceChildren(...(came.length > 0 ? crowd(came, 'joined') : crowd(went, 'left')));
    clearTimeout(timer);
    timer = setTimeout(() => write($('whisper'), ''), 5000);
  };
}

const crowd = (names, did) =>
  [element('bdi', {}, names[0]), names.length === 1 ? ` ${did}` : ` and ${plural(names.length - 1, 'other', 'others')} ${did}`];

// ----------------------------------------------------------------------------------------------- the messages

function messageLog(earlier) {
  const scroller = $('messages');
  const list = $('rows');
  const pill = $('new-messages');
  const nodes = new Map();
  let items = [];
  let shown = null;
  let stuck = true;
  let far = false;
  let below = 0;
  let drawn = null;
  let size = '';
  let all = [];
  let first = 0; // of all rows, the first that is drawn

  scroller.addEventListener('scroll', () => {
    const resized = size !== sizeNow();
    size = sizeNow();
    if (resized && stuck) return; // not the reader's doing: the observer will bring it back
    const under = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
    stuck = under < AT_BOTTOM;
    far = under > scroller.clientHeight;
    setBelow(stuck ? 0 : below);
    if (first > 0 && scroller.scrollTop < scroller.clientHeight) drawEarlier();
    else if (scroller.scrollTop < NEAR_TOP) earlier();
  }, { passive: true });
  const stay = new ResizeObserver(() => stuck && bottom());
  stay.observe(list);
  stay.observe(scroller);

  const sizeNow = () => `${scroller.clientWidth} ${scroller.clientHeight} ${scroller.scrollHeight}`;

  function bottom() {
    scroller.scrollTop = scroller.scrollHeight;
    size = sizeNow();
  }

  function drawEarlier() {
    first = Math.max(0, first - ROWS);
    const before = scroller.scrollHeight;
    patch(all.slice(first), drawn.me);
    scroller.scrollTop += scroller.scrollHeight - before;
    size = sizeNow();
  }

  function toBottom() {
    stuck = true;
    far = false;
    setBelow(0);
    bottom();
  }

  function setBelow(n) {
    below = n;
    show(pill, n > 0 || far);
    pill.classList.toggle('news', n > 0);
    write(pill, n > 0 ? plural(n, 'new message', 'new messages') : far ? 'To the latest' : '');
  }

  function clear() {
    shown = null;
    drawn = null;
    all = items = [];
    first = 0;
    nodes.clear();
    list.replaceChildren();
    far = false;
    setBelow(0);
    stuck = true;
  }

  function render(room, me, online) {
    const arriving = shown !== room.name;
    if (arriving) {
      clear();
      shown = room.name;
      attribute(scroller, 'aria-label', `Messages in ${room.name}`);
    }
    // Only what is said from now on is read aloud.
    attribute(scroller, 'aria-live', arriving || room.phase !== 'live' ? 'off' : 'polite');
    attribute(scroller, 'aria-busy', room.phase === 'live' ? null : 'true');
    const { messages, outbox, dividerKey: newFrom, everJoined: known, phase, historyComplete: begun } = room;
    const fetching = room.request !== null && room.request.earlier !== null;
    const look = { messages, outbox, newFrom, me, known, phase, online, begun, fetching };
    if (drawn !== null && Object.keys(look).every((key) => look[key] === drawn[key])) return;
    drawn = look;
    const height = scroller.scrollHeight;
    write($('beginning'), messages.length === 0 ? '' : begun ? 'Here the room begins.' : fetching ? 'Fetching what was said before…' : '');
    const begins = firstKey(all);
    all = itemsOf(room, me, online);
    const grownAbove = !arriving && begins !== null && begins !== firstKey(all);
    if (arriving || (stuck && all.length - first > 2 * ROWS)) {
      const divider = arriving ? all.findIndex(({ kind }) => kind === 'divider') : -1;
      first = Math.max(0, Math.min(all.length - ROWS, divider < 0 ? Infinity : divider - 50));
    }
    const fresh = patch(all.slice(first), me);
    const empty = all.length === 0;
    show($('room-empty'), empty);
    show($('invite'), room.everJoined);
    write($('room-empty-text'), empty ? (room.everJoined && room.phase === 'live' ? 'Nothing said yet. Yours could be the first line.' : 'Joining…') : '');
    if (arriving) {
      stuck = true;
      bottom();
      const divider = list.querySelector('.divider');
      if (divider && divider.offsetTop < scroller.scrollTop) {
        scroller.scrollTop = divider.offsetTop - scroller.clientHeight / 3;
        stuck = false;
      }
    } else if (stuck) bottom();
    else if (grownAbove) {
      scroller.scrollTop += scroller.scrollHeight - height;
      size = sizeNow();
    } else if (fresh > 0) setBelow(below + fresh);
    if (messages.length >= FEW && scroller.scrollHeight <= scroller.clientHeight) earlier();
  }

  /** From the first difference on: old rows are used again, new ones made, the rest removed. */
  function patch(next, me) {
    let from = 0;
    while (from < items.length && from < next.length && same(items[from], next[from])) from++;
    if (from === items.length && from === next.length) return 0;
    const were = new Map(items.slice(from).map((item) => [item.key, item]));
    const wanted = new Set();
    for (let i = from; i < next.length; i++) wanted.add(next[i].key);
    let cursor = from === 0 ? list.firstChild : nodes.get(items[from - 1].key).nextSibling;
    for (let i = from; i < items.length; i++) {
      const { key } = items[i];
      if (wanted.has(key)) continue;
      const node = nodes.get(key);
      nodes.delete(key);
      const delivered = items[i].pending && next.find((item) => item.id === items[i].id && !item.pending);
      if (delivered && !nodes.has(delivered.key)) {
        nodes.set(delivered.key, node); // the same words, now in their place
        continue;
      }
      if (node === cursor) cursor = node.nextSibling;
      node.remove();
    }
    let fresh = 0;
    for (let i = from; i < next.length; i++) {
      const item = next[i];
      let node = nodes.get(item.key);
      if (!node) {
        node = makers[item.kind](item);
        nodes.set(item.key, node);
        if (item.kind === 'message' && item.user !== me) fresh++;
      }
      const before = were.get(item.key);
      if (item.kind === 'message' && !(before && same(before, item))) updateMessage(node, item);
      if (node === cursor) cursor = cursor.nextSibling;
      else list.insertBefore(node, cursor);
    }
    items = next;
    return fresh;
  }

  return { render, clear, toBottom };
}

const firstKey = (items) => items.find(({ kind }) => kind === 'message')?.key ?? null;
const same = (a, b) => ['key', 'source', 'lead', 'mine', 'held'].every((part) => a[part] === b[part]);

/** A room's rows: days, the line above what is unread, messages, and what is on its way. */
function itemsOf({ messages, outbox, dividerKey: newFrom }, me, online) {
  const said = rowsOf(messages, newFrom, me);
  return outbox.length === 0 ? said.items : extended(said, outbox, newFrom, me, !online).items;
}

/** Those of the messages are kept from one time to the next: mostly, the next time has only more. */
let latest = null;

function rowsOf(messages, newFrom, me) {
  const n = latest?.messages.length ?? 0;
  const more = n > 0 && latest.newFrom === newFrom && latest.me === me
    && messages.length >= n && messages[0] === latest.messages[0] && messages[n - 1] === latest.messages[n - 1];
  const rows = more
    ? extended(latest.rows, messages.length === n ? [] : messages.slice(n), newFrom, me)
    : extended({ items: [], previous: null }, messages, newFrom, me);
  latest = { messages, newFrom, me, rows };
  return rows;
}

function extended(rows, messages, newFrom, me, held = false) {
  if (messages.length === 0) return rows;
  const items = [...rows.items];
  let { previous } = rows;
  for (const message of messages) {
    const pending = message.status !== undefined;
    const key = pending ? message.id : keyOf(message);
    const { at, day } = momentOf(message);
    const user = message.user ?? me;
    let lead = previous === null || previous.user !== user || at - previous.at > TOGETHER;
    if (day !== previous?.day && !Number.isNaN(at)) {
      items.push({ kind: 'day', key: `day ${key}`, source: day, at });
      lead = true;
    }
    if (!pending && key === newFrom) {
      items.push({ kind: 'divider', key: 'divider', source: key });
      lead = true;
    }
    items.push({ kind: 'message', key, source: message, id: message.id, pending, held, user, at, lead, mine: user === me });
    previous = { user, at, day };
  }
  return { items, previous };
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

const makers = {
  day: ({ at }) => element('li', { class: 'day' }, element('span', {}, dayName(at))),
  divider: () => element('li', { class: 'divider' }, element('span', {}, 'New')),
  message: () => element('li', { class: 'message' },
    element('span', { class: 'seq', 'aria-hidden': 'true' }),
    element('span', { class: 'avatar', 'aria-hidden': 'true' }),
    element('p', { class: 'byline' }, element('bdi', { class: 'name' }), ' ', element('time', {})),
    element('div', { class: 'text', dir: 'auto' })),
};

function updateMessage(node, { source, pending, held, user, at, lead, mine }) {
  const [seq, face, byline, text] = node.children;
  const state = pending ? source.status : 'delivered';
  node.classList.toggle('lead', lead);
  node.classList.toggle('mine', mine);
  attribute(node, 'data-status', state);
  attribute(node, 'data-id', source.id);
  attribute(node, 'data-seq', source.seq === null ? null : String(source.seq));
  attribute(node, 'data-user', user);
  write(seq, source.seq === null ? '' : String(source.seq));
  if (lead) avatar(face, user);
  write(byline.firstChild, user);
  const time = byline.lastChild;
  if (!Number.isNaN(at)) {
    const iso = new Date(at).toISOString();
    if (time.dateTime !== iso) {
      time.dateTime = iso;
      time.title = exact.format(at);
      write(time, clock.format(at));
      seq.dataset.time = clock.format(at);
    }
  }
  if (text.textContent !== source.text) text.replaceChildren(...withLinks(source.text));
  updateFate(node, state, held, source);
}

const ON_ITS_WAY = { held: 'Goes out as soon as you are online again.', trying: 'Still trying…', waiting: 'Sending…' };

function updateFate(node, state, held, { attempts, error }) {
  const waits = state === 'queued' || state === 'sending';
  const kind = state === 'failed' ? 'failed' : !waits ? '' : held ? 'held' : attempts > 0 ? 'trying' : 'waiting';
  let fate = node.children[4] ?? null;
  if ((fate?.dataset.kind ?? '') === kind) return;
  fate?.remove();
  if (kind === '') return;
  const button = (act, label) => element('button', { type: 'button', class: 'link', 'data-act': act }, label);
  fate = kind === 'failed'
    ? element('p', { class: 'fate problem', role: 'alert' }, `${explain(error, 'message')} `,
      button('edit', 'Edit'), ' ', button('retry', 'Try again'), ' ', button('discard', 'Discard'))
    : element('p', { class: 'fate' }, ON_ITS_WAY[kind]);
  fate.dataset.kind = kind;
  node.append(fate);
}

const LINK = /\bhttps?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]}]/giu;

function withLinks(text) {
  const parts = [];
  let from = 0;
  for (const { 0: url, index } of text.matchAll(LINK)) {
    parts.push(text.slice(from, index), element('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, url));
    from = index + url.length;
  }
  parts.push(text.slice(from));
  return parts;
}

function dayName(at) {
  const today = new Date();
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  const day = new Date(at).toDateString();
  if (day === today.toDateString()) return 'Today';
  return day === yesterday.toDateString() ? 'Yesterday' : calendar.format(at);
}

// -------------------------------------------------------------------------------------------------- the words

function explain({ code, message }, what) {
  const limit = what === 'message' ? LIMITS.text : LIMITS.name;
  const words = {
    blank: what === 'message' ? 'There is nothing in it.' : 'A name, please.',
    'too-long': `Too long: ${count.format(limit)} characters at most.`,
    'control-character': 'It contains invisible control characters.',
    'unpaired-surrogate': 'It contains half a character.',
    'name-taken': 'Somebody here has that name already. Try another.',
    'room-exists': 'There is a room of that name already.',
    'no-such-room': 'That room has closed.',
    'too-many-rooms': 'You are in as many rooms as you can be. Leave one first.',
    'not-a-member': 'You are not in this room any more.',
  };
  return Object.hasOwn(words, code) ? words[code] : message || 'That did not work.';
}

function countdown(hint, used, limit) {
  write(hint, used >= limit * NEAR ? `${count.format(used)} of ${count.format(limit)}` : '');
  hint.classList.toggle('over', used > limit);
}

// ------------------------------------------------------------------------------------------------ small tools

/** A face without a picture: up to two letters on a colour that always belongs to this name. */
function avatar(node, name) {
  if (node.dataset.name === name) return;
  if (node.dataset.name !== undefined) node.classList.remove(`hue-${hueOf(node.dataset.name)}`);
  node.dataset.name = name;
  node.classList.add(`hue-${hueOf(name)}`);
  write(node, initials(name));
}

function hueOf(name) {
  let hash = 2166136261;
  for (const character of name) hash = Math.imul(hash ^ character.codePointAt(0), 16777619);
  return ((hash ^ (hash >>> 15)) >>> 0) % HUES;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const firstOf = (word) => graphemes.segment(word)[Symbol.iterator]().next().value?.segment ?? '';

function initials(name) {
  const words = name.split(/[\s._-]+/u).filter((word) => word !== '');
  const picked = words.length > 1 ? [words[0], words.at(-1)] : words.length === 1 ? words : [name];
  const letters = picked.map(firstOf);
  return (letters.every((letter) => /^\p{L}/u.test(letter)) ? letters.join('') : letters[0]).toUpperCase();
}

function element(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const rendered = new WeakMap();

/** Makes `parent`'s children those of `items`, in order, keeping the node of every key that stays. */
function keyed(parent, items, keyOfItem, create, update) {
  const before = rendered.get(parent) ?? new Map();
  const after = new Map();
  for (const item of items) after.set(keyOfItem(item), before.get(keyOfItem(item)) ?? create(item));
  for (const [key, node] of before) if (!after.has(key)) node.remove();
  let cursor = parent.firstChild;
  for (const item of items) {
    const node = after.get(keyOfItem(item));
    update(node, item);
    if (node === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node, cursor);
  }
  rendered.set(parent, after);
}

function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function attribute(node, name, value) {
  if (value === null || value === undefined) node.removeAttribute(name);
  else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

function show(node, visible) {
  if (node.hidden === visible) node.hidden = !visible;
}

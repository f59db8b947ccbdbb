// The wiring: what happens goes into the protocol, its effects go out, its state goes on screen.

import { auth, socketUrl } from './config.js';
import { createConnection } from './connection.js';
import { guestCredentials } from './credentials.js';
import { deadline, step } from './protocol.js';
import { closesOnLeave } from './room.js';
import { presign } from './sigv4.js';
import { initialState, snapshot, status } from './state.js';
import { cleanName } from './validation.js';
import { createView } from './view.js';

const STORAGE = 'chat-lab'; // of this tab: two tabs are two users
const SUSPICIOUS_SILENCE = 30_000;

let state = initialState(restore());
let stored = null;
let timer = null;
let painting = false;
let visited = roomInAddress();

const view = createView(() => state.selected !== null && dispatch({ type: 'load-earlier', room: state.selected }));
const connection = createConnection(auth === null ? () => socketUrl : signed(auth), dispatch);
const inbox = [];

/** The socket's address, signed anew each time in the name of a guest. */
function signed({ region, ...pool }) {
  const credentials = guestCredentials({ region, ...pool }, sessionStorage);
  return async () => {
    if (!isSecureContext) throw Object.assign(new Error('no WebCrypto'), { hint: 'This chat wants signatures, and a page can sign only over HTTPS or on localhost.' });
    const mine = await credentials();
    return presign({ url: socketUrl, region, service: 'execute-api', credentials: mine, at: new Date(Date.now() + mine.skew) });
  };
}

// --------------------------------------------------------------------------------------------------- the loop

function dispatch(input) {
  inbox.push(input);
  if (inbox.length > 1) return; // already at it, further up the stack
  for (; inbox.length > 0; inbox.shift()) {
    const turn = step(state, { ...inbox[0], now: Date.now(), random: Math.random() });
    state = turn.state;
    for (const effect of turn.effects) effects[effect.type](effect);
  }
  clearTimeout(timer);
  const due = deadline(state);
  if (due !== null) timer = setTimeout(dispatch, Math.max(0, due - Date.now()), { type: 'tick' });
  paintSoon();
}

const effects = {
  send: ({ data }) => connection.send(data),
  connect: () => connection.connect(),
  reconnect: () => connection.reconnect(),
  'reset-backoff': () => connection.resetBackoff(),
  disconnect: () => connection.disconnect(),
};

function paintSoon() {
  if (painting) return;
  painting = true;
  if (document.hidden) setTimeout(paint, 100);
  else requestAnimationFrame(paint);
}

function paint() {
  painting = false;
  store();
  followAddress();
  view.render(state, visited);
}

// ------------------------------------------------------------------------------------------- across a reload

function restore() {
  try {
    return JSON.parse(sessionStorage.getItem(STORAGE));
  } catch {
    return null;
  }
}

function store() {
  try {
    const next = JSON.stringify(snapshot(state));
    if (next === stored) return;
    stored = next;
    if (next === 'null') sessionStorage.removeItem(STORAGE);
    else sessionStorage.setItem(STORAGE, next);
  } catch {
    // Without storage the chat works, it just does not survive a reload.
  }
}

// ----------------------------------------------------------------------------------------------- the address

/** The room on screen is in the address: a link leads into it, and "back" leads out. */
function roomInAddress() {
  try {
    return decodeURIComponent(location.hash.slice(1)) || null;
  } catch {
    return null;
  }
}

function followAddress() {
  if (status(state) === 'online' && visited !== null && !state.rooms.has(visited) && state.selected === null) {
    const room = visited;
    visited = null;
    return dispatch({ type: 'join', room });
  }
  if (state.selected === roomInAddress()) return;
  if (state.selected === null && status(state) !== 'online') return;
  visited = null;
  history.pushState(null, '', state.selected === null ? location.pathname + location.search : `#${encodeURIComponent(state.selected)}`);
}

addEventListener('popstate', () => {
  const room = roomInAddress();
  if (room === state.selected) return;
  if (room !== null && !state.rooms.has(room) && status(state) === 'online') dispatch({ type: 'join', room });
  else dispatch({ type: 'select', room });
});

// ------------------------------------------------------------------------------------------------ the user

const $ = (id) => document.getElementById(id);
const on = (id, type, handle) => $(id).addEventListener(type, handle);

const submit = (id, handle) =>
  on(id, 'submit', (event) => {
    event.preventDefault();
    handle(event.currentTarget);
  });

submit('register', () => dispatch({ type: 'register', name: $('name').value }));
submit('new-room', () => {
  const room = cleanName($('room-name').value);
  if (state.openRooms.includes(room) || state.rooms.has(room)) open(room);
  else dispatch({ type: 'create', room });
});
submit('composer', send);

on('name', 'input', () => dispatch({ type: 'clear-errors' }));
on('room-name', 'input', () => dispatch({ type: 'clear-errors' }));
on('join-instead', 'click', () => open(state.roomForm.error?.room));
on('leave', 'click', () => {
  if (closesOnLeave(state.rooms.get(state.selected), state.session.user)) $('closing').showModal();
  else leave();
});
on('closing', 'close', ({ target }) => {
  if (target.returnValue === 'leave') leave();
  target.returnValue = '';
});

function leave() {
  dispatch({ type: 'leave', room: state.selected });
  view.focusRooms();
}

on('back', 'click', () => {
  dispatch({ type: 'select', room: null });
  view.focusRooms();
});
on('sign-out', 'click', () => dispatch({ type: 'sign-out' }));
on('use-here', 'click', () => dispatch({ type: 'take-over' }));
on('elsewhere', 'cancel', (event) => event.preventDefault());
on('retry-now', 'click', () => connection.connect());
on('show-people', 'click', () => view.togglePeople());
on('hide-people', 'click', () => view.togglePeople(false));
on('scrim', 'click', () => view.togglePeople(false));
on('new-messages', 'click', () => view.toBottom());

for (const id of ['rooms', 'open-rooms']) {
  on(id, 'click', ({ target }) => {
    const button = target.closest('button[data-room]');
    if (button) open(button.dataset.room);
  });
}

function open(room) {
  if (typeof room !== 'string') return;
  $('room-name').value = '';
  dispatch({ type: 'join', room });
  view.focusRoom();
}

on('text', 'input', ({ target }) => dispatch({ type: 'draft', room: state.selected, text: target.value }));
on('text', 'keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  send();
});

function send() {
  dispatch({ type: 'send', room: state.selected, text: $('text').value, id: messageId() });
  paint(); // at once, or what is typed next is added to what was sent
  view.toBottom();
  $('text').focus();
}

/** As `crypto.randomUUID` would, which a page has only over TLS and on its own machine. */
function messageId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

on('rows', 'click', ({ target }) => {
  const button = target.closest('button[data-act]');
  if (!button) return;
  dispatch({ type: button.dataset.act, id: button.closest('[data-id]').dataset.id });
  $('text').focus();
});

for (const button of document.querySelectorAll('[data-act="copy-link"]')) {
  button.addEventListener('click', async () => view.confirm(button, (await copied(location.href)) ? 'Link copied' : 'It could not be copied'));
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch { // there is none where the page did not come over TLS
    const focused = document.activeElement;
    const field = document.body.appendChild(document.createElement('textarea'));
    field.value = text;
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    focused?.focus();
    return done;
  }
}

addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || event.isComposing || document.querySelector('dialog[open]')) return;
  if (view.togglePeople(false)) return;
  if ($('rooms-pane').contains(event.target) && state.selected !== null) $('text').focus();
});

on('rooms-pane', 'keydown', (event) => {
  const buttons = [...$('rooms-pane').querySelectorAll('button.room')];
  const at = buttons.indexOf(event.target);
  if (at < 0 && !(event.target === $('room-name') && event.key === 'ArrowDown')) return;
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  (buttons[to] ?? (to < 0 ? $('room-name') : event.target)).focus();
});

// --------------------------------------------------------------------------------------- the page and its tab

function look() {
  const visible = document.visibilityState === 'visible';
  dispatch({ type: 'visibility', visible });
  if (visible && Date.now() - state.connection.lastReceivedAt > SUSPICIOUS_SILENCE) dispatch({ type: 'probe' });
}

document.addEventListener('visibilitychange', look);
addEventListener('pagehide', store);
addEventListener('pageshow', ({ persisted }) => {
  if (persisted && status(state) !== 'superseded') connection.connect(); // from the back/forward cache, without its socket
});
setInterval(() => state.connection.phase === 'waiting' && paintSoon(), 500);

look();
connection.connect();

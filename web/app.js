// The page's entry point. It gives the protocol the user's actions and the WebSocket's events, executes the protocol's effects, draws
// its state, and keeps the URL and the tab's storage up to date.

import { auth, socketUrl } from './config.js';
import { createConnection } from './connection.js';
import { guestCredentials } from './credentials.js';
import { $ } from './dom.js';
import { deadline, step } from './protocol.js';
import { closesOnLeave } from './room.js';
import { presign } from './sigv4.js';
import { initialState, snapshot, status } from './state.js';
import { cleanName } from './validation.js';
import { createView } from './view.js';

const STORAGE_KEY = 'chat-lab'; // in the session storage, which belongs to one tab: two tabs are two users
const SILENCE_BEFORE_PROBE = 30_000; // ms

let state = initialState(loadSnapshot());
let savedSnapshot = null;
let timer = null;
let isDrawScheduled = false;
let invitation = roomInUrl(); // the room in the URL when the page was loaded; null once a room was on screen

const view = createView(() => state.selected !== null && dispatch({ type: 'load-earlier', room: state.selected }));
const connection = createConnection(auth === null ? () => socketUrl : signedUrl(auth), dispatch);

/** Returns a function that presigns the socket's URL with a guest's credentials. */
function signedUrl({ region, ...pool }) {
  const getCredentials = guestCredentials({ region, ...pool }, sessionStorage);
  return async () => {
    if (!isSecureContext) { // the browser offers no cryptography to this page
      const hint = 'This chat needs signed connections. A page can sign only over HTTPS or on localhost.';
      throw Object.assign(new Error('not a secure context'), { hint });
    }
    const credentials = await getCredentials();
    const at = new Date(Date.now() + credentials.skew);
    return presign({ url: socketUrl, region, service: 'execute-api', credentials, at });
  };
}

// -------------------------------------------------------------------------------------------- inputs and effects

const inputs = [];

/** Gives an input to the protocol. An effect may dispatch another input, which then waits in the queue. */
function dispatch(input) {
  inputs.push(input);
  if (inputs.length > 1) return;
  for (; inputs.length > 0; inputs.shift()) {
    const next = step(state, { ...inputs[0], now: Date.now(), random: Math.random() });
    state = next.state;
    for (const effect of next.effects) effects[effect.type](effect);
  }
  clearTimeout(timer);
  const due = deadline(state);
  if (due !== null) timer = setTimeout(dispatch, Math.max(0, due - Date.now()), { type: 'tick' });
  scheduleDraw();
}

const effects = {
  send: ({ data }) => connection.send(data),
  connect: () => connection.connect(),
  reconnect: () => connection.reconnect(),
  'reset-backoff': () => connection.resetBackoff(),
  disconnect: () => connection.disconnect(),
};

function scheduleDraw() {
  if (isDrawScheduled) return;
  isDrawScheduled = true;
  if (document.hidden) setTimeout(draw, 100); // a hidden page gets no animation frames, but its title shows unread messages
  else requestAnimationFrame(draw);
}

function draw() {
  isDrawScheduled = false;
  saveSnapshot();
  syncUrl();
  view.render(state, invitation);
}

// ---------------------------------------------------------------------------------------------------- storage

function loadSnapshot() {
  try {
    return JSON.parse(sessionStorage.getItem(STORAGE_KEY));
  } catch {
    return null;
  }
}

function saveSnapshot() {
  try {
    const json = JSON.stringify(snapshot(state));
    if (json === savedSnapshot) return;
    savedSnapshot = json;
    if (json === 'null') sessionStorage.removeItem(STORAGE_KEY);
    else sessionStorage.setItem(STORAGE_KEY, json);
  } catch {
    // The browser blocks storage: the chat works, but its state is lost on a reload.
  }
}

// -------------------------------------------------------------------------------------------------------- URL

/** The URL's fragment is the name of the room on screen, so that links to rooms and the browser's Back button work. */
function roomInUrl() {
  try {
    return decodeURIComponent(location.hash.slice(1)) || null;
  } catch {
    return null;
  }
}

function syncUrl() {
  const isOnline = status(state) === 'online';
  if (isOnline && invitation !== null && state.selected === null && !state.rooms.has(invitation)) {
    const room = invitation;
    invitation = null;
    return dispatch({ type: 'join', room });
  }
  if (state.selected === roomInUrl()) return;
  if (state.selected === null && !isOnline) return; // the room in the URL is joined later
  invitation = null;
  const url = state.selected === null ? location.pathname + location.search : `#${encodeURIComponent(state.selected)}`;
  history.pushState(null, '', url);
}

addEventListener('popstate', () => {
  const room = roomInUrl();
  if (room === state.selected) return;
  const mustJoin = room !== null && !state.rooms.has(room) && status(state) === 'online';
  dispatch({ type: mustJoin ? 'join' : 'select', room });
});

// ------------------------------------------------------------------------------------------------ user actions

const on = (id, type, handle) => $(id).addEventListener(type, handle);

const onSubmit = (id, handle) =>
  on(id, 'submit', (event) => {
    event.preventDefault();
    handle();
  });

// --- session

onSubmit('register', () => dispatch({ type: 'register', name: $('name').value }));
on('name', 'input', () => dispatch({ type: 'clear-errors' }));
on('sign-out', 'click', () => dispatch({ type: 'sign-out' }));
on('connect-now', 'click', () => connection.connect());
on('take-over', 'click', () => dispatch({ type: 'take-over' }));
on('superseded', 'cancel', (event) => event.preventDefault()); // the Escape key must not close this dialog

// --- rooms

onSubmit('room-form', () => {
  const room = cleanName($('room-name').value);
  if (state.openRooms.includes(room) || state.rooms.has(room)) join(room);
  else dispatch({ type: 'create', room });
});
on('room-name', 'input', () => dispatch({ type: 'clear-errors' }));
on('join-existing', 'click', () => join(state.roomForm.error?.room));

for (const id of ['rooms', 'open-rooms']) {
  on(id, 'click', ({ target }) => join(target.closest('button[data-room]')?.dataset.room));
}

function join(room) {
  if (typeof room !== 'string') return;
  $('room-name').value = '';
  dispatch({ type: 'join', room });
  view.focusRoom();
}

on('back', 'click', () => {
  dispatch({ type: 'select', room: null });
  view.focusRooms();
});
on('leave', 'click', () => {
  if (closesOnLeave(state.rooms.get(state.selected), state.session.user)) $('leave-dialog').showModal();
  else leave();
});
on('leave-dialog', 'close', ({ target }) => {
  if (target.returnValue === 'leave') leave();
  target.returnValue = '';
});

function leave() {
  dispatch({ type: 'leave', room: state.selected });
  view.focusRooms();
}

on('show-members', 'click', () => view.toggleMembers());
on('hide-members', 'click', () => view.toggleMembers(false));
on('backdrop', 'click', () => view.toggleMembers(false));

// --- messages

on('text', 'input', ({ target }) => dispatch({ type: 'draft', room: state.selected, text: target.value }));
on('text', 'keydown', (event) => {
  const isComposing = event.isComposing || event.keyCode === 229; // the key then belongs to an input method
  if (event.key !== 'Enter' || event.shiftKey || isComposing) return;
  event.preventDefault();
  send();
});
onSubmit('composer', send);

function send() {
  dispatch({ type: 'send', room: state.selected, text: $('text').value, id: newMessageId() });
  draw(); // empties the text field before the user types the next character
  view.scrollToEnd();
  $('text').focus();
}

/** A random id. The function `crypto.randomUUID` does not exist on a page without TLS. */
function newMessageId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

on('message-list', 'click', ({ target }) => {
  const button = target.closest('button[data-action]');
  if (!button) return;
  dispatch({ type: button.dataset.action, id: button.closest('[data-id]').dataset.id });
  $('text').focus();
});
on('new-messages', 'click', () => view.scrollToEnd());

// --- links

for (const id of ['invite', 'copy-link']) {
  on(id, 'click', async ({ currentTarget: button }) =>
    view.confirmOn(button, (await copyText(location.href)) ? 'Link copied' : 'The link could not be copied'));
}

/** Returns whether the text is in the clipboard. */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelection(text);
  }
}

/** Copies on a page without TLS, which has no `navigator.clipboard`. */
function copySelection(text) {
  const focused = document.activeElement;
  const field = document.body.appendChild(document.createElement('textarea'));
  field.value = text;
  field.select();
  const isCopied = document.execCommand('copy');
  field.remove();
  focused?.focus();
  return isCopied;
}

// --- keyboard

addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || event.isComposing || document.querySelector('dialog[open]')) return;
  if (view.toggleMembers(false)) return;
  if ($('rooms-pane').contains(event.target) && state.selected !== null) $('text').focus();
});

/** The arrow keys, Home and End move the focus in the list of rooms; the arrow keys also between the list and the name field. */
on('rooms-pane', 'keydown', (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const buttons = [...$('rooms-pane').querySelectorAll('button.room')];
  const index = buttons.indexOf(event.target);
  const isInField = event.target === $('room-name');
  if (index < 0 && !(isInField && event.key === 'ArrowDown')) return;
  const next = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  (buttons[next] ?? (next < 0 ? $('room-name') : event.target)).focus();
});

// --------------------------------------------------------------------------------------------- page and tab

function visibilityChanged() {
  const visible = document.visibilityState === 'visible';
  dispatch({ type: 'visibility', visible });
  if (visible && Date.now() - state.connection.lastReceivedAt > SILENCE_BEFORE_PROBE) dispatch({ type: 'probe' });
}

document.addEventListener('visibilitychange', visibilityChanged);
addEventListener('pagehide', saveSnapshot);
addEventListener('pageshow', ({ persisted }) => {
  // A page from the back/forward cache has lost its socket.
  if (persisted && status(state) !== 'superseded') connection.connect();
});
setInterval(() => state.connection.phase === 'waiting' && scheduleDraw(), 500); // the countdown to the next attempt

visibilityChanged();
connection.connect();

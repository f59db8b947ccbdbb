// Draws the state on the page. It decides nothing, and writes only what differs.

import { $, element, setAttribute, setAvatar, setChildren, setText, setVisible } from './dom.js';
import { errorText, formatCount, formatNumber } from './format.js';
import { createMessageLog } from './message-log.js';
import { status } from './state.js';
import { LIMITS, checkText, cleanName, cleanText, length } from './validation.js';

const MAX_MEMBERS_SHOWN = 300;
const NOTICE_TIME = 2500; // ms
const MEMBERSHIP_NOTICE_TIME = 5000; // ms
const COUNTER_THRESHOLD = 0.9; // the part of a limit from which on the length is shown

/** Returns the view. `loadEarlier` is called when the user is near the first message that the client has. */
export function createView(loadEarlier) {
  const log = createMessageLog(loadEarlier);
  const reconnectNotice = createReconnectNotice();
  const showMembershipChange = createMembershipNotice();
  let nextFocus = null;

  /** Draws the state. `invitation` is the room in the page's URL that the user has not joined yet, or null. */
  function render(state, invitation) {
    const { session, selected } = state;
    const room = state.rooms.get(selected) ?? null;
    const isSignedOut = session.key === null || session.phase === 'signed-out';
    const screen = isSignedOut ? 'sign-in' : room ? 'room' : 'rooms';
    const isOtherScreen = document.body.dataset.screen !== screen;
    document.body.dataset.state = status(state);
    document.body.dataset.screen = screen;
    setVisible($('sign-in'), isSignedOut);
    setVisible($('chat'), !isSignedOut);
    renderTitle(state, room);
    renderConnection(state, reconnectNotice);
    renderSuperseded(state);
    if (isSignedOut) {
      renderSignIn(state, isOtherScreen, invitation);
    } else {
      const isCreated = renderRooms(state);
      if (isCreated && $('room-form').contains(document.activeElement)) nextFocus = 'room';
      renderRoom(state, room, log);
      showMembershipChange(room);
      if (isOtherScreen && nextFocus === null && isFocusLost()) nextFocus = room ? 'room' : 'rooms';
    }
    moveFocus(room);
  }

  function moveFocus(room) {
    // On a touch screen, focus in a text field opens the keyboard, which covers half of the page.
    const isTouch = matchMedia('(pointer: coarse)').matches;
    let target = null;
    if (nextFocus === 'room' && room) target = isTouch ? $('room-title') : $('text');
    if (nextFocus === 'rooms') target = $('rooms').querySelector('button') ?? (isTouch ? $('rooms-title') : $('room-name'));
    target?.focus({ preventScroll: true });
    nextFocus = null;
  }

  return {
    render,
    scrollToEnd: log.scrollToEnd,
    /** Moves the focus into the room when it is drawn next. */
    focusRoom: () => (nextFocus = 'room'),
    /** Moves the focus to the list of rooms when the page is drawn next. */
    focusRooms: () => (nextFocus = 'rooms'),
    toggleMembers,
    confirmOn: createConfirmation(),
  };
}

function isFocusLost() {
  const focused = document.activeElement;
  return focused === null || focused === document.body || focused.closest('[hidden]') !== null;
}

// --------------------------------------------------------------------------------------- session and connection

function renderSignIn({ session, connection }, isOtherScreen, invitation) {
  const { phase, user, error } = session;
  const name = $('name');
  if (isOtherScreen) {
    if (name.value === '' && user !== null) name.value = user;
    name.focus();
  }
  const isBusy = phase === 'due' || phase === 'registering';
  setVisible($('introduction'), invitation === null);
  setVisible($('invitation'), invitation !== null);
  setText($('invitation-room'), invitation ?? '');
  setText($('register-button'), !isBusy ? 'Sign in' : connection.phase === 'open' ? 'Signing in…' : 'Connecting…');
  setAttribute($('register'), 'aria-busy', isBusy ? 'true' : null);
  setText($('name-error'), error && !isBusy ? errorText(error, 'name') : '');
  setAttribute(name, 'aria-invalid', error && !isBusy ? 'true' : null);
  showCounter($('name-hint'), error ? 0 : length(cleanName(name.value)), LIMITS.name);
}

function renderSuperseded({ session }) {
  const dialog = $('superseded');
  if (session.phase === 'superseded' && !dialog.open) dialog.showModal();
  if (session.phase !== 'superseded' && dialog.open) dialog.close();
}

function renderTitle({ rooms }, room) {
  let unread = 0;
  for (const each of rooms.values()) unread += each.unread;
  const title = `${unread > 0 ? `(${unread}) ` : ''}${room ? `${room.name} · ` : ''}Chat Lab`;
  if (document.title !== title) document.title = title;
}

/** The countdown is apart from the text, so that a screen reader announces the text only once. */
function renderConnection(state, reconnectNotice) {
  const now = status(state);
  const { retryAt } = state.connection;
  const isReconnecting = reconnectNotice.update(now);
  const isOffline = now === 'offline' || (now === 'connecting' && isReconnecting);
  setText($('connection-text'), isOffline ? state.connection.hint || 'Offline.' : connectionText(now, state.session, reconnectNotice));
  setText($('connection-countdown'), isOffline ? countdown(retryAt) : '');
  setVisible($('connect-now'), now === 'offline' && retryAt - Date.now() > 1500);
  $('connection').classList.toggle('shown', $('connection-text').textContent !== '');
  $('connection').classList.toggle('offline', isOffline);
}

function connectionText(now, session, reconnectNotice) {
  if (now === 'connecting') return 'Connecting…';
  if ((now === 'registering' && session.key !== null) || now === 'rejoining') return 'Loading missed messages…';
  return reconnectNotice.isShown() ? BACK_ONLINE : '';
}

function countdown(retryAt) {
  const seconds = Math.ceil((retryAt - Date.now()) / 1000);
  return retryAt === null || seconds <= 0 ? ' Reconnecting…' : ` Reconnecting in ${seconds} s.`;
}

const BACK_ONLINE = 'Back online.';

/** Notices when a lost connection is back, and shows that for a moment. */
function createReconnectNotice() {
  let isReconnecting = false;
  let shownUntil = 0;

  function hide() {
    if (Date.now() < shownUntil - 50 || $('connection-text').textContent !== BACK_ONLINE) return;
    setText($('connection-text'), '');
    $('connection').classList.remove('shown');
  }

  return {
    /** Takes the current status; returns whether a lost connection is not back yet. */
    update(now) {
      if (now === 'offline') isReconnecting = true;
      if ((now === 'online' || now === 'open') && isReconnecting) {
        isReconnecting = false;
        shownUntil = Date.now() + NOTICE_TIME;
        setTimeout(hide, NOTICE_TIME);
      }
      return isReconnecting;
    },
    isShown: () => Date.now() < shownUntil,
  };
}

// -------------------------------------------------------------------------------------------------- the rooms

/** Returns whether the room that the user asked to create was created since the last call. */
function renderRooms({ session, connection, rooms, openRooms, selected, roomForm }) {
  const { pending, error } = roomForm;
  const input = $('room-name');
  const isCreated = input.dataset.pending !== undefined && pending === null && error === null;
  if (isCreated && cleanName(input.value) === input.dataset.pending) input.value = '';
  setAttribute(input, 'data-pending', pending);

  const joined = [...rooms.values()].filter(({ phase, everJoined, name }) => phase !== 'leaving' && (everJoined || name !== pending));
  const joinedNames = new Set(joined.map(({ name }) => name));
  const name = cleanName(input.value);
  renderRoomLists(joined, openRooms.filter((other) => !joinedNames.has(other)), selected, pending === null ? name.toLowerCase() : '');

  setText($('user-name'), session.user ?? '');
  setText($('user-state'), session.phase === 'registered' && connection.phase === 'open' ? 'online' : 'offline');
  setAvatar($('user').querySelector('.avatar'), session.user ?? '');

  setAttribute($('room-form'), 'aria-busy', pending === null ? null : 'true');
  setText($('room-button'), roomButtonText(name, pending, joinedNames, openRooms));
  setText($('room-error'), error ? errorText(error, 'room') : '');
  setVisible($('join-existing'), error?.code === 'room-exists');
  setAttribute(input, 'aria-invalid', error ? 'true' : null);
  showCounter($('room-hint'), error ? 0 : length(name), LIMITS.name);
  return isCreated;
}

/** Shows the rooms whose names contain the filter. */
function renderRoomLists(joined, others, selected, filter) {
  const matches = (name) => name.toLowerCase().includes(filter);
  const myRooms = joined.filter(({ name }) => matches(name));
  const otherRooms = others.filter(matches);
  const isEmpty = myRooms.length === 0 && otherRooms.length === 0;
  setVisible($('my-rooms'), myRooms.length > 0);
  setVisible($('other-rooms'), otherRooms.length > 0);
  setVisible($('no-rooms'), isEmpty);
  setText($('no-rooms'), !isEmpty ? '' : filter === '' ? 'There are no rooms yet.' : 'No room matches this name. You can open a new room.');
  setChildren($('rooms'), myRooms, ({ name }) => name, ({ name }) => roomItem(name), (item, room) => updateRoomItem(item, room, selected));
  setChildren($('open-rooms'), otherRooms, (name) => name, roomItem);
}

function roomButtonText(name, pending, joinedNames, openRooms) {
  if (pending !== null) return 'Opening…';
  if (joinedNames.has(name)) return 'Go to';
  return openRooms.includes(name) ? 'Join' : 'Open';
}

function roomItem(name) {
  return element('li', {}, element('button', { type: 'button', class: 'room', 'data-room': name },
    element('bdi', {}, name), element('span', { class: 'badge' })));
}

function updateRoomItem(item, { name, unread, phase, outbox }, selected) {
  const button = item.firstChild;
  setAttribute(button, 'aria-current', name === selected ? 'true' : null);
  setAttribute(button, 'data-unread', unread > 0 ? String(unread) : null);
  setAttribute(button, 'data-phase', phase);
  const isFailed = outbox.some(({ status: its }) => its === 'failed');
  const badge = button.lastChild;
  setText(badge, unread > 99 ? '99+' : unread > 0 ? String(unread) : isFailed ? '!' : '');
  const label = unread > 0 ? formatCount(unread, 'unread message', 'unread messages') : isFailed ? 'a message was not sent' : null;
  setAttribute(badge, 'aria-label', label);
  setAttribute(badge, 'role', label === null ? null : 'img');
}

// --------------------------------------------------------------------------------------------------- one room

function renderRoom({ session, connection, rooms, openRooms }, room, log) {
  setVisible($('no-room'), room === null);
  setVisible($('room'), room !== null);
  $('members-pane').classList.toggle('unused', room === null);
  if (room === null) {
    log.clear();
    toggleMembers(false);
    const isFirst = rooms.size === 0 && openRooms.length === 0;
    setText($('no-room-title'), isFirst ? 'No rooms yet' : 'No room selected');
    setText($('no-room-text'), isFirst ? 'Open the first room. Other users can then join it.' : 'Join a room, or open a new one.');
    return;
  }
  const { name, phase, everJoined, members } = room;
  setText($('room-title-text'), name);
  setAttribute($('room-title'), 'title', name);
  setText($('member-count'), everJoined ? formatNumber(members.length) : '…');
  setAttribute($('show-members'), 'aria-label', everJoined ? formatCount(members.length, 'member', 'members') : 'Joining…');
  $('room').dataset.room = name;
  $('room').dataset.phase = phase;
  log.render(room, session.user, connection.phase === 'open');
  renderMembers(room, session.user);
  renderComposer(room);
}

function renderMembers({ members }, user) {
  const shown = members.slice(0, MAX_MEMBERS_SHOWN);
  const hidden = members.length - shown.length;
  setChildren($('members'), shown, (name) => name, memberItem, (item, name) => item.classList.toggle('own', name === user));
  setVisible($('more-members'), hidden > 0);
  setText($('more-members'), hidden > 0 ? `and ${formatNumber(hidden)} more` : '');
  setText($('members-title'), `Members${members.length > 0 ? ` · ${formatNumber(members.length)}` : ''}`);
}

function memberItem(name) {
  const avatar = element('span', { class: 'avatar', 'aria-hidden': 'true' });
  setAvatar(avatar, name);
  return element('li', { 'data-user': name }, avatar, element('bdi', {}, name));
}

const ALL_PANES_FIT = matchMedia('(min-width: 1100px)');
ALL_PANES_FIT.addEventListener('change', () => toggleMembers(false));

/** Opens or closes the members pane on a screen where it is a drawer. Returns whether that changed anything. */
function toggleMembers(isOpen = !document.body.classList.contains('members-open')) {
  const wasOpen = document.body.classList.contains('members-open');
  if (wasOpen === isOpen || (isOpen && ALL_PANES_FIT.matches)) return false;
  document.body.classList.toggle('members-open', isOpen);
  $('show-members').setAttribute('aria-expanded', String(isOpen));
  for (const pane of ['rooms-pane', 'conversation']) $(pane).inert = isOpen;
  $(isOpen ? 'hide-members' : 'show-members').focus();
  return true;
}

/** Shows for a moment which members joined or left. */
function createMembershipNotice() {
  let shown = null;
  let timer = null;
  return (room) => {
    const before = shown;
    shown = room;
    if (before?.name !== room?.name) return setText($('membership-notice'), '');
    if (room === null || before.members === room.members) return;
    if (before.phase !== 'live' || room.phase !== 'live' || !before.everJoined) return;
    if (room.roster.seq !== before.roster.seq) return; // a new roster, not joins and leaves
    const joined = without(room.members, before.members);
    const left = without(before.members, room.members);
    if (joined.length === 0 && left.length === 0) return;
    $('membership-notice').replaceChildren(...(joined.length > 0 ? namesThat('joined', joined) : namesThat('left', left)));
    clearTimeout(timer);
    timer = setTimeout(() => setText($('membership-notice'), ''), MEMBERSHIP_NOTICE_TIME);
  };
}

function without(names, others) {
  const excluded = new Set(others);
  return names.filter((name) => !excluded.has(name));
}

const namesThat = (verb, [first, ...more]) =>
  [element('bdi', {}, first), more.length === 0 ? ` ${verb}` : ` and ${formatCount(more.length, 'other user', 'other users')} ${verb}`];

// ------------------------------------------------------------------------------------------------ the composer

function renderComposer({ name, draft }) {
  const text = $('text');
  if (text.value !== draft) text.value = draft;
  setAttribute(text, 'placeholder', `Message to ${name}`);
  if (!GROWS_BY_CSS) growToContent(text, draft);
  const clean = cleanText(draft);
  const mayReachThreshold = clean.length > LIMITS.text * COUNTER_THRESHOLD / 2; // a code point has at most two UTF-16 units
  const used = mayReachThreshold ? length(clean) : 0;
  showCounter($('text-hint'), used, LIMITS.text);
  const error = checkText(draft);
  const isTooLong = error === 'too-long';
  setText($('text-error'), isTooLong ? `Too long by ${formatCount(used - LIMITS.text, 'character', 'characters')}. ` : '');
  setAttribute(text, 'aria-invalid', isTooLong ? 'true' : null);
  setAttribute($('send'), 'aria-disabled', error === null ? null : 'true');
}

const GROWS_BY_CSS = CSS.supports('field-sizing', 'content');

function growToContent(text, draft) {
  if (text.dataset.grown === draft && text.dataset.width === String(text.clientWidth)) return;
  text.style.blockSize = 'auto';
  text.style.blockSize = `${text.scrollHeight + text.offsetHeight - text.clientHeight}px`;
  text.dataset.grown = draft;
  text.dataset.width = String(text.clientWidth);
}

// --------------------------------------------------------------------------------------------------- feedback

/** Returns a function that shows a text on a button for a moment, and has it announced by a screen reader. */
function createConfirmation() {
  const shown = new Map(); // button → { label, timer }
  return (button, text) => {
    const label = shown.get(button)?.label ?? button.textContent;
    clearTimeout(shown.get(button)?.timer);
    setText(button, text);
    setText($('confirmation'), text);
    const timer = setTimeout(() => {
      setText(button, label);
      setText($('confirmation'), '');
      shown.delete(button);
    }, NOTICE_TIME);
    shown.set(button, { label, timer });
  };
}

function showCounter(hint, used, limit) {
  setText(hint, used >= limit * COUNTER_THRESHOLD ? `${formatNumber(used)} of ${formatNumber(limit)}` : '');
  hint.classList.toggle('over', used > limit);
}

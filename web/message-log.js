// The list of a room's messages on screen: draws rows, and keeps the scroll position.
//
// While the user is at the end of the list, it scrolls to each new message. Elsewhere it keeps its position and shows a button that
// scrolls to the end. Only the latest rows of a long list are drawn; earlier rows are added when the user scrolls towards them.

import { $, setAttribute, setText, setVisible } from './dom.js';
import { formatCount } from './format.js';
import { createMessageRows, firstMessageKey, isSameRow } from './message-rows.js';
import { createRow, updateMessage } from './message-view.js';

const DRAWN_ROWS = 300;
const ROWS_ABOVE_DIVIDER = 50; // drawn at least, so that the user can scroll up from the first unread message
const BOTTOM_TOLERANCE = 60; // px
const TOP_TOLERANCE = 200; // px
const MIN_HISTORY = 30; // the server sends more messages in one answer to a join, so fewer are the room's whole history

/** Returns { render, clear, scrollToEnd }. `loadEarlier` is called when the user is near the first message that the client has. */
export function createMessageLog(loadEarlier) {
  const scroller = $('messages');
  const latestButton = $('new-messages');
  const list = createRowList($('message-list'));
  const rowsOf = createMessageRows();
  let roomName = null;
  let input = null; // what the rows were computed from
  let rows = []; // all rows of the room
  let firstDrawn = 0; // index of the first drawn row
  let followsEnd = true;
  let isFarFromEnd = false;
  let newBelow = 0; // new messages below the visible part
  let layout = ''; // the sizes when this code last scrolled, or at the last scroll event

  scroller.addEventListener('scroll', onScroll, { passive: true });
  const resizes = new ResizeObserver(() => followsEnd && scrollToBottom());
  resizes.observe($('message-list'));
  resizes.observe(scroller);

  function onScroll() {
    if (isResized() && followsEnd) return; // not scrolled by the user; the ResizeObserver restores the position
    const hiddenBelow = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
    followsEnd = hiddenBelow < BOTTOM_TOLERANCE;
    isFarFromEnd = hiddenBelow > scroller.clientHeight;
    showLatestButton(followsEnd ? 0 : newBelow);
    if (firstDrawn > 0 && scroller.scrollTop < scroller.clientHeight) drawEarlierRows();
    else if (scroller.scrollTop < TOP_TOLERANCE) loadEarlier();
  }

  function isResized() {
    const before = layout;
    rememberLayout();
    return layout !== before;
  }

  function rememberLayout() {
    layout = `${scroller.clientWidth} ${scroller.clientHeight} ${scroller.scrollHeight}`;
  }

  const fitsOnScreen = () => scroller.scrollHeight <= scroller.clientHeight;

  function scrollToBottom() {
    scroller.scrollTop = scroller.scrollHeight;
    rememberLayout();
  }

  function scrollToEnd() {
    followsEnd = true;
    isFarFromEnd = false;
    showLatestButton(0);
    scrollToBottom();
  }

  function drawEarlierRows() {
    firstDrawn = Math.max(0, firstDrawn - DRAWN_ROWS);
    const height = scroller.scrollHeight;
    list.update(rows.slice(firstDrawn));
    keepPosition(height);
  }

  /** After rows were added above: the visible rows stay where they are. */
  function keepPosition(previousHeight) {
    scroller.scrollTop += scroller.scrollHeight - previousHeight;
    rememberLayout();
  }

  function showLatestButton(newMessages) {
    newBelow = newMessages;
    setVisible(latestButton, newBelow > 0 || isFarFromEnd);
    latestButton.classList.toggle('highlighted', newBelow > 0);
    setText(latestButton, newBelow > 0 ? formatCount(newBelow, 'new message', 'new messages') : isFarFromEnd ? 'Latest messages' : '');
  }

  function clear() {
    roomName = null;
    input = null;
    rows = [];
    firstDrawn = 0;
    list.clear();
    isFarFromEnd = false;
    showLatestButton(0);
    followsEnd = true;
  }

  function render(room, user, isOnline) {
    const isOtherRoom = roomName !== room.name;
    if (isOtherRoom) {
      clear();
      roomName = room.name;
      setAttribute(scroller, 'aria-label', `Messages in ${room.name}`);
    }
    // A screen reader must announce new messages, not the history.
    setAttribute(scroller, 'aria-live', isOtherRoom || room.phase !== 'live' ? 'off' : 'polite');
    setAttribute(scroller, 'aria-busy', room.phase === 'live' ? null : 'true');

    const { messages, outbox, dividerKey, everJoined, phase, historyComplete } = room;
    const isLoading = room.request !== null && room.request.earlier !== null;
    const next = { messages, outbox, dividerKey, user, everJoined, phase, isOnline, historyComplete, isLoading };
    if (input !== null && Object.keys(next).every((field) => next[field] === input[field])) return;
    input = next;
    draw(room, rowsOf(room, user, isOnline), isLoading, isOtherRoom);
    if (messages.length >= MIN_HISTORY && fitsOnScreen()) loadEarlier();
  }

  function draw(room, allRows, isLoading, isOtherRoom) {
    const height = scroller.scrollHeight;
    const firstKey = firstMessageKey(rows);
    showHistoryNote(room, isLoading);
    rows = allRows;
    const isLongerAbove = !isOtherRoom && firstKey !== null && firstKey !== firstMessageKey(rows);
    if (isOtherRoom || (followsEnd && rows.length - firstDrawn > 2 * DRAWN_ROWS)) firstDrawn = firstRowToDraw(isOtherRoom);
    const added = list.update(rows.slice(firstDrawn));
    showEmptyNote(room);

    if (isOtherRoom) showDividerOrEnd();
    else if (followsEnd) scrollToBottom();
    else if (isLongerAbove) keepPosition(height);
    else if (added > 0) showLatestButton(newBelow + added);
  }

  function firstRowToDraw(isOtherRoom) {
    const divider = isOtherRoom ? rows.findIndex(({ kind }) => kind === 'divider') : -1;
    const latest = rows.length - DRAWN_ROWS;
    return Math.max(0, divider < 0 ? latest : Math.min(latest, divider - ROWS_ABOVE_DIVIDER));
  }

  function showDividerOrEnd() {
    followsEnd = true;
    scrollToBottom();
    const divider = list.divider();
    if (divider === null || divider.offsetTop >= scroller.scrollTop) return;
    scroller.scrollTop = divider.offsetTop - scroller.clientHeight / 3;
    followsEnd = false;
  }

  function showHistoryNote({ messages, historyComplete }, isLoading) {
    const text = historyComplete ? 'This is the start of the room.' : isLoading ? 'Loading earlier messages…' : '';
    setText($('history-note'), messages.length === 0 ? '' : text);
  }

  function showEmptyNote({ everJoined, phase }) {
    const isEmpty = rows.length === 0;
    setVisible($('no-messages'), isEmpty);
    setVisible($('invite'), everJoined);
    setText($('no-messages-text'), !isEmpty ? '' : everJoined && phase === 'live' ? 'No messages yet.' : 'Joining…');
  }

  return { render, clear, scrollToEnd };
}

// ------------------------------------------------------------------------------------------------------ rows

/** Returns { update, clear, divider }: makes the list's nodes match rows, and reuses the nodes of known rows. */
function createRowList(list) {
  const nodes = new Map(); // by key
  let drawn = [];

  /** Returns how many messages of other users were added. Rows before the first difference are not touched. */
  function update(rows) {
    let start = 0;
    while (start < drawn.length && start < rows.length && isSameRow(drawn[start], rows[start])) start++;
    if (start === drawn.length && start === rows.length) return 0;
    const nodeAtStart = start === 0 ? list.firstChild : nodes.get(drawn[start - 1].key).nextSibling;
    const cursor = removeNodes(start, rows, nodeAtStart);
    const added = insertNodes(start, rows, cursor);
    drawn = rows;
    return added;
  }

  /** Removes the nodes of rows that are gone. Returns the first node that remains after `start`, or null. */
  function removeNodes(start, rows, cursor) {
    const keys = new Set();
    for (let i = start; i < rows.length; i++) keys.add(rows[i].key);
    for (let i = start; i < drawn.length; i++) {
      const { key, id, isPending } = drawn[i];
      if (keys.has(key)) continue;
      const node = nodes.get(key);
      nodes.delete(key);
      const delivered = isPending && rows.find((row) => row.id === id && !row.isPending);
      if (delivered && !nodes.has(delivered.key)) {
        nodes.set(delivered.key, node); // a pending message that was delivered keeps its node
        continue;
      }
      if (node === cursor) cursor = node.nextSibling;
      node.remove();
    }
    return cursor;
  }

  function insertNodes(start, rows, cursor) {
    const previous = new Map(drawn.slice(start).map((row) => [row.key, row]));
    let added = 0;
    for (const row of rows.slice(start)) {
      let node = nodes.get(row.key);
      if (!node) {
        node = createRow(row);
        nodes.set(row.key, node);
        if (row.kind === 'message' && !row.isOwn) added++;
      }
      const before = previous.get(row.key);
      if (row.kind === 'message' && !(before && isSameRow(before, row))) updateMessage(node, row);
      if (node === cursor) cursor = cursor.nextSibling;
      else list.insertBefore(node, cursor);
    }
    return added;
  }

  return {
    update,
    clear() {
      drawn = [];
      nodes.clear();
      list.replaceChildren();
    },
    divider: () => list.querySelector('.divider'),
  };
}

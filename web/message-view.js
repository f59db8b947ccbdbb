// The nodes of a message list's rows.

import { element, setAttribute, setAvatar, setText } from './dom.js';
import { errorText, formatDateAndTime, formatDay, formatTime } from './format.js';

/** Creates the node of a row. A message's node is empty until `updateMessage`. */
export const createRow = (row) => creators[row.kind](row);

const creators = {
  day: ({ at }) => element('li', { class: 'day' }, element('span', {}, formatDay(at))),
  divider: () => element('li', { class: 'divider' }, element('span', {}, 'New')),
  message: () => element('li', { class: 'message' },
    element('span', { class: 'seq', 'aria-hidden': 'true' }),
    element('span', { class: 'avatar', 'aria-hidden': 'true' }),
    element('p', { class: 'byline' }, element('bdi', { class: 'name' }), ' ', element('time', {})),
    element('div', { class: 'text', dir: 'auto' })),
};

/** Writes a message's row into its node. */
export function updateMessage(node, { source, isPending, isOffline, user, at, startsGroup, isOwn }) {
  const [seq, avatar, byline, text] = node.children;
  const status = isPending ? source.status : 'delivered';
  node.classList.toggle('group-start', startsGroup);
  node.classList.toggle('own', isOwn);
  setAttribute(node, 'data-status', status);
  setAttribute(node, 'data-id', source.id);
  setAttribute(node, 'data-seq', source.seq === null ? null : String(source.seq));
  setAttribute(node, 'data-user', user);
  setText(seq, source.seq === null ? '' : String(source.seq));
  if (startsGroup) setAvatar(avatar, user);
  setText(byline.firstChild, user);
  if (!Number.isNaN(at)) setTime(byline.lastChild, seq, at);
  if (text.textContent !== source.text) text.replaceChildren(...withLinks(source.text));
  updateDelivery(node, deliveryOf(status, isOffline, source.attempts), source);
}

function setTime(time, seq, at) {
  const iso = new Date(at).toISOString();
  if (time.dateTime === iso) return;
  time.dateTime = iso;
  time.title = formatDateAndTime(at);
  setText(time, formatTime(at));
  seq.dataset.time = formatTime(at);
}

// -------------------------------------------------------------------------------------------------- delivery

const DELIVERY_TEXTS = { offline: 'Will be sent when you are online.', retrying: 'Retrying…', sending: 'Sending…' };

function deliveryOf(status, isOffline, attempts) {
  if (status === 'failed') return 'failed';
  if (status !== 'queued' && status !== 'sending') return '';
  return isOffline ? 'offline' : attempts > 0 ? 'retrying' : 'sending';
}

/** Shows how an unsent message stands, and the buttons for a rejected one. */
function updateDelivery(node, delivery, { error }) {
  const previous = node.children[4] ?? null;
  if ((previous?.dataset.delivery ?? '') === delivery) return;
  previous?.remove();
  if (delivery === '') return;
  const button = (action, label) => element('button', { type: 'button', class: 'link', 'data-action': action }, label);
  node.append(delivery === 'failed'
    ? element('p', { class: 'delivery error', role: 'alert', 'data-delivery': delivery }, `${errorText(error, 'message')} `,
      button('edit', 'Edit'), ' ', button('retry', 'Try again'), ' ', button('discard', 'Discard'))
    : element('p', { class: 'delivery', 'data-delivery': delivery }, DELIVERY_TEXTS[delivery]));
}

// ----------------------------------------------------------------------------------------------------- links

/** A URL without the punctuation that ends the sentence around it. */
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

// Small functions on the DOM. Those that change a node write only what differs, so that an unchanged page causes no work and no
// announcement by a screen reader.

/** The element with this id. */
export const $ = (id) => document.getElementById(id);

/** Creates an element. Attributes and texts are set as they are, never parsed as HTML. */
export function element(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Sets the attribute, or removes it if the value is null. */
export function setAttribute(node, name, value) {
  if (value === null || value === undefined) node.removeAttribute(name);
  else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

export function setVisible(node, visible) {
  if (node.hidden === visible) node.hidden = !visible;
}

const childrenByKey = new WeakMap();

/** Makes the parent's children match the items, in order. An item with a known key keeps its node. */
export function setChildren(parent, items, keyOf, create, update = () => {}) {
  const before = childrenByKey.get(parent) ?? new Map();
  const after = new Map();
  for (const item of items) after.set(keyOf(item), before.get(keyOf(item)) ?? create(item));
  for (const [key, node] of before) if (!after.has(key)) node.remove();
  let cursor = parent.firstChild;
  for (const item of items) {
    const node = after.get(keyOf(item));
    update(node, item);
    if (node === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node, cursor);
  }
  childrenByKey.set(parent, after);
}

// --------------------------------------------------------------------------------------------------- avatars

const HUES = 12;

/** Shows up to two letters of the name, on a colour that depends on the name alone. */
export function setAvatar(node, name) {
  const previous = node.dataset.name;
  if (previous === name) return;
  if (previous !== undefined) node.classList.remove(hueClass(previous));
  node.dataset.name = name;
  node.classList.add(hueClass(name));
  setText(node, initials(name));
}

/** By the hash function FNV-1a. */
function hueClass(name) {
  let hash = 2166136261;
  for (const character of name) hash = Math.imul(hash ^ character.codePointAt(0), 16777619);
  return `hue-${((hash ^ (hash >>> 15)) >>> 0) % HUES}`;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const firstGrapheme = (word) => graphemes.segment(word)[Symbol.iterator]().next().value?.segment ?? '';

function initials(name) {
  const words = name.split(/[\s._-]+/u).filter((word) => word !== '');
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : words.length === 1 ? words : [name];
  const letters = chosen.map(firstGrapheme);
  return (letters.every((letter) => /^\p{L}/u.test(letter)) ? letters.join('') : letters[0]).toUpperCase();
}

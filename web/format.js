// Formats what the page shows: numbers, times and error messages.

import { LIMITS } from './validation.js';

const number = new Intl.NumberFormat();
const time = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const date = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const dateAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });

export const formatNumber = (n) => number.format(n);

export const formatCount = (n, singular, plural) => `${number.format(n)} ${n === 1 ? singular : plural}`;

export const formatTime = (at) => time.format(at);

export const formatDateAndTime = (at) => dateAndTime.format(at);

export function formatDay(at) {
  const today = new Date();
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  const day = new Date(at).toDateString();
  if (day === today.toDateString()) return 'Today';
  return day === yesterday.toDateString() ? 'Yesterday' : date.format(at);
}

/** The text for an error response about a 'name', a 'room' or a 'message'. For an unknown code, the server's own message. */
export function errorText({ code, message }, subject) {
  const limit = subject === 'message' ? LIMITS.text : LIMITS.name;
  const texts = {
    blank: subject === 'message' ? 'The message is empty.' : 'Enter a name.',
    'too-long': `Too long: the maximum is ${number.format(limit)} characters.`,
    'control-character': 'The text contains invisible control characters.',
    'unpaired-surrogate': 'The text contains an incomplete Unicode character.',
    'name-taken': 'This name is already in use. Choose another one.',
    'room-exists': 'A room with this name already exists.',
    'no-such-room': 'This room is closed.',
    'too-many-rooms': 'You are in the maximum number of rooms. Leave one first.',
    'not-a-member': 'You are not a member of this room.',
  };
  return Object.hasOwn(texts, code) ? texts[code] : message || 'The request failed.';
}

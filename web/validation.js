// Rules for names and message texts. The server enforces them; the client checks first, so that the user sees the error at once.

/** Maximum lengths, in code points after NFC normalisation. */
export const LIMITS = Object.freeze({ name: 32, text: 4000 });

/** The length as the server counts it: code points after NFC normalisation. */
export function length(text) {
  let count = 0;
  for (const _ of text.normalize('NFC')) count++;
  return count;
}

/** The name as it is sent: normalised, without white space at either end. */
export const cleanName = (name) => name.normalize('NFC').trim();

/** The text as it is sent: line breaks are `\n`; blank lines at the start and white space at the end are removed. */
export const cleanText = (text) => text.replace(/\r\n?/g, '\n').replace(/^(?:[^\S\n]*\n)+/, '').trimEnd();

/** Returns the server's error code for this user or room name, or null if the name is valid. */
export const checkName = (name) => check(cleanName(name), LIMITS.name);

/** Returns the server's error code for this message text, or null if the text is valid. */
export const checkText = (text) => check(cleanText(text), LIMITS.text);

const check = (text, limit) => (text === '' ? 'blank' : length(text) > limit ? 'too-long' : null);

// Reads the server's frames. Malformed input never throws: each function returns null or leaves the malformed part out.

/** The frame, or null if the data is not a JSON object. */
export function parseFrame(data) {
  try {
    const frame = JSON.parse(data);
    return frame !== null && typeof frame === 'object' && !Array.isArray(frame) ? frame : null;
  } catch {
    return null;
  }
}

/** A message of a room, or null. Its text is passed separately: the field is `message` in an event, `content` in a history. */
export function parseMessage(frame, text) {
  if (frame === null || typeof frame !== 'object' || !isSeq(frame.seq)) return null;
  if (typeof frame.user !== 'string' || typeof text !== 'string') return null;
  const { user, seq } = frame;
  return { id: typeof frame.id === 'string' ? frame.id : null, user, text, seq, time: String(frame.time ?? '') };
}

/** The answer to a join: messages in the order of their seq, and the roster at `seq`. Null if `seq` is missing. */
export function parseHistory(frame) {
  if (!isSeq(frame.seq)) return null;
  const messages = (Array.isArray(frame.messages) ? frame.messages : [])
    .map((message) => parseMessage(message, message?.content))
    .filter((message) => message !== null)
    .sort((a, b) => a.seq - b.seq);
  return { messages, members: strings(frame.members), seq: frame.seq, more: frame.more === true };
}

/** An error response's code, and the server's English message for it (or ''). */
export const parseError = (frame) =>
  ({ code: String(frame.code), message: typeof frame.message === 'string' ? frame.message : '' });

/** The strings in a list; no strings if it is not a list. */
export const strings = (value) => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []);

/** Whether the value is a sequence number: a non-negative integer that a double represents exactly. */
export const isSeq = (value) => Number.isSafeInteger(value) && value >= 0;

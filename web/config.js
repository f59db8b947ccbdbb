// Where the chat is, and whose signature it wants: none, or that of a guest of an identity pool. A deployment answers this file
// in its own way; without that, the socket is next to the page.
const { protocol, host } = globalThis.location;

export const socketUrl = `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/dev`;

/** Null, or `{ region, identityPoolId }`. */
export const auth = null;

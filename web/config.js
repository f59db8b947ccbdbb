// Where the chat's WebSocket is, and how connections are signed. This file is for a host that serves the page and the WebSocket at
// one address, without signatures; a deployment serves another `config.js` in its place.
const { protocol, host } = globalThis.location;

export const socketUrl = `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/dev`;

/** Null if connections are not signed; otherwise the guests' identity pool: `{ region, identityPoolId }`. */
export const auth = null;

// Where the chat is. A deployment overwrites this file; without that, the socket is next to the page.
const { protocol, host } = globalThis.location;

export const socketUrl = `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/dev`;

// The page's `config.js` for a local chat with signed connections: the WebSocket and the identity pool have the page's own address.
// The local API Gateway replaces the names in braces.
const { protocol, host, origin } = globalThis.location;

export const socketUrl = `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/{stage}`;

export const auth = { region: '{region}', identityPoolId: '{identityPool}', endpoint: `${origin}/` };

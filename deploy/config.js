// The page's config.js where connections are signed on this machine: the socket and the identity pool are both next to the page.
const { protocol, host, origin } = globalThis.location;

export const socketUrl = `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/{stage}`;

export const auth = { region: '{region}', identityPoolId: '{identityPool}', endpoint: `${origin}/` };

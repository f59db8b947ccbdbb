// Requests that say who makes them: AWS Signature Version 4, in the query, since a browser's WebSocket sends no headers of ours.
// It is written for one use, the handshake of a socket, and general only as far as AWS's published examples need it.

const ALGORITHM = 'AWS4-HMAC-SHA256';
const EMPTY_BODY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** As long as a clock may be wrong; until then whoever sees the address can use it, and nobody but the server does. */
const EXPIRES_SECONDS = 300;

/** The address with its signature. Its path is signed as it stands: `/stage`, without a slash at the end. */
export async function presign({ url, region, service, credentials, at = new Date(), expires = EXPIRES_SECONDS, payload = EMPTY_BODY }) {
  const address = split(url);
  const scope = { region, service, time: basic(at) };
  const query = [
    ...address.query,
    ['X-Amz-Algorithm', ALGORITHM],
    ['X-Amz-Credential', `${credentials.accessKeyId}/${scopeOf(scope)}`],
    ['X-Amz-Date', scope.time],
    ['X-Amz-Expires', String(expires)],
    ...(credentials.sessionToken ? [['X-Amz-Security-Token', credentials.sessionToken]] : []),
    ['X-Amz-SignedHeaders', 'host'],
  ];
  const request = { method: 'GET', path: address.path, query, headers: [['host', address.host]], payload };
  const signature = await sign(request, scope, credentials.secretKey);
  return `${address.origin}${address.path}?${canonicalQuery(query)}&X-Amz-Signature=${signature}`;
}

/** The signature of a request; `headers` are the signed ones, by their names in lower case, in order. */
export async function sign({ method, path, query, headers, payload }, scope, secretKey) {
  const canonicalRequest = [
    method,
    path,
    canonicalQuery(query),
    ...headers.map(([name, value]) => `${name}:${value.trim().replace(/ +/g, ' ')}`),
    '',
    headers.map(([name]) => name).join(';'),
    payload,
  ].join('\n');
  const toSign = [ALGORITHM, scope.time, scopeOf(scope), hex(await sha256(canonicalRequest))].join('\n');
  let key = utf8(`AWS4${secretKey}`);
  for (const part of scopeOf(scope).split('/')) key = await hmac(key, part);
  return hex(await hmac(key, toSign));
}

const scopeOf = ({ time, region, service }) => `${time.slice(0, 8)}/${region}/${service}/aws4_request`;

/** 2013-05-24T00:00:00.000Z as 20130524T000000Z. */
const basic = (at) => at.toISOString().replace(/[-:]|\.\d+/g, '');

/** Taken apart by hand: what is signed has to be what is sent, and `URL` would put parts of it another way. */
function split(url) {
  const [, origin, host, path, query] = /^(\w+:\/\/([^/?#]+))([^?#]*)(?:\?([^#]*))?/.exec(url);
  return { origin, host, path: path || '/', query: (query ?? '').split('&').filter(Boolean).map(pair) };
}

function pair(text) {
  const [name, ...value] = text.split('=');
  return [decodeURIComponent(name), decodeURIComponent(value.join('='))];
}

const canonicalQuery = (query) =>
  query
    .map(([name, value]) => [encode(name), encode(value)])
    .sort(([a, x], [b, y]) => order(a, b) || order(x, y))
    .map((both) => both.join('='))
    .join('&');

const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** All but RFC 3986's unreserved characters. */
const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

const utf8 = (text) => new TextEncoder().encode(text);

const sha256 = (text) => crypto.subtle.digest('SHA-256', utf8(text));

async function hmac(bytes, text) {
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return crypto.subtle.sign('HMAC', key, utf8(text));
}

const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');

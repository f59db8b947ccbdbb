// AWS Signature Version 4 in the query of a URL (a presigned URL), because a browser cannot add headers to a WebSocket handshake.
// It covers what the handshake needs, and what AWS's published examples need to test it.

const ALGORITHM = 'AWS4-HMAC-SHA256';
const EMPTY_BODY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** The signature is valid for this time, so the clock of this computer may be slow by as much. */
const EXPIRES_SECONDS = 300;

/**
 * Returns the URL with its signature, for a GET request. The path is signed unchanged, so it must be the one that the server sees:
 * API Gateway expects `/stage` without a slash at the end.
 */
export async function presign({ url, region, service, credentials, at = new Date(), expires = EXPIRES_SECONDS, payload = EMPTY_BODY_SHA256 }) {
  const address = parseUrl(url);
  const scope = { region, service, time: compactTime(at) };
  const query = [
    ...address.query,
    ['X-Amz-Algorithm', ALGORITHM],
    ['X-Amz-Credential', `${credentials.accessKeyId}/${credentialScope(scope)}`],
    ['X-Amz-Date', scope.time],
    ['X-Amz-Expires', String(expires)],
    ...(credentials.sessionToken ? [['X-Amz-Security-Token', credentials.sessionToken]] : []),
    ['X-Amz-SignedHeaders', 'host'],
  ];
  const request = { method: 'GET', path: address.path, query, headers: [['host', address.host]], payload };
  const signature = await sign(request, scope, credentials.secretKey);
  return `${address.origin}${address.path}?${canonicalQuery(query)}&X-Amz-Signature=${signature}`;
}

/**
 * Returns the signature of a request. `query` and `headers` are [name, value] pairs; all headers are signed, and their names must be
 * in lower case and sorted. `payload` is the body's SHA-256 in hexadecimal. `scope` is { region, service, time }.
 */
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
  const stringToSign = [ALGORITHM, scope.time, credentialScope(scope), hex(await sha256(canonicalRequest))].join('\n');
  let key = utf8(`AWS4${secretKey}`);
  for (const part of credentialScope(scope).split('/')) key = await hmac(key, part);
  return hex(await hmac(key, stringToSign));
}

const credentialScope = ({ time, region, service }) => `${time.slice(0, 8)}/${region}/${service}/aws4_request`;

/** Writes 2013-05-24T00:00:00.000Z as 20130524T000000Z. */
const compactTime = (at) => at.toISOString().replace(/[-:]|\.\d+/g, '');

/** The class `URL` would normalise parts of the URL, but the signed form must be the form that is sent. */
function parseUrl(url) {
  const [, origin, host, path, query] = /^(\w+:\/\/([^/?#]+))([^?#]*)(?:\?([^#]*))?/.exec(url);
  return { origin, host, path: path || '/', query: (query ?? '').split('&').filter(Boolean).map(parsePair) };
}

function parsePair(text) {
  const [name, ...value] = text.split('=');
  return [decodeURIComponent(name), decodeURIComponent(value.join('='))];
}

/** Sorted by the encoded names, then by the encoded values. */
const canonicalQuery = (query) =>
  query
    .map(([name, value]) => [encode(name), encode(value)])
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map((pair) => pair.join('='))
    .join('&');

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** Percent-encodes all but the unreserved characters of RFC 3986; `encodeURIComponent` leaves five others unencoded. */
const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

const utf8 = (text) => new TextEncoder().encode(text);

const sha256 = (text) => crypto.subtle.digest('SHA-256', utf8(text));

async function hmac(bytes, text) {
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return crypto.subtle.sign('HMAC', key, utf8(text));
}

const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');

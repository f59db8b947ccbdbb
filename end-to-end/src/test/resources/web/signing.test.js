// How the client signs, and how it comes to credentials: `tests(sigv4, credentials)` gives [name, async function] pairs.
// Expected signatures are AWS's published ones: S3's documented presign example, and the `v4` suite of awslabs/aws-c-auth.

function check(condition, message) {
  if (!condition) throw new Error(message);
}

function equal(actual, expected, what = 'value') {
  const [a, e] = [JSON.stringify(actual), JSON.stringify(expected)];
  check(a === e, `${what}: expected ${e}, got ${a}`);
}

const SUITE = {
  region: 'us-east-1',
  service: 'service',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
  at: new Date('2015-08-30T12:36:00Z'),
  expires: 3600,
};
const TOKEN = '6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267';

const signatureIn = (url) => /&X-Amz-Signature=([0-9a-f]{64})$/.exec(url)?.[1];

function signing({ presign, sign }) {
  const inHeaders = (request) =>
    sign(
      {
        method: 'GET',
        path: '/',
        query: [],
        payload: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
        ...request,
        headers: [['host', 'example.amazonaws.com'], ...(request.headers ?? []), ['x-amz-date', '20150830T123600Z']],
      },
      { region: SUITE.region, service: SUITE.service, time: '20150830T123600Z' },
      SUITE.credentials.secretKey,
    );
  const suite = (name, request, signature) => [
    `the suite’s ${name}`,
    async () => equal(await inHeaders(request), signature),
  ];
  const unreserved = '-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

  return [
    suite('get-vanilla', {}, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'),
    suite('post-vanilla', { method: 'POST' }, '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'),
    suite(
      'get-vanilla-query-order-key-case',
      { query: [['Param2', 'value2'], ['Param1', 'value1']] },
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    ),
    suite(
      'get-vanilla-query-unreserved',
      { query: [[unreserved, unreserved]] },
      '9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197',
    ),
    suite(
      'get-vanilla-utf8-query',
      { query: [['ሴ', 'bar']] },
      '2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04',
    ),
    [
      'the suite’s query form of get-vanilla-query-order-key-case',
      async () =>
        equal(
          signatureIn(await presign({ ...SUITE, url: 'https://example.amazonaws.com/?Param2=value2&Param1=value1' })),
          '86012e2c9ad4d77369f5d81c11f75158aae4f895a085212cc6d3f923d300bed5',
        ),
    ],
    [
      'the suite’s query form of get-vanilla-with-session-token',
      async () =>
        equal(
          signatureIn(
            await presign({
              ...SUITE,
              url: 'https://example.amazonaws.com/',
              credentials: { ...SUITE.credentials, sessionToken: TOKEN },
            }),
          ),
          '7ff2b50b376cb4d151970630573d6291dc128cc5c2a12ffb237f73cc53f67b6c',
        ),
    ],
    [
      'S3’s documented presign example',
      async () =>
        equal(
          await presign({
            url: 'https://examplebucket.s3.amazonaws.com/test.txt',
            region: 'us-east-1',
            service: 's3',
            credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
            at: new Date('2013-05-24T00:00:00Z'),
            expires: 86400,
            payload: 'UNSIGNED-PAYLOAD',
          }),
          'https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256' +
            '&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z' +
            '&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
            '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
        ),
    ],
    [
      'a socket’s address keeps its path, and its token is signed with it',
      async () => {
        const url = await presign({
          url: 'wss://abc123.execute-api.eu-west-1.amazonaws.com/dev',
          region: 'eu-west-1',
          service: 'execute-api',
          credentials: { accessKeyId: 'ASIAEXAMPLE', secretKey: 'secret', sessionToken: 'a/b+c=' },
          at: new Date('2030-01-01T12:00:00Z'),
        });
        check(url.startsWith('wss://abc123.execute-api.eu-west-1.amazonaws.com/dev?X-Amz-Algorithm='), url);
        check(url.indexOf('X-Amz-Security-Token=a%2Fb%2Bc%3D') < url.indexOf('X-Amz-Signature='), url);
        check(/[?&]X-Amz-Expires=300&/.test(url), url);
      },
    ],
  ];
}

const POOL = { region: 'eu-west-1', identityPoolId: 'eu-west-1:pool' };
const HOUR = 3_600_000;

/** A pool that names its guests 1, 2, 3, and keeps count of what it was asked. */
function pool(lifetime = HOUR) {
  const it = { now: 1_000_000_000_000, ahead: 0, asked: [], guests: 0, forgotten: new Set(), down: false };
  const headers = { get: (name) => (name === 'Date' ? new Date(it.now + it.ahead).toUTCString() : null) };
  globalThis.fetch = async (url, { method, headers: asking, body }) => {
    const operation = asking['X-Amz-Target'].replace('AWSCognitoIdentityService.', '');
    const request = JSON.parse(body);
    it.asked.push([method, url, operation, request]);
    if (it.down) throw new TypeError('Failed to fetch');
    if (operation === 'GetId') return { ok: true, headers, json: async () => ({ IdentityId: `guest-${++it.guests}` }) };
    if (it.forgotten.has(request.IdentityId)) {
      return { ok: false, status: 400, headers, json: async () => ({ __type: 'ResourceNotFoundException', message: 'no such identity' }) };
    }
    const Credentials = {
      AccessKeyId: `ASIA-${request.IdentityId}-${it.asked.length}`,
      SecretKey: 'secret',
      SessionToken: 'token',
      Expiration: (it.now + it.ahead + lifetime) / 1000,
    };
    return { ok: true, headers, json: async () => ({ IdentityId: request.IdentityId, Credentials }) };
  };
  it.operations = () => it.asked.map(([, , operation]) => operation).join(' ');
  return it;
}

function storage() {
  const kept = new Map();
  return { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => kept.set(name, value) };
}

function guests({ guest }) {
  return [
    [
      'a new guest asks for an id and then for credentials',
      async () => {
        const cognito = pool();
        const got = await guest(POOL, storage(), () => cognito.now)();
        equal(cognito.asked, [
          ['POST', 'https://cognito-identity.eu-west-1.amazonaws.com/', 'GetId', { IdentityPoolId: 'eu-west-1:pool' }],
          ['POST', 'https://cognito-identity.eu-west-1.amazonaws.com/', 'GetCredentialsForIdentity', { IdentityId: 'guest-1' }],
        ]);
        equal(got, { accessKeyId: 'ASIA-guest-1-2', secretKey: 'secret', sessionToken: 'token', expiresAt: cognito.now + HOUR, skew: 0 });
      },
    ],
    [
      'credentials are used until shortly before they expire',
      async () => {
        const cognito = pool();
        const credentials = guest(POOL, storage(), () => cognito.now);
        const first = await credentials();
        cognito.now += HOUR - 6 * 60_000;
        equal(await credentials(), first);
        cognito.now += 60_000;
        check((await credentials()).accessKeyId !== first.accessKeyId, 'they were not renewed');
        equal(cognito.operations(), 'GetId GetCredentialsForIdentity GetCredentialsForIdentity');
      },
    ],
    [
      'asked twice at a time, the pool is asked once',
      async () => {
        const cognito = pool();
        const credentials = guest(POOL, storage(), () => cognito.now);
        const [one, other] = await Promise.all([credentials(), credentials()]);
        equal(one, other);
        equal(cognito.asked.length, 2);
      },
    ],
    [
      'a clock that is wrong by an hour does not matter',
      async () => {
        for (const ahead of [HOUR, -HOUR]) {
          const cognito = pool();
          cognito.ahead = ahead;
          const credentials = guest(POOL, storage(), () => cognito.now);
          const got = await credentials();
          equal(got.skew, ahead);
          equal(got.expiresAt, cognito.now + ahead + HOUR);
          cognito.now += HOUR / 2;
          equal((await credentials()).accessKeyId, got.accessKeyId);
          cognito.now += HOUR / 2 - 5 * 60_000;
          check((await credentials()).accessKeyId !== got.accessKeyId, 'not renewed');
        }
      },
    ],
    [
      'the second that a date leaves out is no difference',
      async () => {
        const cognito = pool();
        cognito.now += 900;
        equal((await guest(POOL, storage(), () => cognito.now)()).skew, 0);
      },
    ],
    [
      'after a reload it is the same guest',
      async () => {
        const cognito = pool();
        const kept = storage();
        await guest(POOL, kept, () => cognito.now)();
        check((await guest(POOL, kept, () => cognito.now)()).accessKeyId.startsWith('ASIA-guest-1'), 'another guest');
        equal(cognito.guests, 1);
      },
    ],
    [
      'of another pool it is another guest',
      async () => {
        const cognito = pool();
        const kept = storage();
        await guest(POOL, kept, () => cognito.now)();
        await guest({ ...POOL, identityPoolId: 'eu-west-1:another' }, kept, () => cognito.now)();
        equal(cognito.guests, 2);
      },
    ],
    [
      'a guest whom the pool has forgotten is a new one',
      async () => {
        const cognito = pool();
        const kept = storage();
        await guest(POOL, kept, () => cognito.now)();
        cognito.forgotten.add('guest-1');
        check((await guest(POOL, kept, () => cognito.now)()).accessKeyId.startsWith('ASIA-guest-2'), 'not a new guest');
      },
    ],
    [
      'what failed is tried again the next time, in the name of the same guest',
      async () => {
        const cognito = pool(0);
        const credentials = guest(POOL, storage(), () => cognito.now);
        await credentials();
        cognito.down = true;
        let failed = false;
        await credentials().catch(() => (failed = true));
        check(failed, 'it did not fail');
        cognito.down = false;
        check((await credentials()).accessKeyId.startsWith('ASIA-guest-1'), 'another guest');
      },
    ],
    [
      'without storage it works, too',
      async () => {
        const cognito = pool();
        const none = { getItem: () => { throw new Error('denied'); }, setItem: () => { throw new Error('denied'); } };
        check((await guest(POOL, none, () => cognito.now)()).accessKeyId.startsWith('ASIA-guest-1'), 'no credentials');
      },
    ],
  ];
}

export const tests = (sigv4, credentials) => [...signing(sigv4), ...guests(credentials)];

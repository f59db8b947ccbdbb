// Tests of the guest credentials, with a model of the Cognito identity pool in the place of `fetch`.

import { guestCredentials } from '../../../../../web/credentials.js';
import { check, equal } from './assert.js';

const POOL = { region: 'eu-west-1', identityPoolId: 'eu-west-1:pool' };
const ENDPOINT = 'https://cognito-identity.eu-west-1.amazonaws.com/';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * An identity pool whose guests are guest-1, guest-2 and so on. A test sets the client's clock (`now`), the pool's difference from
 * it (`ahead`), the guests that the pool has removed, and whether the pool is unreachable.
 */
function modelPool(lifetime = HOUR) {
  const pool = { now: 1_000_000_000_000, ahead: 0, requests: [], guests: 0, removed: new Set(), isUnreachable: false };
  const headers = { get: (name) => (name === 'Date' ? new Date(pool.now + pool.ahead).toUTCString() : null) };
  const ok = (body) => ({ ok: true, headers, json: async () => body });

  globalThis.fetch = async (url, { method, headers: requestHeaders, body }) => {
    const operation = requestHeaders['X-Amz-Target'].replace('AWSCognitoIdentityService.', '');
    const request = JSON.parse(body);
    pool.requests.push([method, url, operation, request]);
    if (pool.isUnreachable) throw new TypeError('Failed to fetch');
    if (operation === 'GetId') return ok({ IdentityId: `guest-${++pool.guests}` });
    const { IdentityId } = request;
    if (pool.removed.has(IdentityId)) {
      return { ok: false, status: 400, headers, json: async () => ({ __type: 'ResourceNotFoundException', message: 'no such identity' }) };
    }
    const Credentials = {
      AccessKeyId: `ASIA-${IdentityId}-${pool.requests.length}`,
      SecretKey: 'secret',
      SessionToken: 'token',
      Expiration: (pool.now + pool.ahead + lifetime) / 1000,
    };
    return ok({ IdentityId, Credentials });
  };

  return Object.assign(pool, {
    operations: () => pool.requests.map(([, , operation]) => operation).join(' '),
    /** A function that gets credentials, as a new page with this storage has it. */
    client: (storage = modelStorage(), changes = {}) => guestCredentials({ ...POOL, ...changes }, storage, () => pool.now),
  });
}

function modelStorage() {
  const items = new Map();
  return { getItem: (name) => items.get(name) ?? null, setItem: (name, value) => items.set(name, value) };
}

const isOf = (guest, { accessKeyId }) => check(accessKeyId.startsWith(`ASIA-${guest}-`), `${accessKeyId} is not a key of ${guest}`);

/** Test functions by name; a test fails by rejecting its promise. */
export const tests = {
  async 'a new guest requests an identity and then credentials'() {
    const pool = modelPool();
    const credentials = await pool.client()();
    equal(pool.requests, [
      ['POST', ENDPOINT, 'GetId', { IdentityPoolId: 'eu-west-1:pool' }],
      ['POST', ENDPOINT, 'GetCredentialsForIdentity', { IdentityId: 'guest-1' }],
    ]);
    equal(credentials, { accessKeyId: 'ASIA-guest-1-2', secretKey: 'secret', sessionToken: 'token', expiresAt: pool.now + HOUR, skew: 0 });
  },

  async 'credentials are reused until five minutes before they expire'() {
    const pool = modelPool();
    const credentials = pool.client();
    const first = await credentials();
    pool.now += HOUR - 6 * MINUTE;
    equal(await credentials(), first);
    pool.now += MINUTE;
    check((await credentials()).accessKeyId !== first.accessKeyId, 'the credentials were not renewed');
    equal(pool.operations(), 'GetId GetCredentialsForIdentity GetCredentialsForIdentity');
  },

  async 'two concurrent calls share one request'() {
    const pool = modelPool();
    const credentials = pool.client();
    const [one, other] = await Promise.all([credentials(), credentials()]);
    equal(one, other);
    equal(pool.requests.length, 2);
  },

  async 'a wrong clock of the client is corrected by the skew'() {
    for (const ahead of [HOUR, -HOUR]) {
      const pool = modelPool();
      pool.ahead = ahead;
      const credentials = pool.client();
      const first = await credentials();
      equal(first.skew, ahead);
      equal(first.expiresAt, pool.now + ahead + HOUR);
      pool.now += HOUR / 2;
      equal((await credentials()).accessKeyId, first.accessKeyId);
      pool.now += HOUR / 2 - 5 * MINUTE;
      check((await credentials()).accessKeyId !== first.accessKeyId, 'the credentials were not renewed');
    }
  },

  async 'a difference below the resolution of the Date header is no skew'() {
    const pool = modelPool();
    pool.now += 900;
    equal((await pool.client()()).skew, 0);
  },

  async 'a reloaded page is the same guest'() {
    const pool = modelPool();
    const storage = modelStorage();
    await pool.client(storage)();
    isOf('guest-1', await pool.client(storage)());
    equal(pool.guests, 1);
  },

  async 'another identity pool has another guest'() {
    const pool = modelPool();
    const storage = modelStorage();
    await pool.client(storage)();
    await pool.client(storage, { identityPoolId: 'eu-west-1:another' })();
    equal(pool.guests, 2);
  },

  async 'a guest that the pool has removed is replaced by a new guest'() {
    const pool = modelPool();
    const storage = modelStorage();
    await pool.client(storage)();
    pool.removed.add('guest-1');
    isOf('guest-2', await pool.client(storage)());
  },

  async 'a call after a failed call requests credentials again for the same guest'() {
    const pool = modelPool(0);
    const credentials = pool.client();
    await credentials();
    pool.isUnreachable = true;
    let isFailed = false;
    await credentials().catch(() => (isFailed = true));
    check(isFailed, 'the call did not fail');
    pool.isUnreachable = false;
    isOf('guest-1', await credentials());
  },

  async 'a guest gets credentials although the storage is blocked'() {
    const denied = () => {
      throw new Error('denied');
    };
    isOf('guest-1', await modelPool().client({ getItem: denied, setItem: denied })());
  },
};

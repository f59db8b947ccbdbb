// Credentials of an anonymous guest, from a Cognito identity pool. Their role may only open the chat's WebSocket.

const STORAGE_KEY = 'chat-lab-guest';

/** Credentials are renewed this long before they expire, because a WebSocket handshake must not outlive them. */
const RENEWAL_MARGIN = 5 * 60_000;

/** A smaller difference of the clocks is ignored: the Date header has whole seconds, and the response takes time to arrive. */
const SKEW_TOLERANCE = 30_000;

/**
 * Returns a function that gets credentials valid for at least RENEWAL_MARGIN; concurrent calls share one request. The guest stays
 * the same as long as `storage` keeps its identity.
 *
 * The credentials contain `skew`: how many milliseconds the pool's clock is ahead of this computer's clock. Add it to the time of a
 * signature.
 */
export function guestCredentials({ region, identityPoolId, endpoint = `https://cognito-identity.${region}.amazonaws.com/` }, storage, now = Date.now) {
  let credentials = null;
  let renewal = null;
  let skew = 0;

  return async () => {
    if (credentials !== null && credentials.expiresAt - credentials.skew - now() > RENEWAL_MARGIN) return credentials;
    renewal ??= renew().finally(() => (renewal = null));
    return renewal;
  };

  async function renew() {
    const stored = storedIdentity();
    if (stored !== null) {
      try {
        return await requestCredentials(stored);
      } catch (e) {
        const isRemoved = e.type === 'ResourceNotFoundException' || e.type === 'NotAuthorizedException';
        if (!isRemoved) throw e;
      }
    }
    const { IdentityId } = await request('GetId', { IdentityPoolId: identityPoolId });
    storeIdentity(IdentityId);
    return requestCredentials(IdentityId);
  }

  async function requestCredentials(IdentityId) {
    const { Credentials } = await request('GetCredentialsForIdentity', { IdentityId });
    credentials = {
      accessKeyId: Credentials.AccessKeyId,
      secretKey: Credentials.SecretKey,
      sessionToken: Credentials.SessionToken,
      expiresAt: Credentials.Expiration * 1000,
      skew,
    };
    return credentials;
  }

  async function request(operation, body) {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': `AWSCognitoIdentityService.${operation}` },
      body: JSON.stringify(body),
      cache: 'no-store',
    });
    const date = Date.parse(response.headers.get('Date')); // Cognito exposes this header to scripts of other origins
    if (!Number.isNaN(date)) skew = Math.abs(date - now()) < SKEW_TOLERANCE ? 0 : date - now();
    const result = await response.json();
    if (response.ok) return result;
    const type = String(result.__type ?? '').replace(/.*#/, '');
    throw Object.assign(new Error(`${operation}: ${type || response.status}`), { type });
  }

  function storedIdentity() {
    try {
      const { pool, id } = JSON.parse(storage.getItem(STORAGE_KEY));
      return pool === identityPoolId ? id : null;
    } catch {
      return null;
    }
  }

  function storeIdentity(id) {
    try {
      storage.setItem(STORAGE_KEY, JSON.stringify({ pool: identityPoolId, id }));
    } catch {
      // The browser blocks storage: each page load is a new guest.
    }
  }
}

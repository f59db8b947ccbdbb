// Credentials of an anonymous guest, from a Cognito identity pool: the same guest as long as `storage` remembers it.
// They prove no more than that; the role behind them may open a socket and do nothing else.

const STORAGE = 'chat-lab-guest';

/** Renewed this long before they expire: a handshake that begins with them ends with them. */
const MARGIN = 5 * 60_000;

/** A clock that is no more off than this is right: an answer takes a while, and its date has no fractions. */
const TOLERANCE = 30_000;

/**
 * A function that promises credentials which are good for some minutes more; asked twice at a time, it asks the pool once. With
 * them comes `skew`: how many milliseconds the pool's clock is ahead of this one, which is how much a signature's time has to be.
 */
export function guest({ region, identityPoolId, endpoint = `https://cognito-identity.${region}.amazonaws.com/` }, storage, now = Date.now) {
  let credentials = null;
  let pending = null;
  let skew = 0;

  return async () => {
    if (credentials !== null && credentials.expiresAt - credentials.skew - now() > MARGIN) return credentials;
    pending ??= renew().finally(() => (pending = null));
    return pending;
  };

  async function renew() {
    const known = recall();
    if (known !== null) {
      try {
        return await fetchCredentials(known);
      } catch (e) {
        // A guest whom the pool no longer knows is a new one.
        if (e.type !== 'ResourceNotFoundException' && e.type !== 'NotAuthorizedException') throw e;
      }
    }
    const { IdentityId } = await ask('GetId', { IdentityPoolId: identityPoolId });
    remember(IdentityId);
    return fetchCredentials(IdentityId);
  }

  async function fetchCredentials(IdentityId) {
    const { Credentials } = await ask('GetCredentialsForIdentity', { IdentityId });
    credentials = {
      accessKeyId: Credentials.AccessKeyId,
      secretKey: Credentials.SecretKey,
      sessionToken: Credentials.SessionToken,
      expiresAt: Credentials.Expiration * 1000,
      skew,
    };
    return credentials;
  }

  async function ask(operation, body) {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': `AWSCognitoIdentityService.${operation}` },
      body: JSON.stringify(body),
      cache: 'no-store',
    });
    const date = Date.parse(response.headers.get('Date')); // to the second, and Cognito lets scripts see it
    if (!Number.isNaN(date)) skew = Math.abs(date - now()) < TOLERANCE ? 0 : date - now();
    const answer = await response.json();
    if (response.ok) return answer;
    const type = String(answer.__type ?? '').replace(/.*#/, '');
    throw Object.assign(new Error(`${operation}: ${type || response.status}`), { type });
  }

  function recall() {
    try {
      const { pool, id } = JSON.parse(storage.getItem(STORAGE));
      return pool === identityPoolId ? id : null;
    } catch {
      return null;
    }
  }

  function remember(id) {
    try {
      storage.setItem(STORAGE, JSON.stringify({ pool: identityPoolId, id }));
    } catch {
      // Without storage everyone is a new guest each time.
    }
  }
}

// Timeouts and delays of the wire protocol's client side, in milliseconds.

export const TIMING = Object.freeze({
  answerTimeout: 10_000, // how long a request may stay unanswered
  gapDelay: 1_000, // frames may arrive out of order, so a missing seq is requested only after this delay
  emptyHistoryRetry: 300, // until an unexpected empty history is requested a second time
  probeTimeout: 5_000, // how long a probed connection may stay silent
  keepAlive: 8 * 60_000, // API Gateway closes a connection after 10 idle minutes and does not count ping frames
  retryFloor: 250, // added to the backoff after an error response
  backoffBase: 1_000,
  backoffCap: 30_000,
});

/**
 * The delay before the next attempt, by exponential backoff with full jitter: a random time below a ceiling that doubles with
 * each attempt. `attempt` starts at 0; `random` is in [0, 1).
 */
export const backoff = (attempt, random, base = TIMING.backoffBase, cap = TIMING.backoffCap) =>
  Math.floor(random * Math.min(cap, base * 2 ** Math.min(attempt, 20)));

// Assertions for the tests of the browser client. They throw when they fail.

/** Fails with the message if the condition is false. */
export function check(condition, message) {
  if (!condition) throw new Error(message);
}

/** Fails if the values differ as JSON. */
export function equal(actual, expected, what = 'value') {
  const [a, e] = [JSON.stringify(actual), JSON.stringify(expected)];
  check(a === e, `${what}: expected ${e}, got ${a}`);
}

/** Fails at the first id that differs; the message shows the ids around it. */
export function sameOrder(actual, expected, what) {
  const i = expected.findIndex((id, at) => id !== actual[at]);
  const near = (ids) => ids.slice(Math.max(0, i - 2), i + 4).join(' ');
  check(i < 0 && actual.length === expected.length, `${what}, at ${i} of ${expected.length}: expected … ${near(expected)} …, got … ${near(actual)} …`);
}

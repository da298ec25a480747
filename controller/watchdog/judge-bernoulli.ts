const NEARLY_ONE = 1 - 1e-9;

/** Kullback-Leibler divergence of Bernoulli(p) from Bernoulli(q), nats; 0 < q < 1. */
export function divergence(p: number, q: number): number {
  const bad = p > 0 ? p * Math.log(p / q) : 0;
  const good = p < 1 ? (1 - p) * Math.log((1 - p) / (1 - q)) : 0;
  return bad + good;
}

/**
 * -ln of Chernoff's bound on P(at least `bad` of `requests` | share <= guard): n KL(k/n || guard), 0 when the share
 * keeps the guard (Hoeffding 1963, theorem 1).
 */
export function chernoffEvidence(requests: number, bad: number, guard: number): number {
  if (requests <= 0 || guard >= 1 || bad <= requests * guard) return 0;
  return requests * divergence(Math.min(1, bad / requests), guard);
}

/**
 * The p1 > guard for which the log-likelihood ratio of p1 to p0 has no drift at the guard, so that a share below it
 * drives the CUSUM to zero and one above it to the alarm: guard ln(p1/p0) + (1-guard) ln((1-p1)/(1-p0)) = 0.
 * 0 < p0 < guard < 1. The drift falls in p1 above the guard, so bisection finds the one root.
 */
export function tunedAlternative(p0: number, guard: number): number {
  if (guard >= NEARLY_ONE) return NEARLY_ONE;
  const drift = (p1: number) => guard * Math.log(p1 / p0) + (1 - guard) * Math.log((1 - p1) / (1 - p0));
  let low = guard;
  let high = NEARLY_ONE;
  for (let step = 0; step < 48; step++) {
    const middle = (low + high) / 2;
    if (drift(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Two-sided 90 % interval of a share (Wilson 1927). */
export function wilsonInterval(
  requests: number,
  bad: number,
): { readonly lower: number; readonly upper: number } {
  const z = 1.6449;
  const p = Math.min(1, bad / requests);
  const centre = p + (z * z) / (2 * requests);
  const spread = z * Math.sqrt((p * (1 - p)) / requests + (z * z) / (4 * requests * requests));
  const scale = 1 + (z * z) / requests;
  return { lower: Math.max(0, (centre - spread) / scale), upper: Math.min(1, (centre + spread) / scale) };
}

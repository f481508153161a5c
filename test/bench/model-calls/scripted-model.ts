import { seededRandom } from "@troupe/testing";

/** What a call to a model will be like: its tokens come evenly over its time. */
export interface Script {
  readonly ms: number;
  readonly tokens: number;
}

const TOKENS = 20;

/** The same seed, the same scripts. */
export function scripts(seed: number, leastMs: number, mostMs: number): () => Script {
  const random = seededRandom(seed);
  return () => ({ ms: leastMs + random.next() * (mostMs - leastMs), tokens: TOKENS });
}

/**
 * Streams the tokens, each by a timer of its own, and answers with all of them. Times count from the call's start, so that
 * timers that are late do not add up. Refers to nothing outside of it: threads get it as text.
 */
export async function callModel(
  { ms, tokens }: Script,
  onToken?: (token: number) => Promise<void> | undefined,
): Promise<string> {
  const startedAt = performance.now();
  let text = "";
  for (let token = 1; token <= tokens; token++) {
    const due = startedAt + (ms * token) / tokens;
    await new Promise<void>((resolve) => setTimeout(resolve, Math.max(due - performance.now(), 0)));
    text += `token ${token} `;
    if (onToken !== undefined) await onToken(token);
  }
  return text;
}

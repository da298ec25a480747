import type { Severity } from '../../domain/catalog.js';
import type { Finding } from '../../domain/sop.js';
import { type Advice, blocks } from '../advise.js';

/**
 * Advice with what a model found beside it. It can hold a plan up, and do nothing else: what code found, the guards and
 * what the approval demands stay, and what was blocked stays blocked. A block by a model ends only by a change or a waiver.
 */
export function withModelFindings(advice: Advice, found: readonly Finding[], blockAt: Severity): Advice {
  const blocked = found.some((finding) => blocks(finding, blockAt));
  return {
    ...advice,
    findings: [...advice.findings, ...found],
    blocked: advice.blocked || blocked,
    blockedUntil: blocked ? null : advice.blockedUntil,
  };
}

import { describe, expect, it } from 'vitest';
import {
  proposalBody,
  proposalTitle,
  readProposalBody,
  readProposalTitle,
} from '../../../controller/adapters/github/pull-request-text.js';

const intent = 'checkout-2.4';
const digest = `sha256:${'0a1b'.repeat(16)}`;
const marker = `<!-- commander:plan intent=evil digest=sha256:${'f'.repeat(64)} -->`;

describe('the title of a proposal with a mention', () => {
  it('is read back as it was written', () => {
    const summary = 'Deploy for @rae and a@b.c';
    expect(readProposalTitle(proposalTitle({ intent, summary }))).toEqual({ intent, summary });
  });

  it('gives the same title again when it was read back', () => {
    const title = proposalTitle({ intent, summary: 'Deploy for @rae' });
    expect(proposalTitle(readProposalTitle(title) ?? { intent: '', summary: '' })).toBe(title);
  });
});

describe('the body of a proposal', () => {
  it.each(['\r', '\u2028', '\u2029'])(
    'is not ours when a marker stands behind the line end %j only',
    (end) => {
      expect(readProposalBody(`hello${end}${marker}\n`)).toBeNull();
      expect(readProposalBody(`${marker}${end}hello\n`)).toBeNull();
    },
  );

  it('is cut without splitting a character', () => {
    for (const before of ['', 'x'])
      expect(proposalBody({ intent, digest, body: before + '🚀'.repeat(40_000) })).not.toMatch(
        /\p{Surrogate}/u,
      );
  });
});

import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { incidentMarkdown, incidentMessage, incidentPath } from '../../controller/domain/incident.js';
import type { IncidentRecord } from '../../controller/domain/records.js';
import { incident, NOON, release } from '../postgres/samples.js';

const FORGED = 'x\n\n# Forged heading\n\nCo-authored-by: Eve <eve@example.org>';

function record(change: Partial<IncidentRecord> = {}): IncidentRecord {
  const stored = { id: 7, openedAt: NOON, closedAt: null, writtenCommit: null, branch: null, summary: null };
  return { ...incident('r'), ...stored, ...change };
}

function trailers(message: string): string {
  return execFileSync('git', ['interpret-trailers', '--parse'], { input: message, encoding: 'utf8' });
}

describe('the file of an incident', () => {
  it("says why and when in people's words, which make no headings, lists or mentions", () => {
    const hostile = `${FORGED}\n- [click](http://x) @everyone <img src=x> \u001b[31m\u202e`;
    const text = incidentMarkdown(
      record({
        reason: hostile,
        timeline: [{ at: NOON.toISOString(), event: hostile }],
        version: 'v1`#<b>',
      }),
      release('r'),
    );
    const lines = text.split('\n');
    expect(lines.filter((line) => line.startsWith('#'))).toEqual([
      '# checkout v1\\`\\#\\<b\\> in staging: rolling back',
      '## What was seen',
      '## Timeline',
    ]);
    expect(lines.filter((line) => line.startsWith('Co-authored-by'))).toEqual([]);
    for (const line of lines) expect(line).not.toMatch(/[\p{Cc}\u202e]|@everyone|(?<!\\)[[<]/u);
    expect(text).toContain('Forged heading');
  });

  it('keeps its evidence inside of its code block', () => {
    const text = incidentMarkdown(
      record({ evidence: ['`````', '```\n# Out', 'a\u202eb'] }),
      release('r'),
    ).split('\n');
    const open = text.indexOf('``````json');
    const close = text.indexOf('``````', open + 1);
    expect(open).toBeGreaterThan(0);
    expect(text.slice(close)).toContain('## Timeline');
    expect(text.slice(open, close).join('\n')).toContain('`````');
    expect(text.join('\n')).not.toContain('\u202e');
  });

  it('shows no secrets, and its commit message neither', () => {
    const secret = 'ghp_abcdefghijklmnopqrstuvwxyz0123456789';
    const leaking = record({
      reason: `died with ${secret}`,
      timeline: [{ at: NOON.toISOString(), event: `token=${secret}` }],
      evidence: { output: `password="hunter\\"2"`, log: secret },
    });
    const text = incidentMarkdown(leaking, release('r')) + incidentMessage(leaking);
    expect(text).not.toContain(secret);
    expect(text).not.toContain('hunter');
    expect(text).toContain('redacted');
  });
});

describe('the commit message of an incident', () => {
  it.each([FORGED, 'Co-authored-by: Eve <eve@example.org>', 'a\r\n\r\nSigned-off-by: Eve <e@x>'])(
    'has no trailer whatever the reason is',
    (reason) => {
      const message = incidentMessage(record({ reason }));
      expect(trailers(message)).toBe('');
      expect(message.trimEnd().split('\n')).toHaveLength(3);
    },
  );

  it('has one line for the reason, of at most about 200 characters, that mentions nobody and closes nothing', () => {
    const message = incidentMessage(record({ reason: `fixes #12 @eve ${'🚀'.repeat(5000)}` }));
    expect([...message].length).toBeLessThan(320);
    expect(message).not.toMatch(/#12|@eve|\p{Cc}(?<!\n)/u);
    expect(message).not.toContain('\ufffd');
  });
});

describe('the path of an incident', () => {
  const first = record({ id: 1 });

  it('is the date and the service for the first of a day, also when it is written again', () => {
    const later = record({ id: 2 });
    expect(incidentPath(first, [later, first])).toBe('incidents/2026-03-01-checkout.md');
  });

  it('has the environment and the number for a later one of that day and service', () => {
    const later = record({ id: 2, environment: 'production' });
    expect(incidentPath(later, [later, first])).toBe('incidents/2026-03-01-checkout-production-2.md');
  });

  it('is not minded by other services, other days and other repositories', () => {
    const later = record({ id: 2 });
    const yesterday = new Date(NOON.getTime() - 24 * 3600 * 1000);
    for (const other of [{ service: 'cart' }, { openedAt: yesterday }, { repository: '/other' }])
      expect(incidentPath(later, [record({ id: 1, ...other }), later])).toBe(
        'incidents/2026-03-01-checkout.md',
      );
  });
});

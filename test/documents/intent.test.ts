import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { formatProblem } from '../../controller/domain/problem.js';
import { parseIntent } from '../../controller/planning/documents/intent.js';
import { intentCrd, renderIntentCrd } from '../../controller/planning/documents/intent-crd.js';

const GOOD = `apiVersion: devopscommander.io/v1alpha1
kind: Intent
metadata: { name: checkout-2-4-1 }
spec:
  text: >
    Deploy checkout v2.4.1 to staging.
`;

function read(text: string | Uint8Array, kind: 'file' | 'symlink' | 'submodule' = 'file') {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  return parseIntent({ path: 'intents/a.yaml', kind, bytes });
}

function problems(text: string | Uint8Array, kind: 'file' | 'symlink' | 'submodule' = 'file'): string[] {
  const parsed = read(text, kind);
  return parsed.ok ? [] : parsed.problems.map(formatProblem);
}

const withSpec = (spec: string) => GOOD.replace(/spec:[\s\S]*/, `spec:\n${spec}\n`);

describe('an intent file', () => {
  it('gives its name, text and pinned fields, with suspend off by default', () => {
    expect(read(GOOD)).toEqual({
      ok: true,
      document: {
        name: 'checkout-2-4-1',
        spec: { text: 'Deploy checkout v2.4.1 to staging.\n', suspend: false },
      },
    });
    const pinned = withSpec(
      '  text: go\n  suspend: true\n  action: deploy\n  service: checkout\n  version: "1.20"\n  environments: [staging, production]',
    );
    expect(read(pinned)).toEqual({
      ok: true,
      document: {
        name: 'checkout-2-4-1',
        spec: {
          text: 'go',
          suspend: true,
          action: 'deploy',
          service: 'checkout',
          version: '1.20',
          environments: ['staging', 'production'],
        },
      },
    });
  });

  it('may have a byte order mark, a leading "---", labels and annotations', () => {
    const labelled = GOOD.replace(
      '{ name: checkout-2-4-1 }',
      '{ name: a, labels: { team: x }, annotations: { a/b: c } }',
    );
    expect(read(`\uFEFF---\n${labelled}`).ok).toBe(true);
  });

  it.each([
    [
      'an unknown field, with the one that was meant',
      GOOD.replace('text:', 'txet:'),
      /intents\/a.yaml:5: spec.txet: is not a known field. Did you mean "text"\?/,
    ],
    ['an unknown field at the top', `${GOOD}status: {}\n`, /:7: status: is not a known field/],
    ['a merge key', withSpec('  text: go\n  <<: { suspend: true }'), /spec.<<: is not a known field/],
    [
      'a number where text belongs, with the quotes to add',
      withSpec('  text: go\n  version: 1.20'),
      /:6: spec.version: must be text, not a number. Put it in quotes/,
    ],
    ['an empty text', withSpec('  text: "  "'), /:5: spec.text: " {2}" is not right/],
    ['a missing text', withSpec('  suspend: true'), /spec.text: is missing/],
    [
      'an action that is none',
      withSpec('  text: go\n  action: destroy'),
      /spec.action: "destroy" is not one of deploy, rollback, test, build/,
    ],
    [
      'an environment twice',
      withSpec('  text: go\n  environments: [a, b, a]'),
      /spec.environments\[2\]: "a" is there twice/,
    ],
    [
      'another kind',
      GOOD.replace('kind: Intent', 'kind: Catalog'),
      /:2: kind: "Catalog" is not one of Intent/,
    ],
    [
      'another version',
      GOOD.replace('v1alpha1', 'v9'),
      /:1: apiVersion: "devopscommander.io\/v9" is not one of/,
    ],
    [
      'a name that climbs out',
      GOOD.replace('checkout-2-4-1', '../../etc/passwd'),
      /:3: metadata.name: "..\/..\/etc\/passwd" is not right. Lower-case letters/,
    ],
    [
      'a name that git reserves',
      GOOD.replace('checkout-2-4-1', 'a.lock'),
      /metadata.name: must not end with ".lock"/,
    ],
    ['a duplicate key', `${GOOD}kind: Intent\n`, /:7: Map keys must be unique. Keep one of them/],
    ['a tag', withSpec('  text: !!js/function "go"'), /Unresolved tag/],
    ['two documents', `${GOOD}---\n${GOOD}`, /:7: The file has more than one YAML document/],
    ['nothing', '# only a comment\n', /The file is empty/],
    ['broken YAML', 'a: [1, 2\nb: 3\n', /intents\/a.yaml:\d/],
    ['NUL bytes', Buffer.from([0x61, 0, 0x62]), /is binary/],
    ['invalid UTF-8', Buffer.from([0x61, 0xff, 0xfe]), /is not valid UTF-8/],
    ['more than 64 KiB', `${GOOD}# ${'x'.repeat(65_536)}`, /has \d+ bytes, at most 65536 are read/],
    [
      'a text of more than 16 KiB in bytes',
      withSpec(`  text: ${'ä'.repeat(8200)}`),
      /spec.text: is too long: at most 16384 bytes/,
    ],
    ['half a surrogate pair', withSpec('  text: "\\ud800"'), /characters that are no text/],
    ['a scalar', 'just text', /must be a mapping, not a string/],
  ])('with %s is refused with its place and a fix', (_what, text, expected) => {
    expect(problems(text).join('\n')).toMatch(expected);
  });

  it.each(['symlink', 'submodule'] as const)('that is a %s is refused', (kind) => {
    expect(problems(GOOD, kind)).toEqual([
      `intents/a.yaml: The intent is a ${kind}, not a file. Commit the file itself.`,
    ]);
  });

  it('may use a few aliases, and not many', () => {
    const list = (count: number) =>
      withSpec(
        `  text: go\n  service: &s checkout\n  environments: [${Array.from({ length: count }, () => '*s').join(', ')}]`,
      );
    expect(problems(list(1))).toEqual([]);
    expect(problems(list(11)).join()).toMatch(/:7: The file has more than 10 aliases/);
  });

  it('with an alias bomb or endless nesting is refused, not expanded', () => {
    const bomb = `a: &a [x, x, x, x]\n${'bcdefghij'
      .split('')
      .map((name, index) => `${name}: &${name} [${`*${'abcdefghij'[index]}, `.repeat(8)}]`)
      .join('\n')}\n`;
    expect(problems(bomb).length).toBeGreaterThan(0);
    expect(problems('['.repeat(60_000)).length).toBeGreaterThan(0);
    expect(problems(`${'{a: '.repeat(15_000)}`).length).toBeGreaterThan(0);
  });

  it('with a key called __proto__ changes nothing but its own refusal', () => {
    expect(problems(`${GOOD}__proto__: { ok: true }\n`).join()).toMatch(/__proto__: is not a known field/);
    expect(({} as { ok?: boolean }).ok).toBeUndefined();
  });
});

describe('the custom resource definition', () => {
  it('in crds/intents.yaml is the one that the schema of the files gives', async () => {
    await expect(renderIntentCrd()).toMatchFileSnapshot('../../crds/intents.yaml');
    expect(parse(readFileSync(new URL('../../crds/intents.yaml', import.meta.url), 'utf8'))).toEqual(
      intentCrd,
    );
  });

  it('has a structural schema: no keyword that Kubernetes forbids, a type everywhere', () => {
    const forbidden = [
      'additionalProperties',
      '$ref',
      '$schema',
      'definitions',
      'const',
      'uniqueItems',
      'patternProperties',
      'if',
      'then',
    ];
    const visit = (schema: Record<string, unknown>, path: string) => {
      expect(typeof schema.type, path).toBe('string');
      for (const keyword of forbidden) expect(schema, path).not.toHaveProperty(keyword);
      const properties = (schema.properties ?? {}) as Record<string, Record<string, unknown>>;
      for (const [name, inner] of Object.entries(properties)) visit(inner, `${path}.${name}`);
      if (schema.items !== undefined) visit(schema.items as Record<string, unknown>, `${path}[]`);
    };
    const [version] = intentCrd.spec.versions;
    visit(version?.schema.openAPIV3Schema as unknown as Record<string, unknown>, '');
  });
});

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CliContext } from '../../controller/cli/context.js';
import { checkSops, listSops, searchSop } from '../../controller/cli/sop.js';
import { readConfig } from '../../controller/config.js';
import { deflated, lines } from './pdf-sample.js';
import { DATABASE } from './samples.js';

const CATALOG = `apiVersion: devopscommander.io/v1alpha1
kind: Catalog
environments: [{ name: staging }, { name: production, aliases: [prod] }]
services: [{ name: checkout }]
`;
const STAGING =
  '# Staging first\n\nProduction deployments must have run in staging for at least 24 hours. People should be kind.\n';

let folder: string;
let broken: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'commander-sop-'));
  mkdirSync(join(folder, 'sops', 'teams', 'payments'), { recursive: true });
  writeFileSync(join(folder, 'commander.yaml'), CATALOG);
  writeFileSync(join(folder, 'sops', 'staging.md'), STAGING);
  writeFileSync(
    join(folder, 'sops', 'hours.md'),
    '- [ ] Only deploy on weekdays between 9:00 and 17:00 Berlin time.\n',
  );
  writeFileSync(join(folder, 'sops', 'database.txt'), DATABASE);
  writeFileSync(
    join(folder, 'sops', 'freeze.pdf'),
    deflated(lines([20, 700, 'Freeze'], [12, 660, 'No releases on Friday.'])),
  );
  writeFileSync(join(folder, 'sops', 'picture.png'), 'x');
  writeFileSync(
    join(folder, 'sops', 'teams', 'payments', 'staging.md'),
    '# Ledger\n\nCall the accountants.\n',
  );
  broken = mkdtempSync(join(tmpdir(), 'commander-sop-'));
  mkdirSync(join(broken, 'sops'));
  writeFileSync(join(broken, 'commander.yaml'), CATALOG);
  writeFileSync(join(broken, 'sops', 'good.md'), STAGING);
  writeFileSync(join(broken, 'sops', 'bad.md'), '---\nseverity: \u001b[31mloud\n---\n# Bad\n');
  writeFileSync(join(broken, 'sops', 'noise.pdf'), 'x');
  writeFileSync(join(broken, 'sops', 'large.md'), 'x'.repeat(300_000));
  writeFileSync(
    join(broken, 'sops', 'odd.md'),
    '# Odd \u001b]0;title\u0007\u202e\n\nIt must never \u001b[2Jhappen.\n',
  );
  symlinkSync('/etc/passwd', join(broken, 'sops', 'link.md'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(broken, { recursive: true, force: true });
});

function context(
  cwd: string,
  json = false,
): CliContext & { readonly said: string[]; readonly warned: string[] } {
  const [said, warned]: [string[], string[]] = [[], []];
  const config = () => readConfig({ HOME: cwd }, cwd);
  return {
    env: {},
    cwd,
    json,
    config,
    out: (text) => said.push(text),
    err: (text) => warned.push(text),
    said,
    warned,
  };
}

describe('commander sop', () => {
  it('search finds passages of Markdown, text and PDF in the working folder, without a controller', async () => {
    for (const [question, path] of [
      ['How long in staging?', 'sops/staging.md'],
      ['database migrations', 'sops/database.txt'],
      ['freeze on Friday', 'sops/freeze.pdf'],
      ['accountants', 'sops/teams/payments/staging.md'],
      ['whom do payments call', 'sops/teams/payments/staging.md'],
    ] as const) {
      const here = context(folder, true);
      expect(await searchSop(here, question, { limit: 1 })).toBe(0);
      expect(JSON.parse(here.said.join(''))).toMatchObject({ found: [{ passage: { path } }], without: [] });
    }
    const here = context(folder);
    await searchSop(here, 'How long in staging?', { limit: 1 });
    expect(here.said.join('\n')).toContain('1. sops/staging.md # Staging first');
    expect(here.warned).toEqual([]);
  });

  it('search says that it found nothing, and refuses a limit that is none', async () => {
    const here = context(folder);
    expect(await searchSop(here, 'qwzxkj', { limit: 5 })).toBe(0);
    expect(here.said).toEqual(['Nothing was found.']);
    await expect(searchSop(here, 'zebra', { limit: 0 })).rejects.toThrow('--limit');
  });

  it('list shows each SOP with what of it is checked, and what is advice', async () => {
    const here = context(folder, true);
    expect(await listSops(here, {})).toBe(0);
    const { sops } = JSON.parse(here.said.join('')) as { sops: readonly { id: string; controls: number }[] };
    expect(sops.map(({ id }) => id).sort()).toEqual([
      'database',
      'freeze',
      'hours',
      'staging',
      'teams.payments.staging',
    ]);
    expect(sops.find(({ id }) => id === 'staging')?.controls).toBe(1);
  });

  it('check prints each control beside its sentence, and ends with 0 where nothing is wrong', async () => {
    const here = context(folder);
    expect(await checkSops(here, undefined, {})).toBe(0);
    const said = here.said.join('\n');
    expect(said).toMatch(/checked.*24 h/);
    expect(said).toContain('"Production deployments must have run in staging for at least 24 hours."');
    expect(said).toMatch(/advice.*"People should be kind\."/);
    const hours = 'Only deploy on weekdays between 9:00 and 17:00 Berlin time.';
    expect(said.split(hours)).toHaveLength(2);
  });

  it('check ends with 1 when something cannot be read, names each of it, and reads the rest', async () => {
    const here = context(folder);
    expect(await checkSops(here, broken, {})).toBe(1);
    expect(here.said.join('\n')).toContain('24 hours');
    for (const name of ['bad.md', 'noise.pdf', 'large.md', 'link.md'])
      expect(
        here.warned.some((line) => line.includes(`sops/${name}`)),
        name,
      ).toBe(true);
    expect(here.warned.join('\n')).not.toContain('root:');
  });

  it('lets no control character of a file through to the terminal', async () => {
    const here = context(broken);
    await checkSops(here, undefined, {});
    await listSops(here, {});
    await searchSop(here, 'never happen', { limit: 3 });
    const printed = [...here.said, ...here.warned].join('\n');
    expect(printed).toContain('happen');
    const colours = /\u001b\[\d+m/g;
    expect(printed.replace(colours, '')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202a-\u202e]/);
    expect(printed).not.toContain('loud\u001b');
  });

  it('says that there is no catalog, and still reads what front matter and text say', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'commander-sop-'));
    mkdirSync(join(empty, 'sops'));
    writeFileSync(join(empty, 'sops', 'a.md'), STAGING);
    const here = context(empty);
    expect(await checkSops(here, undefined, {})).toBe(1);
    expect(here.warned.join()).toContain('commander.yaml');
    expect(here.said.join()).toContain('a.md');
    rmSync(empty, { recursive: true, force: true });
  });
});

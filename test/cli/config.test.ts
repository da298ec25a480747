import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  ConfigError,
  configuredSecrets,
  envExample,
  readConfig,
  VARIABLES,
} from '../../controller/config.js';

const SOMEWHERE = '/somewhere';

describe('configuration', () => {
  test('.env.example names every variable with its default', async () => {
    expect(await readFile('.env.example', 'utf8')).toBe(envExample());
  });

  test('nothing configured is a complete configuration', () => {
    const config = readConfig({}, SOMEWHERE);
    expect(config).toMatchObject({
      repositories: [SOMEWHERE],
      dataDir: '/somewhere/.commander',
      databaseUrl: null,
      host: '127.0.0.1',
    });
    expect(config.guards).toMatchObject({
      errorRate: 0.05,
      latencyP95Ms: null,
      healthFailures: 3,
      watchSeconds: 300,
    });
  });

  test('an empty variable is the same as none', () => {
    const empty = Object.fromEntries(VARIABLES.map((variable) => [variable.name, '']));
    expect(readConfig(empty, SOMEWHERE)).toEqual(readConfig({}, SOMEWHERE));
  });

  test('every problem is named at once, with the variable and what it should be', () => {
    const wrong = {
      COMMANDER_PORT: '99999',
      POLL_INTERVAL: 'soon',
      ERROR_RATE_THRESHOLD: '200%',
      DATABASE_URL: 'mysql://x',
    };
    expect(() => readConfig(wrong, SOMEWHERE)).toThrow(ConfigError);
    for (const name of Object.keys(wrong)) expect(() => readConfig(wrong, SOMEWHERE)).toThrow(name);
  });

  test('controllers that share a database and a machine share where releases live; otherwise it is the data directory', () => {
    const url = 'postgres://ann:secret@db:5432/commander';
    const first = readConfig({ DATABASE_URL: url, HOME: '/home/ann', COMMANDER_DATA_DIR: 'a' }, SOMEWHERE);
    const second = readConfig(
      { DATABASE_URL: url.replace('secret', 'other'), HOME: '/home/ann', COMMANDER_DATA_DIR: 'b' },
      SOMEWHERE,
    );
    expect(first.releasesDir).toBe(second.releasesDir);
    expect(readConfig({}, SOMEWHERE).releasesDir).toBe('/somewhere/.commander');
  });

  test('repositories are paths from here, or URLs as they are', () => {
    const { repositories } = readConfig(
      { GITOPS_REPOSITORIES: 'gitops, https://example.com/x.git,git@example.com:y.git' },
      SOMEWHERE,
    );
    expect(repositories).toEqual(['/somewhere/gitops', 'https://example.com/x.git', 'git@example.com:y.git']);
  });

  test('what children may see of our environment is a short list', () => {
    const env = {
      PATH: '/bin',
      HOME: '/root',
      AWS_SECRET_ACCESS_KEY: 'no',
      DATABASE_URL: 'postgres://u:p@h/d',
    };
    expect(readConfig(env, SOMEWHERE).childEnvironment).toEqual({ PATH: '/bin', HOME: '/root' });
  });

  describe('GitHub', () => {
    const token = { GITHUB_REPOSITORY: 'acme/gitops', GITHUB_TOKEN: 'ghp_x' };
    const problem = (env: Record<string, string>) => {
      try {
        readConfig(env, SOMEWHERE);
        return '';
      } catch (error) {
        return String(error);
      }
    };

    test('is followed instead of the working folder, and beside what is named', () => {
      expect(readConfig(token, SOMEWHERE).repositories).toEqual([]);
      expect(readConfig({ ...token, GITOPS_REPOSITORIES: 'other' }, SOMEWHERE).repositories).toEqual([
        '/somewhere/other',
      ]);
      expect(readConfig(token, SOMEWHERE).github).toMatchObject({
        repositories: [{ owner: 'acme', name: 'gitops' }],
        apiUrl: 'https://api.github.com',
        credentials: { kind: 'token', token: 'ghp_x' },
        webhookSecret: null,
        writesPerMinute: 60,
      });
    });

    test('takes the key of an App as text, with \\n for line ends, or as a file', async () => {
      const pem = '-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\n';
      const folder = await mkdtemp(join(tmpdir(), 'commander-config-'));
      await writeFile(join(folder, 'key.pem'), pem);
      const app = { GITHUB_REPOSITORY: 'acme/gitops', GITHUB_APP_ID: '1' };
      for (const key of [pem.replaceAll('\n', '\\n'), 'key.pem']) {
        const { github } = readConfig({ ...app, GITHUB_APP_PRIVATE_KEY: key }, folder);
        expect(github?.credentials).toMatchObject({ kind: 'app', appId: '1' });
        expect(github?.credentials.kind === 'app' && github.credentials.privateKey.trim()).toBe(pem.trim());
      }
      await rm(folder, { recursive: true });
      expect(problem({ ...app, GITHUB_APP_PRIVATE_KEY: 'no-such.pem' })).toContain('GITHUB_APP_PRIVATE_KEY');
    });

    test('without credentials is an error that names them; a wrong name or address too', () => {
      expect(problem({ GITHUB_REPOSITORY: 'acme/gitops' })).toContain('GITHUB_APP_ID');
      expect(problem({ ...token, GITHUB_REPOSITORY: 'gitops' })).toContain('is not owner/name');
      expect(problem({ ...token, GITHUB_API_URL: 'https://u:p@x/' })).toContain('GITHUB_API_URL');
      expect(problem({ ...token, GITHUB_TIMEOUT: 'soon' })).toContain('GITHUB_TIMEOUT');
    });

    test('secrets of the configuration are known, so that they are in no log line', () => {
      const env = { ...token, GITHUB_WEBHOOK_SECRET: 'hush hush', DATABASE_URL: 'postgres://u:pa55@h/d' };
      expect(configuredSecrets(readConfig(env, SOMEWHERE))).toEqual(['pa55', 'hush hush', 'ghp_x']);
    });
  });
});

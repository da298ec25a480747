import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { ConfigError, envExample, readConfig, VARIABLES } from '../../controller/config.js';

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
});

import { join } from 'node:path';
import { createLocalForge } from '../../controller/adapters/forge/local.js';
import { createGitOpsRepository } from '../../controller/adapters/git/gitops-repository.js';
import { type Database, openDatabase } from '../../controller/adapters/postgres/database.js';
import type { ApprovalNeeds } from '../../controller/approval/needs.js';
import { IDENTITY, newRepository, program, recordingLog, temporaryFolder } from '../git/support.js';
import { NOON } from '../postgres/samples.js';
import { createTestDatabase } from '../support/database.js';

/** A real repository, a real database and the local forge; nothing that planning would decide. */
export async function openApproval() {
  const folder = temporaryFolder();
  const log = recordingLog();
  const path = newRepository(join(folder.path, 'gitops'));
  const at = { git: program, location: path, dataDir: folder.path, log, identity: IDENTITY };
  const repository = await createGitOpsRepository(at);
  const test = await createTestDatabase();
  const clock = { now: () => NOON };
  const database: Database = openDatabase({ url: test.url, log, clock });
  const needs: ApprovalNeeds = {
    store: database.store,
    repositories: new Map([['/repo', repository]]),
    forges: new Map([['/repo', createLocalForge({ repository, log, identity: IDENTITY })]]),
    planCheck: { changed: async () => null },
    planEditor: { adopt: () => Promise.reject(new Error('nobody edits here')) },
    clock,
    log,
    identity: IDENTITY,
  };
  const close = async () => {
    repository.close();
    await database.close();
    await test.drop();
    folder.remove();
  };
  return { needs, log, path, store: database.store, close };
}

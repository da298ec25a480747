import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createGitOpsRepository,
  type OpenGitOpsRepository,
} from '../../controller/adapters/git/gitops-repository.js';
import { WorldReader } from '../../controller/planning/world.js';
import type { DocumentRead, DocumentText } from '../../controller/ports/knowledge.js';
import { IDENTITY, newRepository, program, recordingLog, temporaryFolder } from '../git/support.js';

const CATALOG = `apiVersion: devopscommander.io/v1alpha1
kind: Catalog
environments: [{ name: staging }]
services: [{ name: checkout }]
`;

let folder: ReturnType<typeof temporaryFolder>;
let repository: OpenGitOpsRepository;

beforeEach(async () => {
  folder = temporaryFolder();
  const location = newRepository(join(folder.path, 'gitops'), {
    'commander.yaml': CATALOG,
    'sops/on-call.md': '# On call\n',
    'sops/payments/on-call.md': '# On call\n',
    'sops/payments/old/scan.pdf': '%PDF-',
    'sops/payments/notes.docx': 'x',
  });
  repository = await createGitOpsRepository({
    git: program,
    location,
    dataDir: join(folder.path, 'data'),
    log: recordingLog(),
    identity: IDENTITY,
  });
});
afterEach(() => {
  repository.close();
  folder.remove();
});

const BUSY: DocumentRead = {
  ok: false,
  message: 'took too long',
  fix: 'Write it as Markdown',
  passing: true,
};
const EMPTY: DocumentRead = { ok: false, message: 'no text', fix: 'Write it as Markdown' };

/** Answers in this order, the last one from then on. */
function answering(...answers: readonly DocumentRead[]): DocumentText & { readonly asked: () => number } {
  let asked = 0;
  return {
    readPdf: async () => {
      const answer = answers[Math.min(asked, answers.length - 1)];
      asked += 1;
      return answer as DocumentRead;
    },
    asked: () => asked,
  };
}

async function read(worlds: WorldReader) {
  const found = await worlds.read(repository, (await repository.head()) ?? '');
  if (!found.ok) throw new Error('no world');
  return {
    sops: found.world.sops.map(({ id }) => id),
    problems: found.world.sopProblems.map(({ file }) => file),
  };
}

describe('the SOPs at a commit', () => {
  it('are those of the folders below, too, each with a name of its own', async () => {
    const { sops, problems } = await read(new WorldReader(answering({ ok: true, text: 'Be careful.' })));
    expect(sops).toEqual(['on-call', 'payments.old.scan', 'payments.on-call']);
    expect(problems).toEqual([]);
  });

  it('that could not be read in time are read again, and then kept', async () => {
    const documents = answering(BUSY, { ok: true, text: 'Be careful.' });
    const worlds = new WorldReader(documents);
    expect((await read(worlds)).problems).toEqual(['sops/payments/old/scan.pdf']);
    expect((await read(worlds)).problems).toEqual([]);
    await read(worlds);
    expect(documents.asked()).toBe(2);
  });

  it('that can never be read in time are tried three times, and others that cannot be read once', async () => {
    for (const [answer, times] of [
      [BUSY, 3],
      [EMPTY, 1],
    ] as const) {
      const documents = answering(answer);
      const worlds = new WorldReader(documents);
      for (let round = 0; round < 5; round += 1)
        expect((await read(worlds)).problems).toEqual(['sops/payments/old/scan.pdf']);
      expect(documents.asked()).toBe(times);
    }
  });
});

import { INTENT_FOLDER } from '../domain/intent.js';
import type { PullPreview } from '../domain/records.js';
import { INTENT_FILE_BYTES } from '../planning/documents/intent.js';
import { type PreviewNeeds, previewIntents, surroundingsOf } from '../planning/preview.js';
import type { ForgeInbox } from '../ports/forge-inbox.js';
import type { GitOpsRepository } from '../ports/repositories.js';
import type { Store } from '../ports/store.js';
import { previewKey } from '../reporting/report-pull.js';
import { pullSubject, reportJob } from '../reporting/subjects.js';
import { previewedAs } from './pull-requests.js';

export interface PreviewJobNeeds extends PreviewNeeds {
  readonly store: Store;
  readonly repositories: ReadonlyMap<string, GitOpsRepository>;
  readonly inboxes: ReadonlyMap<string, ForgeInbox>;
}

/** Reads the intents of one open pull request, and has the forge show what they would come to. `id`: `pull:<repository>#<n>`. */
export async function previewPullRequest(needs: PreviewJobNeeds, id: string): Promise<void> {
  const [, repositoryId = '', digits = ''] = /^pull:(.*)#(\d+)$/.exec(id) ?? [];
  const repository = needs.repositories.get(repositoryId);
  const inbox = needs.inboxes.get(repositoryId);
  const number = Number(digits);
  const base = await repository?.head();
  if (repository === undefined || inbox === undefined || !base) return;
  const pull = (await inbox.openPulls()).find((open) => open.number === number);
  if (pull === undefined) return;
  const files = await inbox.changedFiles(number, pull.head, INTENT_FOLDER, INTENT_FILE_BYTES);
  const intents = await previewIntents(needs, repository, files);
  const preview: PullPreview = { head: pull.head, intents };
  const remoteId = previewedAs(pull.head, await surroundingsOf(repository, base));
  await needs.store.transaction(async (tx) => {
    const note = { remoteId, content: JSON.stringify(preview) };
    await tx.write.forgeNote(repositoryId, previewKey(number), note);
    await tx.write.job(reportJob(pullSubject(repositoryId, number)));
  });
}

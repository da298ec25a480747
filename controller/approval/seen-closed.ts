import type { ApprovalNeeds } from './needs.js';

type Needs = Pick<ApprovalNeeds, 'store'>;

/**
 * That a pull request is open although its plan is over can mean two things: somebody opened it again, or we have not closed it
 * yet. Which of them is known by whether it was seen closed in between.
 */
export async function seenClosed({ store }: Needs, repository: string, number: number): Promise<void> {
  await store.transaction((tx) =>
    tx.write.forgeNote(repository, key(number), { remoteId: '', content: 'closed' }),
  );
}

export async function wasSeenClosed({ store }: Needs, repository: string, number: number): Promise<boolean> {
  return (await store.forge.note(repository, key(number)))?.content === 'closed';
}

export async function seenOpenAgain({ store }: Needs, repository: string, number: number): Promise<void> {
  await store.transaction((tx) =>
    tx.write.forgeNote(repository, key(number), { remoteId: '', content: 'open' }),
  );
}

function key(number: number): string {
  return `seen:${number}`;
}

import { sha256 } from '../../domain/json.js';
import { redact } from '../../domain/redact.js';
import type { ForgeNotes } from '../../ports/forge-board.js';

/** Writes something unless it was written just so before; `write` gives its id on the forge. */
export async function once(
  notes: ForgeNotes,
  key: string,
  body: unknown,
  write: (remoteId: string | null) => Promise<string>,
): Promise<string> {
  const content = sha256(JSON.stringify(body));
  const note = await notes.get(key);
  if (note?.content === content) return note.remoteId;
  const remoteId = await write(note?.remoteId ?? null);
  await notes.put(key, { remoteId, content });
  return remoteId;
}

/** A line of plain text: secrets out, and control, hidden and direction-changing characters. */
export function oneLine(text: string, limit: number): string {
  const line = redact(text)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  const characters = [...line];
  return characters.length <= limit ? line : `${characters.slice(0, limit - 1).join('')}…`;
}

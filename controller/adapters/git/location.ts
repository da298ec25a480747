import { isAbsolute, resolve } from 'node:path';
import { RepositoryUnavailable } from '../../ports/repositories.js';
import { stripCredentials } from './redact.js';

/** Where a repository is: a folder on this machine, or a URL that git can fetch from. */
export type Location =
  | { readonly kind: 'path'; readonly path: string; readonly id: string }
  | { readonly kind: 'url'; readonly url: string; readonly id: string };

const SCHEMES = ['https', 'http', 'ssh', 'file'];

/** Reads a configured location; relative paths count from the working folder. Throws RepositoryUnavailable with the fix. */
export function parseLocation(text: string): Location {
  const shown = stripCredentials(text);
  if (text.trim() === '' || text.startsWith('-') || /[\u0000-\u001f\u007f]/.test(text)) {
    throw new RepositoryUnavailable(
      `"${shown}" is not a repository: it is empty, starts with "-" or has control characters. Give a path or a URL.`,
    );
  }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined) {
    if (SCHEMES.includes(scheme)) return { kind: 'url', url: text, id: shown };
    throw new RepositoryUnavailable(
      `Repository ${shown}: the protocol "${scheme}" is not allowed. Use one of ${SCHEMES.join(', ')}, or a path.`,
    );
  }
  if (/^[\w.-]+::/.test(text)) {
    throw new RepositoryUnavailable(
      `Repository ${shown}: remote helpers ("name::address") are not allowed. Use a URL or a path.`,
    );
  }
  if (!isAbsolute(text) && /^(?:[\w.-]+@)?[\w.-]+:/.test(text)) return { kind: 'url', url: text, id: shown };
  const path = resolve(text);
  return { kind: 'path', path, id: path };
}

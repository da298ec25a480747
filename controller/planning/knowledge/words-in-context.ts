import type { Passage } from '../../domain/passage.js';
import { withMeantTerms } from './misspelt.js';
import { questionTerms } from './related.js';
import { type Ranked, topOf } from './top.js';
import { type WordsDocument, type WordsIndex, wordsBuilder } from './words.js';

/** What the document that a passage stands in adds to its score, of that document's own: a short passage relies on what stands around it. */
const CONTEXT_WEIGHT = 0.8;

/** Search by words over passages that are known by their number. */
export interface PassageWords {
  search(question: string, limit: number): readonly Ranked[];
}

export interface PassageWordsBuilder {
  /** Passages of one document follow each other. */
  add(passage: Passage): void;
  finish(): PassageWords;
}

/** BM25 of a passage, and with less weight of its document, for the words of the question and those that mean the same. */
export function passageWordsBuilder(): PassageWordsBuilder {
  const passages = wordsBuilder();
  const documents = wordsBuilder();
  const documentOf: number[] = [];
  let open: { readonly path: string; readonly title: string; readonly texts: string[] } | null = null;
  let count = 0;
  const close = () => {
    if (open === null) return;
    documents.add({ heading: `${open.title}\n${namesIn(open.path)}`, text: open.texts.join('\n') });
    count += 1;
  };
  return {
    add(passage) {
      const document = asDocument(passage);
      passages.add(document);
      if (open?.path !== passage.path) {
        close();
        open = { path: passage.path, title: passage.title, texts: [] };
      }
      open.texts.push(passage.headings.at(-1) ?? '', passage.text);
      documentOf.push(count);
    },
    finish() {
      close();
      return searchable(passages.finish(), documents.finish(), Uint32Array.from(documentOf));
    },
  };
}

function searchable(passages: WordsIndex, documents: WordsIndex, documentOf: Uint32Array): PassageWords {
  return {
    search: (question, limit) => {
      const terms = withMeantTerms(questionTerms(question), passages.terms);
      const scores = passages.scores(terms);
      const around = documents.scores(terms);
      for (let at = 0; at < scores.length; at += 1) {
        const own = scores[at] ?? 0;
        if (own > 0) scores[at] = own + CONTEXT_WEIGHT * (around[documentOf[at] ?? 0] ?? 0);
      }
      return topOf(scores, limit);
    },
  };
}

function asDocument({ path, title, headings, text }: Passage): WordsDocument {
  return { heading: `${headingOf(title, headings)}\n${namesIn(path)}`, text };
}

/** What files and folders are called says what they are about, and of whom: "sops/payments/on-call.md". */
export function namesIn(path: string): string {
  return path.replace(/\.[a-z]+$/i, '').replace(/[-_./]/g, ' ');
}

/** The title is often the first heading, too. */
export function headingOf(title: string, headings: readonly string[]): string {
  return (headings[0] === title ? headings : [title, ...headings]).join('\n');
}

/** A JSON object of a model's: only its own keys count, and only values of the right kind. */
export class Answer {
  private constructor(private readonly members: Readonly<Record<string, unknown>>) {}

  static of(value: unknown): Answer | null {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
    return new Answer(value as Readonly<Record<string, unknown>>);
  }

  object(key: string): Answer | null {
    return Answer.of(this.own(key));
  }

  list(key: string): readonly unknown[] {
    const value = this.own(key);
    return Array.isArray(value) ? value : [];
  }

  text(key: string): string | null {
    const value = this.own(key);
    return typeof value === 'string' ? value : null;
  }

  /** null when it is no list of texts, or a long one. */
  texts(key: string): readonly string[] | null {
    const value = this.own(key);
    if (!Array.isArray(value) || value.length > 20) return null;
    return value.every((item) => typeof item === 'string' && item.length <= 100) ? value : null;
  }

  number(key: string): number | null {
    const value = this.own(key);
    return typeof value === 'number' && Number.isFinite(value) ? value : null;
  }

  private own(key: string): unknown {
    return Object.hasOwn(this.members, key) ? this.members[key] : undefined;
  }
}

/** The embedded PostgreSQL cannot be used here; the message says why and what to do instead. */
export class EmbeddedPostgresUnavailable extends Error {
  override readonly name = 'EmbeddedPostgresUnavailable';
  constructor(why: string, options?: ErrorOptions) {
    super(`${why}. Mend that, or set DATABASE_URL to use a PostgreSQL (13 or newer) of your own.`, options);
  }
}

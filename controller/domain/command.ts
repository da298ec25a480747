/** A command that cannot be carried out as asked; the message says why and what would do. */
export class CommandRefused extends Error {
  override readonly name = 'CommandRefused';
}

/** Who gives a command, as git knows them. */
export interface Person {
  readonly name: string;
  readonly email: string;
}

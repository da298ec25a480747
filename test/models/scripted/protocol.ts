export interface ScriptedMessage {
  readonly role: string;
  readonly content: string;
}

export interface ChatQuestion {
  readonly model: string;
  readonly messages: readonly ScriptedMessage[];
  /** null: none was sent, as to a server that cannot hold its model to one. */
  readonly schema: Readonly<Record<string, unknown>> | null;
  readonly streamed: boolean;
}

/** How a server reads questions and words answers. */
export interface Protocol {
  /** Path of the API below the server's address. */
  readonly base: string;
  readonly chatPath: string;
  readonly embedPath: string;
  readChat(body: unknown): ChatQuestion;
  chat(of: {
    readonly model: string;
    readonly text: string;
    readonly finish: 'stop' | 'length';
    readonly number: number;
  }): unknown;
  readEmbed(body: unknown): {
    readonly model: string;
    readonly texts: readonly string[];
    readonly packed: boolean;
  };
  embed(of: {
    readonly model: string;
    readonly vectors: readonly (readonly number[])[];
    readonly packed: boolean;
  }): unknown;
  error(status: number, message: string): unknown;
  /** What a GET answers; null: nothing is there. */
  look(path: string, models: readonly string[]): unknown;
}

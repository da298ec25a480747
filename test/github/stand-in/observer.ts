/** A request and its answer, as they went over the wire. */
export interface Exchange {
  readonly method: string;
  /** Below the API root. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly status: number;
  readonly responseBody: unknown;
}

/** Sees everything that clients ask and are told. */
export interface Observer {
  exchange(exchange: Exchange): void;
  webhook(event: string, payload: unknown): void;
}

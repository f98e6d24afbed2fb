import { TemporalReplayError } from '../errors';

/** Number of pages in a row that may bring nothing new. Empty pages exist: a server filters after it has read one. */
const MAX_FRUITLESS = 100;

/** Follows the page tokens of one answer, and notices a cluster whose pages never end. */
export class PageTokens {
  private readonly seen = new Set<string>();
  private fruitless = 0;

  /** @param what the subject of an error, such as `the list of runs` */
  constructor(private readonly what: string) {}

  /**
   * Returns the token of the next page; null after the last page.
   *
   * @param hasNews true if the page brought anything that earlier ones had not
   * @throws CLUSTER_FAILED
   */
  next(token: Uint8Array | null | undefined, hasNews: boolean): Uint8Array | null {
    if (!token || token.length === 0) return null;
    const key = Buffer.from(token).toString('base64');
    if (this.seen.has(key)) throw this.endless('it sends the same page token again');
    this.seen.add(key);
    this.fruitless = hasNews ? 0 : this.fruitless + 1;
    if (this.fruitless >= MAX_FRUITLESS)
      throw this.endless(`${MAX_FRUITLESS} pages in a row brought nothing new`);
    return token;
  }

  private endless(reason: string): TemporalReplayError {
    return new TemporalReplayError('CLUSTER_FAILED', `The cluster never ends ${this.what}: ${reason}.`);
  }
}

/** As many are held at once; what is drawn of an older one stays drawn. */
const MOST = 500;

/** One object URL for each thing that is drawn: the browser keeps its bytes until the one that was not asked for longest goes. */
export class Urls {
  private readonly known = new Map<string, Promise<string | undefined>>();

  /** What failed, or is not there, is asked for again. */
  of(key: string, blob: () => Promise<Blob | undefined>): Promise<string | undefined> {
    const url = this.known.get(key) ?? this.made(key, blob);
    this.known.delete(key);
    this.known.set(key, url);
    const [oldest] = this.known.size > MOST ? this.known.entries() : [];
    if (oldest) this.drop(...oldest);
    return url;
  }

  private made(key: string, blob: () => Promise<Blob | undefined>): Promise<string | undefined> {
    const made = blob().then((found) => found && URL.createObjectURL(found));
    const failed = () => this.known.get(key) === made && this.known.delete(key);
    made.then((found) => found === undefined && failed(), failed);
    return made;
  }

  private drop(key: string, url: Promise<string | undefined>): void {
    this.known.delete(key);
    url.then(
      (found) => found !== undefined && URL.revokeObjectURL(found),
      () => undefined,
    );
  }
}

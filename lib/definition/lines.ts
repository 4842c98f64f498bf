/** Where the lines of a text begin, to turn offsets into lines and columns. */
export class Lines {
  private readonly starts = [0];

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.starts.push(at + 1);
  }

  /** `line:column`, both from 1. */
  public at(offset: number): string {
    let low = 0;
    let high = this.starts.length;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return `${low + 1}:${offset - (this.starts[low] ?? 0) + 1}`;
  }
}

/** Who waits for whom, among the turns parked on `ask`. */
export class WaitGraph {
  readonly #waits = new Map<string, string[]>();

  add(asker: string, asked: string): void {
    const list = this.#waits.get(asker);
    if (list === undefined) this.#waits.set(asker, [asked]);
    else list.push(asked);
  }

  remove(asker: string, asked: string): void {
    const list = this.#waits.get(asker);
    const at = list?.indexOf(asked) ?? -1;
    if (list === undefined || at === -1) return;
    list.splice(at, 1);
    if (list.length === 0) this.#waits.delete(asker);
  }

  clear(asker: string): void {
    this.#waits.delete(asker);
  }

  /** The circle that `asker` waiting for `asked` would close, the asker first and last; undefined if it closes none. */
  circle(asker: string, asked: string): readonly string[] | undefined {
    const cameFrom = new Map<string, string>([[asked, asker]]);
    const open = [asked];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next === asker) return pathTo(cameFrom, asker);
      for (const waited of this.#waits.get(next) ?? []) {
        if (cameFrom.has(waited)) continue;
        cameFrom.set(waited, next);
        open.push(waited);
      }
    }
    return undefined;
  }
}

function pathTo(cameFrom: ReadonlyMap<string, string>, asker: string): readonly string[] {
  const path = [asker];
  let at = cameFrom.get(asker);
  while (at !== undefined && at !== asker) {
    path.unshift(at);
    at = cameFrom.get(at);
  }
  return [asker, ...path];
}

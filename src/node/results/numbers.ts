const BLOCK = 1024

/** Whole numbers below 2³², in blocks, so that a growing list is never copied. */
export class Numbers {
  readonly #blocks: Uint32Array<ArrayBuffer>[] = []
  #length = 0

  push(number: number): void {
    const at = this.#length++
    if (at % BLOCK === 0) this.#blocks.push(new Uint32Array(BLOCK))
    const block = this.#blocks[Math.floor(at / BLOCK)]
    if (block !== undefined) block[at % BLOCK] = number
  }

  at(index: number): number {
    return this.#blocks[Math.floor(index / BLOCK)]?.[index % BLOCK] ?? 0
  }
}

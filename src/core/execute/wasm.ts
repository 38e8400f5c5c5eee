/** The part of WebAssembly that is used here; the types of Node alone don't have it. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => WasmModule
  readonly Instance: new (module: WasmModule, imports?: object) => { readonly exports: unknown }
}

declare const compiled: unique symbol

export interface WasmModule {
  readonly [compiled]: true
}

export interface WasmMemory {
  readonly buffer: ArrayBuffer
  readonly grow: (pages: number) => number
}

const PAGE_BYTES = 65_536

const { Module, Instance } = Reflect.get(globalThis, 'WebAssembly') as unknown as WebAssemblyApi

/** @param text Base64, as scripts/wasm.mjs writes it */
export function compileWasm(text: string): WasmModule {
  return new Module(Uint8Array.from(atob(text), character => character.charCodeAt(0)))
}

/** @returns the exports, whose types the caller knows */
export function startWasm(module: WasmModule, imports: object = {}): unknown {
  return new Instance(module, imports).exports
}

/** The memory's bytes, at least so many; `current` is thrown away where it had to grow. */
export function reserve(memory: WasmMemory, current: Uint8Array<ArrayBuffer>, bytes: number): Uint8Array<ArrayBuffer> {
  const missing = bytes - current.length
  if (missing <= 0) return current
  // by half of it at least: what grows bit by bit is not copied each time
  memory.grow(Math.ceil(Math.max(missing, current.length / 2) / PAGE_BYTES))
  return new Uint8Array(memory.buffer)
}

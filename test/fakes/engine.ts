import { join } from 'node:path'
import { Engine } from '../../src/node/engine/client.ts'

/** An engine for the tests of one `describe`. */
export function useEngine(): Engine {
  const engine = new Engine({ script: join(import.meta.dirname, '../../src/node/engine/worker.ts') })
  after(() => engine.dispose())
  return engine
}

// npm run sandbox -- [--port N] [--rows N] [--seed N] [--model DIR] [--quirk NAME]…
// Its stdout is the sandbox's own: one line of JSON when it is ready.
import { ensureNode24 } from './lib/node24.mjs'
import { buildSandbox } from './lib/product.mjs'
import { main, runHere } from './lib/run.mjs'

await main(async () => {
  const sandbox = await buildSandbox()
  return runHere(await ensureNode24(), [sandbox, ...process.argv.slice(2)])
})

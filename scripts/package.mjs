// npm run package
import { pack } from './lib/product.mjs'
import { main } from './lib/run.mjs'

await main(pack)

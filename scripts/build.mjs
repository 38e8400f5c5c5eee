// npm run build
import { build } from './lib/product.mjs'
import { main } from './lib/run.mjs'

await main(build)

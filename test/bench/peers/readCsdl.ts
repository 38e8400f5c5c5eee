/** Reads a CSDL file in one of several ways, cold, and prints the milliseconds that it took. */
import { readFileSync } from 'node:fs'
import { CsdlDocument } from '../../../src/core/model/csdl/document.ts'
import { MetadataReader } from '../../../src/core/model/readMetadata.ts'
import { metadataSource } from '../../../src/core/model/domainSource.ts'
import { readModelFile } from '../../../src/node/model/modelFile.ts'

const [way = '', file = '', entitySet = ''] = process.argv.slice(2)

const WAYS: Readonly<Record<string, () => Promise<(bytes: Buffer) => unknown>>> = {
  /** As a tree needs it: the names of all sets, and one entity in full. */
  index: () => Promise.resolve(bytes => {
    const source = metadataSource(new MetadataReader(new CsdlDocument(bytes)))
    return source.entitySets.length > 0 && source.read(entitySet)
  }),
  cache: () => Promise.resolve(async () => (await readModelFile(file))?.source?.read(entitySet)),
  saxes: async () => {
    const { SaxesParser } = await import('saxes')
    return bytes => {
      const parser = new SaxesParser()
      let elements = 0
      parser.on('opentag', () => { elements++ })
      parser.write(bytes.toString()).close()
      return elements > 0
    }
  },
  'fast-xml-parser': async () => {
    const { XMLParser } = await import('fast-xml-parser')
    return bytes => new XMLParser({ ignoreAttributes: false }).parse(bytes.toString()) as unknown
  },
  '@sap-ux/edmx-parser': async () => {
    const { parse } = await import('@sap-ux/edmx-parser')
    return bytes => parse(bytes.toString()) as unknown
  },
}

const read = await WAYS[way]?.()
const bytes = readFileSync(file)
const begun = performance.now()
const result = await read?.(bytes)
const took = performance.now() - begun
if (!result) throw new Error(`${way} has read nothing`)
console.log(String(took))

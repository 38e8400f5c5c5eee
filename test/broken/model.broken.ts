import type { Break } from './break.ts'

const wire = (grep: string): Break['test'] => ({ file: 'test/wire/model.test.ts', grep })
const unit = (file: string, grep: string): Break['test'] => ({ file: `test/unit/model/${file}.test.ts`, grep })

const SERVICE = 'src/extension/model/connectionModel.ts'

/** What the model must not do. */
export default [
  {
    rule: 'who is signed out asks without a token',
    file: 'src/extension/model/modelInstance.ts', find: 'version, domain: await this.publicDomain() })',
    replace: "version, domain: { ...await this.publicDomain(), token: 'enrt_NONE' } })", test: wire('for everybody'),
  },
  {
    rule: 'a newer version is loaded',
    file: SERVICE, find: "isSignedIn ? isOlder || about?.kind === 'standard' : isOlder && about.kind !== 'current'",
    replace: "isSignedIn && about?.kind === 'standard'", test: wire('gives way to a newer version'),
  },
  {
    rule: 'what is kept is not asked for again',
    file: SERVICE, find: 'version !== undefined && version !== about.version', replace: 'version !== undefined',
    test: wire('the version alone is asked for'),
  },
  {
    rule: 'who signs in sees the current model',
    file: SERVICE, find: "isOlder || about?.kind === 'standard' :", replace: 'isOlder :', test: wire('a window that signs in'),
  },
  {
    rule: 'a damaged file is not believed',
    file: 'src/node/model/modelFile.ts', find: "throw new Error('damaged')", replace: 'void 0', test: wire('a bit of its body is another'),
  },
  {
    rule: 'two windows load the details once',
    file: 'src/node/model/modelStore.ts', find: 'anew ? undefined : await readModelFile(held.file)', replace: 'undefined as StoredModel | undefined',
    test: wire('two windows'),
  },
  {
    rule: 'a number is the code of its enumeration alone',
    file: 'src/core/model/joinTables.ts', find: 'WHOLE_NUMBERS.includes(type)', replace: "type !== ''", test: unit('join', 'codes to numbers alone'),
  },
  {
    rule: 'the table’s own entity says what holds for a column',
    file: 'src/core/model/joinTables.ts', find: '(own && !known.own)', replace: 'known === null', test: unit('join', 'base last'),
  },
  {
    rule: 'an end within a comment is none',
    file: 'src/core/model/csdl/scan.ts', find: 'if (kind !== BANG && kind !== QUESTION) return at', replace: 'if (kind !== QUESTION) return at',
    test: unit('csdl', 'an end in a comment'),
  },
  {
    rule: 'what comes after a name that is none is no name',
    file: 'src/core/model/repositories.ts', find: "      isName = false\n    } else if (byte === OPEN", replace: '    } else if (byte === OPEN',
    test: unit('details', 'those with a name alone'),
  },
] satisfies readonly Break[]

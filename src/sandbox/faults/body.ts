import { StringDecoder } from 'node:string_decoder'
import { Transform, type Duplex } from 'node:stream'
import { setImmediate as nextTurn, setTimeout as pass } from 'node:timers/promises'
import { constants, createBrotliCompress, createDeflate, createGzip } from 'node:zlib'

import { Marks } from './rows.ts'

/** Steps through which a body goes on its way out: each a stream of its own. */

type Step = (piece: Buffer) => Buffer

function each(step: Step, rest: () => Buffer = () => Buffer.alloc(0)): Transform {
  return new Transform({
    transform: (piece: Buffer, _encoding, done) => done(null, step(piece)),
    flush: done => done(null, rest()),
  })
}

/** @param bytes nothing goes on after so many; the body ends when it would have ended */
export function truncate(bytes: number): Transform {
  let left = bytes
  return each(piece => {
    const part = piece.subarray(0, left)
    left -= part.length
    return part
  })
}

/** Line ends, tabs and blanks around every mark of JSON (RFC 8259, section 2). */
export function whiteSpace(): Transform {
  const marks = new Marks()
  return each(piece => {
    let text = ''
    for (const character of piece.toString('latin1')) {
      text += marks.read(character) ? `\r\n\t ${character} ` : character
    }
    return Buffer.from(text, 'latin1')
  })
}

/** `\uXXXX` for what is not ASCII, `\/` for `/`: both stand in strings only. */
export function unicodeEscapes(): Transform {
  const decoder = new StringDecoder('utf8')
  let last = ''
  const escape = (text: string) => {
    // A slash behind a backslash may be escaped already.
    const whole = last + text
    const slashes = whole.replaceAll(/(?<!\\)\//g, '\\/').slice(last.length)
    last = text.at(-1) ?? last
    return Buffer.from(slashes.replaceAll(/[^\0-\x7f]/g, asUnits))
  }
  return each(piece => escape(decoder.write(piece)), () => escape(decoder.end()))
}

function asUnits(character: string): string {
  return character.split('').map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
}

/** Compression that hands on at once what it was given, so that rows still come while they stream. */
const COMPRESSORS: Readonly<Record<string, () => Duplex>> = {
  br: () => createBrotliCompress({
    flush: constants.BROTLI_OPERATION_FLUSH, params: { [constants.BROTLI_PARAM_QUALITY]: 4 },
  }),
  gzip: () => createGzip({ flush: constants.Z_SYNC_FLUSH }),
  deflate: () => createDeflate({ flush: constants.Z_SYNC_FLUSH }),
}

export interface Compression {
  readonly name: string
  readonly step: Duplex
}

/** What `Accept-Encoding` likes best (RFC 9110, section 12.5.3); undefined where it wishes for none that we have. */
export function compression(accepted: string): Compression | undefined {
  const wishes = accepted.split(',').map(wish => {
    const [name = '', weight] = wish.split(';').map(part => part.trim().toLowerCase())
    return { name, weight: weight?.startsWith('q=') === true ? Number(weight.slice(2)) : 1 }
  })
  const [best] = wishes.filter(({ name, weight }) => weight > 0 && name in COMPRESSORS)
    .sort((one, other) => other.weight - one.weight)
  const make = best && COMPRESSORS[best.name]
  return make && { name: best.name, step: make() }
}

/** Pieces of `bytes` each, sent one by one. */
export function chunks(bytes: number): Transform {
  return paced(bytes, () => nextTurn())
}

/** A second's bytes come in twenty portions, or one by one. */
export function bandwidth(perSecond: number): Transform {
  const portion = Math.max(1, Math.floor(perSecond / 20))
  return paced(portion, size => pass(size / perSecond * 1000))
}

function paced(bytes: number, wait: (size: number) => Promise<unknown>): Transform {
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      void (async () => {
        for (let at = 0; at < piece.length && !this.destroyed; at += bytes) {
          const part = piece.subarray(at, at + bytes)
          this.push(part)
          await wait(part.length)
        }
        if (!this.destroyed) done()
      })()
    },
  })
}

import type { Link } from './neighbours.ts'

/** How many entities a diagram shows; more of them can't be read. */
export const DIAGRAM_NODES = 20
/** How many names stand on one line of it. */
const NAMES = 3

export interface Diagram {
  /** Mermaid's flowchart; its lines can also be read as they are. */
  readonly text: string
  /** How many neighbours had no room. */
  readonly omitted: number
}

/** Draws an entity and its neighbours; owners and parts have room before others. */
export function diagram(centre: string, links: readonly Link[]): Diagram {
  const ways = collectWays(links)
  const neighbours = new Set(ways.flatMap(way => [way.from, way.to]))
  neighbours.delete(centre)
  const shown = new Set([centre, ...[...neighbours].slice(0, DIAGRAM_NODES - 1)])
  const ids = new Map([...shown].map((name, index) => [name, nodeId(name, index)]))
  const lines = ways.filter(way => shown.has(way.from) && shown.has(way.to)).map(({ from, to, names, kind }) => {
    const label = names.slice(0, NAMES).join(', ') + (names.length > NAMES ? ', …' : '')
    return `  ${ids.get(from) ?? ''} ${kind === 'owner' ? '==>' : '-->'}|"${escape(label)}"| ${ids.get(to) ?? ''}`
  })
  const named = [...ids].filter(([name, id]) => name !== id).map(([name, id]) => `  ${id}["${escape(name)}"]`)
  const text = ['flowchart LR', ...named, ...(lines.length === 0 && named.length === 0 ? [`  ${ids.get(centre) ?? ''}`] : lines),
    `  style ${ids.get(centre) ?? ''} stroke-width:3px`].join('\n')
  return { text, omitted: neighbours.size - (shown.size - 1) }
}

/** All links between two entities in one direction. */
interface Way {
  readonly from: string
  readonly to: string
  readonly kind: Link['kind']
  readonly names: readonly string[]
}

const RANK: Record<Link['kind'], number> = { owner: 0, collection: 1, reference: 2 }

/** Owners and parts first. A collection that is only the other end of an owner's reference is left out. */
function collectWays(links: readonly Link[]): Way[] {
  const owned = new Set(links.filter(link => link.kind === 'owner').map(link => JSON.stringify([link.to, link.from])))
  const drawn = links.filter(link => link.kind !== 'collection' || !owned.has(JSON.stringify([link.from, link.to])))
  const ways = Map.groupBy(drawn, link => JSON.stringify([link.from, link.to, link.kind]))
  return [...ways.values()]
    .flatMap(([first, ...rest]) => first === undefined ? [] : [{ ...first, names: [first, ...rest].map(link => link.name) }])
    .sort((a, b) => RANK[a.kind] - RANK[b.kind])
}

/** A name is its own id where Mermaid takes it for one; words in lower case may be Mermaid's own. */
function nodeId(name: string, index: number): string {
  return /^[A-Z][A-Za-z0-9_]*$/.test(name) ? name : `n${index}`
}

/** Mermaid writes a character as `#` and its number; so nothing that a server wrote is more than text. */
function escape(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}_ .,…-]/gu, character => `#${character.codePointAt(0) ?? 0};`)
}

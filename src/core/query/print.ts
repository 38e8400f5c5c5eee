/** What goes over the wire. */
export interface ServerQuery {
  /** Table or entity set. */
  readonly resource: string
  readonly select?: readonly string[]
  /** In the API's own form: one line, dates spelt out, not percent-encoded. */
  readonly filter?: string
  readonly top?: number
  readonly skip?: number
  /** Further options, in their order. */
  readonly options?: readonly (readonly [name: string, value: string])[]
}

/** Characters that may stand in the query of an address as they are (RFC 3986, section 3.4) and are easier to read so. */
const READABLE = /%(?:24|2C|3A|2F|40|3B|3D)/gi

/**
 * The address of a query, encoded exactly once, as it goes over the wire: the URL Standard has quotes encoded.
 * `root` ends with a slash.
 */
export function requestUrl(root: string, { resource, select, filter, top, skip, options: others = [] }: ServerQuery): string {
  const options = [
    ...(select === undefined ? [] : [`$select=${encode(select.join(','))}`]),
    ...(filter === undefined ? [] : [`$filter=${encode(filter)}`]),
    ...others.map(([name, value]) => `${name}=${encode(value)}`),
    ...(skip === undefined ? [] : [`$skip=${skip}`]),
    ...(top === undefined ? [] : [`$top=${top}`]),
  ]
  return root + encodeURIComponent(resource) + (options.length === 0 ? '' : `?${options.join('&')}`)
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(READABLE, decodeURIComponent).replaceAll('\'', '%27')
}

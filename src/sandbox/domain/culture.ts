import type { Exchange } from '../http.ts'

/** The languages that the sandbox speaks. */
export type Language = 'en' | 'bg'

/** Of names and messages: `culture=` over the cookie over `Accept-Language`; English where none is known. */
export function languageOf({ request, url }: Exchange): Language {
  const cookie = /(?:^|;\s*)\.AspNetCore\.Culture=([^;]*)/.exec(request.headers.cookie ?? '')?.[1]
  const wanted = url.searchParams.get('culture') ?? cookie ?? firstAccepted(request.headers['accept-language'] ?? '')
  // ASP.NET writes its cookie as `c=bg|uic=bg`, encoded; the documents show a bare `bg`.
  return /^(?:c(?:=|%3D))?bg(?:\b|_|%)/i.test(wanted.trim()) ? 'bg' : 'en'
}

/** `fr, bg;q=0.8, en;q=0.9` is `en`: the most wanted of those that the sandbox speaks. */
function firstAccepted(header: string): string {
  const wishes = header.split(',').map(part => {
    const [tag = '', quality] = part.trim().split(/\s*;\s*q=/)
    return { tag, quality: Number(quality ?? 1) }
  })
  const spoken = wishes.filter(({ tag, quality }) => /^(?:en|bg)\b/i.test(tag) && quality > 0)
  return spoken.sort((a, b) => b.quality - a.quality)[0]?.tag ?? ''
}

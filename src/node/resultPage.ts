/** What the browser shows at the end of a sign-in or sign-out. All of it is text; nothing is taken for markup. */
export interface ResultPage {
  readonly outcome: 'done' | 'failed'
  readonly title: string
  readonly text: string
  /** BCP 47, for screen readers. */
  readonly language: string
  /** The way back to the editor. */
  readonly link?: { readonly label: string; readonly url: string }
}

const MARKS: Record<ResultPage['outcome'], string> = {
  done: '<path d="M7 12.5l3.5 3.5L17 9"/>',
  failed: '<path d="M8.5 8.5l7 7M15.5 8.5l-7 7"/>',
}

const STYLE = `
  :root { color-scheme: light dark; --page: #f3f4f6; --card: #fff; --text: #1f2328; --soft: #59636e; --edge: #d1d9e0;
    --done: #1a7f37; --failed: #cf222e; --link: #0969da; --on-link: #fff }
  @media (prefers-color-scheme: dark) { :root { --page: #16181d; --card: #1f2229; --text: #e6e8eb; --soft: #9aa4af;
    --edge: #343942; --done: #3fb950; --failed: #f85149; --link: #4493f8; --on-link: #0b1522 } }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--page); color: var(--text);
    font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', sans-serif }
  main { box-sizing: border-box; width: min(30rem, 100vw - 2rem); padding: 2.5rem 2rem; text-align: center;
    background: var(--card); border: 1px solid var(--edge); border-radius: 12px; overflow-wrap: anywhere }
  svg { width: 3.5rem; fill: none; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round }
  .done svg { stroke: var(--done) } .failed svg { stroke: var(--failed) }
  h1 { margin: .75rem 0 .25rem; font-size: 1.35rem; text-wrap: balance } p { margin: 0; color: var(--soft) }
  a { display: inline-block; margin-top: 1.5rem; padding: .55rem 1.2rem; border-radius: 6px; background: var(--link);
    color: var(--on-link); font-weight: 600; text-decoration: none }
  a:focus-visible { outline: 2px solid var(--text); outline-offset: 2px }`

/** Headers for it: no scripts, nothing loaded, nothing kept, nothing told to the next page. */
export const RESULT_PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': 'default-src \'none\'; style-src \'unsafe-inline\'; base-uri \'none\'; form-action \'none\'; frame-ancestors \'none\'',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const

export function renderResultPage({ outcome, title, text, language, link }: ResultPage): string {
  const button = link === undefined ? '' : `\n<a href="${escape(link.url)}">${escape(link.label)}</a>`
  return `<!doctype html>
<html lang="${escape(language)}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(title)} · ERP.net Developer Tools</title>
<style>${STYLE}
</style>
<main class="${outcome}" role="${outcome === 'done' ? 'status' : 'alert'}">
<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="10"/>${MARKS[outcome]}</svg>
<h1>${escape(title)}</h1>
<p>${escape(text)}</p>${button}
</main>
</html>
`
}

function escape(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\'': '&#39;' }
  return text.replace(/[&<>"']/g, letter => entities[letter] ?? letter)
}

import type { ErrorOutput, OutputAction } from '../core/notebook/output.ts'

/** Shows what happened, what to do, and the links that do it. */
export function showError(element: HTMLElement, { title, cure, actions }: ErrorOutput, run: (action: OutputAction) => void): void {
  const box = document.createElement('div')
  box.className = 'erpnet-error'
  box.setAttribute('role', 'alert')
  box.append(paragraph('erpnet-error-title', title))
  if (cure !== undefined) box.append(paragraph('erpnet-error-cure', cure))
  if (actions.length > 0) {
    const links = paragraph('erpnet-error-actions', '')
    links.append(...actions.map(action => link(action, run)))
    box.append(links)
  }
  element.replaceChildren(box)
}

function paragraph(className: string, text: string): HTMLElement {
  const element = document.createElement('p')
  element.className = className
  element.textContent = text
  return element
}

function link(action: OutputAction, run: (action: OutputAction) => void): HTMLElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'erpnet-link'
  button.textContent = action.label
  button.addEventListener('click', () => run(action))
  return button
}

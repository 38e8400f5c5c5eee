import type { ActivationFunction } from 'vscode-notebook-renderer'
import type { OutputData, OutputMessage } from '../core/notebook/output.ts'
import { showError } from './error.ts'
import { ResultView } from './resultView.ts'
import { STYLE } from './style.ts'

/** The renderer `erpnet-result`: a result as a table, or a failure with what helps. */
export const activate: ActivationFunction = context => {
  const views = new WeakMap<HTMLElement, ResultView>()
  const style = document.createElement('style')
  style.textContent = STYLE
  document.head.append(style)

  return {
    renderOutputItem(item, element) {
      const data = item.json() as OutputData
      if (data.kind === 'error') {
        views.delete(element)
        showError(element, data, action => context.postMessage?.({ action } satisfies OutputMessage))
        return
      }
      // An update of the same output comes with the same element: what is there stays, so that nothing flickers.
      const known = views.get(element)
      const view = known?.isIn(element) === true ? known : new ResultView(element)
      views.set(element, view)
      view.update(data)
    },
  }
}

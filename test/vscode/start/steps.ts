let steps = 0

/**
 * Walks one step of a tour, and tells how it went. What comes after a failed one would only fail
 * in its wake, so the tour ends there.
 */
export async function step<T>(title: string, walk: () => Promise<T>): Promise<T> {
  steps += 1
  const start = performance.now()
  const tell = (result: string) => {
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    console.log(`${result} ${steps} ${title} … ${seconds} s`)
  }
  try {
    const value = await walk()
    tell('ok')
    return value
  } catch (error) {
    tell('not ok')
    throw error
  }
}

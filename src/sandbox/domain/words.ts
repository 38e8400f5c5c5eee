/** The localised names of the model; English only for now, made from the names themselves. */

/** `DocumentNo` is `Document no`, `CustomProperty_Eco_u002ELabel` is `Eco.Label`. */
export function humanName(name: string): string {
  const custom = /^(?:CustomProperty|CalculatedAttribute)_(.*)$/.exec(name)?.[1]
  if (custom !== undefined) {
    return custom.replaceAll(/_u00([0-9A-F]{2})/g, (_all, code: string) => String.fromCharCode(parseInt(code, 16)))
  }
  const words = name.replaceAll('_', ' ').split(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|\s+/)
  const lowered = words.map((word, index) => (index > 0 && !/^[A-Z]{2,}/.test(word) ? word.toLowerCase() : word))
  return lowered.join(' ')
}

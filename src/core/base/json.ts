export type JsonObject = Readonly<Record<string, unknown>>

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The text of a property, or undefined where it is missing, null or of another type. */
export function textOf(object: JsonObject, name: string): string | undefined {
  const value = object[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Only `true` is true. */
export function isTrue(object: JsonObject, name: string): boolean {
  return object[name] === true
}

/** The objects of a property that is a list; anything else in it is passed over, a missing list is empty. */
export function objectsOf(object: JsonObject, name: string): JsonObject[] {
  const value = object[name]
  return Array.isArray(value) ? value.filter(isJsonObject) : []
}

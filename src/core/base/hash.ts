/** A fingerprint of a text: 16 hexadecimal digits. It tells whether something changed; it guards nothing. */
export function fingerprint(text: string): string {
  let a = 0x811c9dc5
  let b = 0xcbf29ce4
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    a = Math.imul(a ^ unit, 0x01000193)
    b = Math.imul(b ^ unit, 0x85ebca6b)
    b ^= b >>> 13
  }
  return hex(a ^ (b >>> 16)) + hex(b ^ (a >>> 15))
}

function hex(bits: number): string {
  return (bits >>> 0).toString(16).padStart(8, '0')
}

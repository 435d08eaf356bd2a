// Texts of strangers, for people.

/** A text with everything but visible ASCII escaped, and cut off: it may not write to a terminal or a log as it likes. */
export function escaped(text, limit = 200) {
  const all = String(text)
  const shown = all.length > limit ? `${all.slice(0, limit)}…` : all
  return ascii(JSON.stringify(shown)).slice(1, -1)
}

/** The same between quotation marks. */
export const quoted = (text, limit) => `"${escaped(text, limit)}"`

/** JSON without a character beyond ASCII; what else there is of control characters JSON has escaped already. */
export function ascii(json) {
  return json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

// What callers give, checked: nothing that is misspelt, of another type or no Unicode text goes further.

import { types } from 'node:util'
import type { MalformedInputCode } from '../codes.js'
import { MalformedInputError } from '../errors.js'

export function invalid(detail: string): MalformedInputError {
  return new MalformedInputError('invalid_argument', detail)
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (types.isUint8Array(value)) return 'bytes'
  return typeof value === 'object' ? 'an object' : typeof value
}

export function wrongType(value: unknown, what: string, wanted: string): MalformedInputError {
  return invalid(value === undefined ? `${what} is missing` : `${what} must be ${wanted}, not ${kindOf(value)}`)
}

/** A name for a message, cut where it is too long to be read. */
function quoted(name: string): string {
  return JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name)
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  // Whatever realm it is of, a literal's prototype is the last of its chain.
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/**
 * The own members of a plain object. What it inherits does not count, so that nothing can be said for the caller in
 * `Object.prototype`, and an instance of a class, whose members may be inherited, is refused.
 */
export function members(value: unknown, what: string): [string, unknown][] {
  if (!isPlain(value)) throw wrongType(value, what, 'a plain object')
  return Object.getOwnPropertyNames(value).map((name) => [name, value[name]])
}

/** The members of an options object by these names; an absent one is undefined, and another name is refused. */
export function options<Name extends string>(
  value: unknown,
  what: string,
  names: readonly Name[],
): Partial<Record<Name, unknown>> {
  const found = Object.create(null) as Partial<Record<Name, unknown>>
  for (const [name, member] of members(value, what)) {
    if (!names.includes(name as Name)) {
      throw invalid(`${what} has no member ${quoted(name)}; there are ${names.join(', ')}`)
    }
    if (member === null) throw invalid(`${name} is null; leave it out`)
    if (member !== undefined) found[name as Name] = member
  }
  return found
}

export function text(value: unknown, what: string, code: MalformedInputCode): string {
  if (typeof value !== 'string') throw wrongType(value, what, 'a string')
  if (!value.isWellFormed()) throw new MalformedInputError(code, `${what} is no Unicode text: it has a lone surrogate`)
  return value
}

export function truth(value: unknown, what: string): boolean {
  if (typeof value !== 'boolean') throw wrongType(value, what, 'true or false')
  return value
}

export function optionalBytes(value: unknown): Uint8Array | undefined {
  if (!types.isUint8Array(value)) return undefined
  // Other threads may write to shared memory while it is read.
  return types.isSharedArrayBuffer(value.buffer) ? Uint8Array.from(value) : value
}

export function bytes(value: unknown, what: string): Uint8Array {
  const found = optionalBytes(value)
  if (found === undefined) throw wrongType(value, what, 'a Uint8Array')
  return found
}

/** The items of an iterable. A text or bytes is refused: its items are hardly what the caller meant. */
export function items(value: unknown, what: string, wanted: string): unknown[] {
  const iterable = value as Iterable<unknown> | null | undefined
  if (typeof value !== 'object' || types.isUint8Array(value) || typeof iterable?.[Symbol.iterator] !== 'function') {
    throw wrongType(value, what, wanted)
  }
  return [...(iterable as Iterable<unknown>)]
}

/** JSON, as bytes. */
export function json(value: unknown, what: string, code: MalformedInputCode): Uint8Array {
  if (typeof value === 'string') return Buffer.from(text(value, what, code))
  const found = optionalBytes(value)
  if (found === undefined) throw wrongType(value, what, 'a string or a Uint8Array')
  return found
}

export function certificates(value: unknown, what: string, code: MalformedInputCode): string | Uint8Array[] {
  if (typeof value === 'string') return text(value, what, code)
  const der = optionalBytes(value)
  if (der !== undefined) return [der]
  return items(value, what, 'a string (PEM), a Uint8Array (DER) or an iterable of Uint8Array (DER)').map((item) =>
    bytes(item, `an item of ${what}`),
  )
}

/** A signature's DER: bytes, or base64 text. */
export function signature(value: unknown): string | Uint8Array {
  if (typeof value === 'string') return text(value, 'signature', 'malformed_entry')
  return bytes(value, 'signature')
}

export function instant(value: unknown, what: string, code: MalformedInputCode): string {
  if (!types.isDate(value)) {
    if (typeof value !== 'string') throw wrongType(value, what, 'a string (RFC 3339) or a Date')
    return text(value, what, code)
  }
  if (Number.isNaN(Date.prototype.getTime.call(value))) throw new MalformedInputError(code, `${what} is an invalid Date`)
  return Date.prototype.toISOString.call(value)
}

/** A read-only object of these members, with nothing inherited: no name finds what it does not have. */
export function record<T>(pairs: Iterable<readonly [string, T]>): Readonly<Record<string, T>> {
  const object = Object.create(null) as Record<string, T>
  for (const [name, value] of pairs) object[name] = value
  return Object.freeze(object)
}

// What callers give, checked: nothing that is misspelt, of another type or no Unicode text goes further.

import type { MalformedInputCode } from '../codes.js'
import { MalformedInputError } from '../errors.js'
import {
  bare,
  bareObject,
  bufferOf,
  byteLengthOf,
  canChangeItsSize,
  copied,
  create,
  freeze,
  getPrototypeOf,
  includes,
  isArray,
  isBoxedPrimitive,
  isDate,
  isMap,
  isNaN,
  isOutOfBounds,
  isSharedArrayBuffer,
  isUint8Array,
  isView,
  isWellFormed,
  isoTextOf,
  itemsOf,
  joined,
  mapped,
  millisecondsOf,
  namesOf,
  sliced,
  stringify,
} from './primordials.js'

export function invalid(detail: string): MalformedInputError {
  return new MalformedInputError('invalid_argument', detail)
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (isArray(value)) return 'an array'
  if (isUint8Array(value)) return 'bytes'
  return typeof value === 'object' ? 'an object' : typeof value
}

export function wrongType(value: unknown, what: string, wanted: string): MalformedInputError {
  return invalid(value === undefined ? `${what} is missing` : `${what} must be ${wanted}, not ${kindOf(value)}`)
}

/** A name for a message, cut where it is too long to be read. */
function quoted(name: string): string {
  return stringify(name.length > 100 ? `${sliced(name, 0, 100)}…` : name)
}

export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || isArray(value)) return false
  // Whatever realm it is of, a literal's prototype is the last of its chain.
  const prototype = getPrototypeOf(value)
  return prototype === null || getPrototypeOf(prototype) === null
}

/**
 * The own members of a plain object. What it inherits does not count, so that nothing can be said for the caller in
 * `Object.prototype`, and an instance of a class, whose members may be inherited, is refused.
 */
export function members(value: unknown, what: string): Record<string, unknown> {
  if (!isPlain(value)) throw wrongType(value, what, 'a plain object')
  const found = create(null) as Record<string, unknown>
  const names = namesOf(value)
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index] as string
    found[name] = value[name]
  }
  return found
}

/** The members of an options object by these names; an absent one is undefined, and another name is refused. */
export function options<Name extends string>(
  value: unknown,
  what: string,
  names: readonly Name[],
): Partial<Record<Name, unknown>> {
  const found = members(value, what)
  const given = namesOf(found)
  for (let index = 0; index < given.length; index += 1) {
    const name = given[index] as Name
    if (!includes(names, name)) {
      throw invalid(`${what} has no member ${quoted(name)}; there are ${joined(names, ', ')}`)
    }
    if (found[name] === null) throw invalid(`${name} is null; leave it out`)
  }
  return found as Partial<Record<Name, unknown>>
}

export function text(value: unknown, what: string, code: MalformedInputCode): string {
  if (typeof value !== 'string') throw wrongType(value, what, 'a string')
  if (!isWellFormed(value)) throw new MalformedInputError(code, `${what} is no Unicode text: it has a lone surrogate`)
  return value
}

export function truth(value: unknown, what: string): boolean {
  if (typeof value !== 'boolean') throw wrongType(value, what, 'true or false')
  return value
}

/**
 * Bytes as they are in the caller's memory, which nothing may change before they are read; undefined if it is none.
 *
 * Bytes whose buffer was transferred to another thread, or has shrunk, have no length, and would read as none at all: as a
 * log without a record. So they are refused, and an empty view of a buffer that can shrink with them.
 */
export function optionalView(value: unknown, what: string): Uint8Array | undefined {
  if (!isUint8Array(value)) return undefined
  if (isOutOfBounds(value)) {
    throw invalid(`${what} has lost its bytes: its ArrayBuffer was transferred or has shrunk; give bytes that are still there`)
  }
  const buffer = bufferOf(value)
  if (byteLengthOf(value) === 0 && canChangeItsSize(buffer)) {
    throw invalid(`${what} is empty, in an ArrayBuffer that changes its size: it may have shrunk; give a copy of the bytes`)
  }
  // Other threads may write to shared memory while it is read.
  return isSharedArrayBuffer(buffer) ? copied(value) : value
}

/** A copy of the bytes: what is given beside them may be asked by running the caller's code. */
function optionalBytes(value: unknown, what: string): Uint8Array | undefined {
  const found = optionalView(value, what)
  return found && copied(found)
}

export function bytes(value: unknown, what: string): Uint8Array {
  const found = optionalBytes(value, what)
  if (found === undefined) throw wrongType(value, what, 'a Uint8Array')
  return found
}

/** The same, not copied: for the last of what is asked of the caller. */
export function view(value: unknown, what: string): Uint8Array {
  const found = optionalView(value, what)
  if (found === undefined) throw wrongType(value, what, 'a Uint8Array')
  return found
}

function listed(value: unknown, what: string, wanted: string): { items: unknown[]; once: boolean } {
  // The items of a text, of bytes and of a map are hardly what the caller meant, least of all if there are none.
  const isOther = typeof value !== 'object' || value === null || isView(value) || isMap(value) || isBoxedPrimitive(value)
  const found = isOther ? undefined : itemsOf(value)
  if (found === undefined) throw wrongType(value, what, wanted)
  return found
}

/** The items of an iterable. An iterator that gives nothing is refused: it may have been read before. */
export function items(value: unknown, what: string, wanted: string): unknown[] {
  const { items, once } = listed(value, what, wanted)
  if (once && items.length === 0) {
    throw invalid(`${what} is an iterator that gives nothing, as one does that was read before; give an array`)
  }
  return items
}

/** The items of an iterable, none of which may be missed; that there are none means nothing but that. */
export function itemsIfAny(value: unknown, what: string, wanted: string): unknown[] {
  return listed(value, what, wanted).items
}

/** JSON. Its bytes are not copied: nothing of the caller's may run before they are read. */
export function json(value: unknown, what: string, code: MalformedInputCode): string | Uint8Array {
  if (typeof value === 'string') return text(value, what, code)
  const found = optionalView(value, what)
  if (found === undefined) throw wrongType(value, what, 'a string or a Uint8Array')
  return found
}

export function certificates(value: unknown, what: string, code: MalformedInputCode): string | Uint8Array[] {
  if (typeof value === 'string') return text(value, what, code)
  const der = optionalBytes(value, what)
  if (der !== undefined) return bare([der])
  const found = items(value, what, 'a string (PEM), a Uint8Array (DER) or an iterable of Uint8Array (DER)')
  return mapped(found, (item) => bytes(item, `an item of ${what}`))
}

/** Bytes, or their text in whatever encoding. */
export function textOrBytes(value: unknown, what: string, encoding: string, code: MalformedInputCode): string | Uint8Array {
  if (typeof value === 'string') return text(value, what, code)
  const found = optionalBytes(value, what)
  if (found === undefined) throw wrongType(value, what, `a string (${encoding}) or a Uint8Array`)
  return found
}

/** A signature's DER: bytes, or base64 text. */
export function signature(value: unknown): string | Uint8Array {
  return textOrBytes(value, 'signature', 'base64', 'malformed_entry')
}

export function instant(value: unknown, what: string, code: MalformedInputCode): string {
  if (!isDate(value)) {
    if (typeof value !== 'string') throw wrongType(value, what, 'a string (RFC 3339) or a Date')
    return text(value, what, code)
  }
  if (isNaN(millisecondsOf(value))) throw new MalformedInputError(code, `${what} is an invalid Date`)
  return isoTextOf(value)
}

/** A public key: PEM text, or DER. */
export function publicKey(value: unknown, code: MalformedInputCode): string | Uint8Array {
  return textOrBytes(value, 'publicKey', 'PEM', code)
}

export function validFor(value: unknown, code: MalformedInputCode): { start: string; end?: string } {
  const { start, end } = options(value, 'validFor', ['start', 'end'])
  const period: { start: string; end?: string } = bareObject({ start: instant(start, 'validFor.start', code) })
  if (end !== undefined) period.end = instant(end, 'validFor.end', code)
  return period
}

/** A read-only object of another's own members, with nothing inherited: no name finds what it does not have. */
export function record<T, R>(object: Readonly<Record<string, T>>, convert: (value: T, name: string) => R): Readonly<Record<string, R>> {
  const made = create(null) as Record<string, R>
  const names = namesOf(object)
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index] as string
    made[name] = convert(object[name] as T, name)
  }
  return freeze(made)
}


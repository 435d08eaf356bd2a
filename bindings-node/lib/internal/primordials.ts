// JavaScript's own functions as they were when the package was loaded, and what is made of them.
//
// Any other library of the process may change the prototypes. What that did to what a policy demands, or a record says,
// nobody would see. So whatever decides goes through these: by index and never by an iterator, into objects and lists that
// inherit nothing while they are filled, so that no accessor takes what is written.

import { types } from 'node:util'

const { apply, getOwnPropertyDescriptor, getPrototypeOf, ownKeys, setPrototypeOf } = Reflect
const ObjectPrototype = Object.prototype
const ArrayPrototype = Array.prototype
const TypedArrayPrototype = getPrototypeOf(Uint8Array.prototype) as Uint8Array
const IteratorPrototype = getPrototypeOf(getPrototypeOf([][Symbol.iterator]()) as object)
const Bytes = Uint8Array
const { defineProperty } = Object
const bufferFrom = Buffer.from as (text: string, encoding: 'base64') => Uint8Array

export const { create, freeze, hasOwn } = Object
export const { isArray } = Array
export const { isFinite, isNaN } = Number
export const { parse, stringify } = JSON
export const { isBoxedPrimitive, isDate, isMap, isProxy, isSet, isSharedArrayBuffer, isUint8Array } = types
export const isView = ArrayBuffer.isView
export { apply, getPrototypeOf, ownKeys }

function uncurried<T, A extends unknown[], R>(method: (this: T, ...given: A) => R): (self: T, ...given: A) => R {
  return (self, ...given) => apply(method, self, given) as R
}

function getter<T>(prototype: object, name: PropertyKey): (self: object) => T {
  return uncurried(getOwnPropertyDescriptor(prototype, name)?.get as (this: object) => T)
}

export const isWellFormed = uncurried(String.prototype.isWellFormed)
export const indexOf = uncurried(String.prototype.indexOf as (this: string, wanted: string) => number)
export const sliced = uncurried(String.prototype.slice)
export const millisecondsOf = uncurried(Date.prototype.getTime)
export const isoTextOf = uncurried(Date.prototype.toISOString)
export const bufferOf = getter<ArrayBufferLike>(TypedArrayPrototype, 'buffer')
export const byteLengthOf = getter<number>(TypedArrayPrototype, 'byteLength')
const isResizable = getter<boolean>(ArrayBuffer.prototype, 'resizable')
const isGrowable = getter<boolean>(SharedArrayBuffer.prototype, 'growable')
export const weakMapGet = uncurried(WeakMap.prototype.get)
export const weakMapSet = uncurried(WeakMap.prototype.set)
const firstOf = uncurried(TypedArrayPrototype.at)
const eachOfSet = uncurried(Set.prototype.forEach as (this: object, call: (item: unknown) => void) => void)

/** Whether a view's buffer was taken away, or is too small for it by now: its length would be zero all the same. */
export function isOutOfBounds(view: Uint8Array): boolean {
  try {
    firstOf(view, 0)
    return false
  } catch {
    return true
  }
}

export function canChangeItsSize(buffer: ArrayBufferLike): boolean {
  return isSharedArrayBuffer(buffer) ? isGrowable(buffer) : isResizable(buffer)
}

/** A copy, in memory that is nobody else's. */
export function copied(view: Uint8Array): Uint8Array {
  return new Bytes(view)
}

export function fromBase64(text: string): Uint8Array {
  return new Bytes(bufferFrom(text, 'base64'))
}

/** A new member, whatever setters there are for it. */
export function define(object: object, name: PropertyKey, value: unknown, enumerable = true): void {
  defineProperty(object, name, { __proto__: null, value, enumerable } as PropertyDescriptor)
}

/** A new member like any other. */
export function put(object: object, name: PropertyKey, value: unknown): void {
  const how = { __proto__: null, value, enumerable: true, configurable: true, writable: true }
  defineProperty(object, name, how as PropertyDescriptor)
}

/** A new member that does not show, and may be changed. */
export function defineOpen(object: object, name: PropertyKey, value: unknown): void {
  const how = { __proto__: null, value, enumerable: false, configurable: true, writable: true }
  defineProperty(object, name, how as PropertyDescriptor)
}

/** A list that inherits nothing. */
export function bare<T>(list: T[] = []): T[] {
  setPrototypeOf(list, null)
  return list
}

/** A list like any other, of one that inherits nothing. */
export function dressed<T>(list: T[]): T[] {
  setPrototypeOf(list, ArrayPrototype)
  return list
}

export function mapped<T, R>(list: readonly T[], convert: (item: T, index: number) => R): R[] {
  const made = bare<R>()
  for (let index = 0; index < list.length; index += 1) made[index] = convert(list[index] as T, index)
  return dressed(made)
}

export function includes<T>(list: readonly T[], wanted: T): boolean {
  for (let index = 0; index < list.length; index += 1) if (list[index] === wanted) return true
  return false
}

export function joined(list: readonly string[], between: string): string {
  let text = ''
  for (let index = 0; index < list.length; index += 1) text += index === 0 ? list[index] : between + list[index]
  return text
}

/** An object of these members that inherits nothing: no name finds what it does not have. */
export function bareObject<T extends object>(members: T): T {
  setPrototypeOf(members, null)
  return members
}

/** The names of an object's own members. */
export function namesOf(object: object): string[] {
  const names = bare<string>()
  const keys = ownKeys(object)
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index]
    if (typeof key === 'string') names[names.length] = key
  }
  return names
}

/** A member, its own or inherited, but not of what `Object.prototype` was given. */
export function member(value: object, name: PropertyKey): unknown {
  let holder: object | null = value
  while (holder !== null && holder !== ObjectPrototype) {
    if (hasOwn(holder, name)) return (value as Record<PropertyKey, unknown>)[name]
    holder = getPrototypeOf(holder)
  }
  return undefined
}

/** What an iterable gives, and whether that can be had only once; undefined if it is no iterable. */
export function itemsOf(value: object): { items: unknown[]; once: boolean } | undefined {
  if (isArray(value)) return { items: mapped(value, (item: unknown) => item), once: false }
  const items = bare<unknown>()
  if (isSet(value)) {
    eachOfSet(value, (item) => (items[items.length] = item))
    return { items: dressed(items), once: false }
  }
  const iterate = member(value, Symbol.iterator)
  if (typeof iterate !== 'function') return undefined
  const iterator = apply(iterate, value, []) as object
  const next = member(iterator, 'next') as () => object
  for (;;) {
    const step = apply(next, iterator, []) as object
    if (member(step, 'done')) return { items: dressed(items), once: iterator === value }
    items[items.length] = member(step, 'value')
  }
}

/** An iterator over a list's items, whatever became of those of arrays. */
export function iteratorOver<T>(list: readonly T[]): IterableIterator<T> {
  let index = 0
  const iterator = create(IteratorPrototype) as IterableIterator<T>
  const next = (): IteratorResult<T> => {
    if (index >= list.length) return { done: true, value: undefined }
    index += 1
    return { done: false, value: list[index - 1] as T }
  }
  define(iterator, 'next', next, false)
  return iterator
}

/** A document of JSON whose objects inherit nothing. */
export function document<T>(json: string): T {
  return undressed(parse(json)) as T
}

function undressed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const names = namesOf(value)
  for (let index = 0; index < names.length; index += 1) undressed((value as Record<string, unknown>)[names[index] as string])
  if (!isArray(value)) setPrototypeOf(value, null)
  return value
}

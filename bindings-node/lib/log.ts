// A log in memory.

import * as native from '../native.js'
import { text } from './internal/arguments.js'
import { entryOf, nativeEntry } from './entry.js'
import type { Entry } from './entry.js'
import { show } from './internal/instance.js'
import { iteratorOver, freeze, mapped } from './internal/primordials.js'
import { given } from './internal/refusal.js'

/**
 * The entries of one tenant's namespace, in memory: append-only, and indexed by artifact name.
 *
 * Nothing is ever deleted, and of an entry nothing ever changes but that it becomes revoked.
 */
export class Log implements Iterable<Entry> {
  readonly #native: native.Log

  /** Makes an empty log. */
  constructor(namespace: string) {
    this.#native = new native.Log(text(namespace, 'namespace', 'invalid_argument'))
    freeze(this)
  }

  /** The namespace of all its entries. */
  get namespace(): string {
    return this.#native.namespace
  }

  /** How many entries there are. */
  get size(): number {
    return this.#native.size
  }

  /**
   * Appends an entry. Signing the same name again makes another entry.
   *
   * Throws a `MalformedInputError` if the entry is of another namespace.
   */
  append(entry: Entry): void {
    given(this.#native.append(nativeEntry(entry, 'entry')))
  }

  /** Every entry of an artifact, in the order in which they were appended; for `Verifier.verify`. */
  find(artifactName: string): Entry[] {
    return mapped(given(this.#native.find(text(artifactName, 'artifactName', 'malformed_name'))), entryOf)
  }

  /**
   * Revokes the signatures of an artifact that were made from a ref, and returns how many there are.
   *
   * It marks every entry of that name whose certificate carries that `source_repository_ref`. What the entry itself recorded
   * does not matter, and an unreadable certificate matches every ref. Throws a `CountermarkError` with the code
   * `no_signature` if there is no such entry.
   */
  revokeSignature(artifactName: string, sourceRepositoryRef: string): number {
    const name = text(artifactName, 'artifactName', 'malformed_name')
    const reference = text(sourceRepositoryRef, 'sourceRepositoryRef', 'invalid_argument')
    return given(this.#native.revokeSignature(name, reference))
  }

  /** Every entry, in the order in which they were appended. */
  [Symbol.iterator](): IterableIterator<Entry> {
    return iteratorOver(mapped(given(this.#native.entries()), entryOf))
  }
}

show(Log, ({ namespace, size }) => ({ namespace, size }))

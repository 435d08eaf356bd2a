// Entries, and reading them.

import * as native from '../native.js'
import {
  certificates,
  instant,
  invalid,
  items,
  json,
  members,
  options,
  signature,
  text,
  truth,
  wrongType,
} from './internal/arguments.js'
import type { Certificates, Instant } from './inputs.js'
import { MalformedInputError, withoutStacks } from './errors.js'
import { instanceOf, show } from './internal/instance.js'
import { bare, bareObject, create, freeze, mapped, namesOf, parse, stringify } from './internal/primordials.js'
import { errorOf, given, givenText } from './internal/refusal.js'

/** What an `Entry` is made of: a record's columns. */
export interface EntryOptions {
  /** The tenant's namespace. No signature covers it. */
  readonly namespace: string
  /** The artifact name as the record has it; compared byte for byte, never parsed. */
  readonly artifactName: string
  /** The signature: bytes (DER) or text (base64). */
  readonly signature: string | Uint8Array
  /** The certificates, the leaf first: text (PEM), or bytes (DER). */
  readonly certificate: Certificates
  /** When the signature was made, by the log's word. */
  readonly timestamp: Instant
  /** There is no default, and only true and false will do: a record that does not say is not trusted. */
  readonly revoked: boolean
  /** The recorded claims, name to text. */
  readonly provenance?: Readonly<Record<string, string>> | undefined
  /** Whether the log blocks the artifact; false unless given. */
  readonly blocklisted?: boolean | undefined
  /** Objects with a text `kind`: `'rfc3161'` is a signed timestamp, in `token` as base64. Other kinds are ignored. */
  readonly evidence?: Iterable<Readonly<Record<string, unknown>>> | undefined
}

const NAMES = [
  'namespace',
  'artifactName',
  'signature',
  'certificate',
  'timestamp',
  'revoked',
  'provenance',
  'blocklisted',
  'evidence',
] as const
const CODE = 'malformed_entry'

function evidenceJson(value: unknown): string {
  const found = items(value, 'evidence', 'an iterable of plain objects')
  let written = '['
  try {
    for (let index = 0; index < found.length; index += 1) {
      members(found[index], 'an item of evidence')
      written += (index === 0 ? '' : ',') + stringify(found[index])
    }
  } catch (error) {
    if (error instanceof MalformedInputError) throw error
    throw new MalformedInputError(CODE, `evidence cannot be written as JSON: ${String(error)}`)
  }
  return text(`${written}]`, 'evidence', CODE)
}

function columns(value: unknown): native.Columns {
  const found = options(value, 'an entry', NAMES)
  const provenance = found.provenance === undefined ? bare<string>() : claimTexts(members(found.provenance, 'provenance'))
  return bareObject({
    namespace: text(found.namespace, 'namespace', CODE),
    artifactName: text(found.artifactName, 'artifactName', CODE),
    signature: signature(found.signature),
    certificate: certificates(found.certificate, 'certificate', CODE),
    timestamp: instant(found.timestamp, 'timestamp', CODE),
    revoked: truth(found.revoked, 'revoked'),
    blocklisted: truth(found.blocklisted ?? false, 'blocklisted'),
    provenance,
    evidence: found.evidence === undefined ? '[]' : evidenceJson(found.evidence),
  })
}

/** Names and texts, in turn. */
function claimTexts(claims: Record<string, unknown>): string[] {
  const texts = bare<string>()
  const names = namesOf(claims)
  for (let index = 0; index < names.length; index += 1) {
    const name = text(names[index], "a claim's name in provenance", CODE)
    texts[texts.length] = name
    texts[texts.length] = text(claims[name], `provenance.${name}`, CODE)
  }
  return texts
}

function claimsOf(texts: readonly string[]): Readonly<Record<string, string>> {
  const claims = create(null) as Record<string, string>
  for (let index = 0; index < texts.length; index += 2) claims[texts[index] as string] = texts[index + 1] as string
  return freeze(claims)
}

/** @internal */
export let nativeEntry: (entry: unknown, what: string) => native.Entry

/**
 * One record of a signing event; untrusted until verified.
 *
 * It is made from columns, or from JSON by `fromJson` and `entriesFromJson`. Throws a `MalformedInputError` if a part is
 * malformed, a limit is exceeded, or there is a member that an entry has not.
 */
export class Entry {
  readonly #native: native.Entry

  static {
    nativeEntry = (entry, what) => instanceOf(entry, what, 'an Entry', (it) => #native in it && it.#native)
  }

  /** Makes an entry of a record's columns. */
  constructor(options: EntryOptions) {
    this.#native = options instanceof native.Entry ? options : given(native.entry(columns(options)))
    freeze(this)
  }

  /**
   * Reads one record from JSON.
   *
   * Null, a repeated or unknown member and a record without `revoked` throw a `MalformedInputError`.
   */
  static fromJson(data: string | Uint8Array): Entry {
    return entryOf(given(native.entryFromJson(json(data, 'data', CODE))))
  }

  /** The tenant's namespace. No signature covers it. */
  get namespace(): string {
    return this.#native.namespace
  }

  /** The artifact name as the record has it; compared byte for byte, never parsed. */
  get artifactName(): string {
    return this.#native.artifactName
  }

  /** The signature's DER. */
  get signature(): Uint8Array {
    return this.#native.signature
  }

  /** The certificates in DER, the leaf first; at least one. */
  get certificates(): readonly Uint8Array[] {
    return freeze(this.#native.certificates)
  }

  /** When the signature was made, by the log's word; RFC 3339 in UTC, to the nanosecond. */
  get timestamp(): string {
    return this.#native.timestamp
  }

  /** The recorded claims, name to text. */
  get provenance(): Readonly<Record<string, string>> {
    return claimsOf(this.#native.provenance)
  }

  /** Whether the signature was revoked. */
  get revoked(): boolean {
    return this.#native.revoked
  }

  /** Whether the log blocks the artifact. */
  get blocklisted(): boolean {
    return this.#native.blocklisted
  }

  /** The evidence beside the record. */
  get evidence(): readonly Record<string, unknown>[] {
    return freeze(parse(givenText(this.#native.evidence())) as Record<string, unknown>[])
  }

  /** The record as `fromJson` reads it, without members that are empty or false: what `JSON.stringify` writes. */
  toJSON(): Record<string, unknown> {
    return parse(givenText(this.#native.json())) as Record<string, unknown>
  }
}

show(Entry, ({ namespace, artifactName, timestamp, revoked }) => ({ namespace, artifactName, timestamp, revoked }))

/** @internal */
export function entryOf(entry: native.Entry): Entry {
  const it: unknown = entry
  return new Entry(it as EntryOptions)
}

/** How the records of a log are read. */
export interface ReadingOptions {
  /**
   * `'countermark'` (the default): a JSON array or JSON Lines. `'endor_labs'`: one `ArtifactSignature` of the Endor Labs API
   * or a list response of them; a response that has a next page is refused, because a revoked record may be on it.
   */
  readonly format?: 'countermark' | 'endor_labs' | undefined
  /** Says that the source of Endor Labs' records leaves false values out; otherwise one without `revoked` is refused. */
  readonly absentRevokedMeansFalse?: boolean | undefined
}

function formatOf(value: unknown): native.Format {
  const found = options(value, 'options', ['format', 'absentRevokedMeansFalse'])
  const format = found.format ?? 'countermark'
  const absentMeansFalse = truth(found.absentRevokedMeansFalse ?? false, 'absentRevokedMeansFalse')
  if (typeof format !== 'string') throw wrongType(format, 'format', 'a string')
  switch (format) {
    case 'countermark':
      if (!absentMeansFalse) return 'countermark'
      throw invalid("absentRevokedMeansFalse is for format 'endor_labs' alone; a record that does not say is not trusted")
    case 'endor_labs':
      return absentMeansFalse ? 'endor_labs_absent_revoked_means_false' : 'endor_labs'
    default:
      throw invalid("format must be 'countermark' or 'endor_labs'")
  }
}

/**
 * Reads the records of a log from JSON; one bad record fails the call.
 *
 * Throws a `MalformedInputError` for the first bad record; its `record` tells which.
 */
export function entriesFromJson(data: string | Uint8Array, options: ReadingOptions = {}): Entry[] {
  const format = formatOf(options)
  return mapped(given(native.entriesFromJson(json(data, 'data', CODE), format)), entryOf)
}

/**
 * The same with a result per record, in their order, so that one bad record does not hide the others.
 *
 * A `MalformedInputError` in the array is a record that could not be judged, not one that is not there: it may have been a
 * revocation. Who leaves it out must know that it is not. It was not thrown and has no stack. A thousand are told; if there
 * are more, the last says that reading stopped there.
 *
 * Throws a `MalformedInputError` if a response of the Endor Labs API is itself malformed.
 */
export function readEntries(data: string | Uint8Array, options: ReadingOptions = {}): (Entry | MalformedInputError)[] {
  const format = formatOf(options)
  const records = given(native.readEntries(json(data, 'data', CODE), format))
  return withoutStacks(() =>
    mapped(records, (record) => (typeof record === 'string' ? (errorOf(record) as MalformedInputError) : entryOf(record))),
  )
}

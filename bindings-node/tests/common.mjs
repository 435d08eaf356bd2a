// What the tests share: the test data, and the vectors read through the public API.

import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { Policy, Verifier, entriesFromJson } from 'countermark'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const PACKAGE = join(ROOT, 'bindings-node')
export const TESTDATA = join(ROOT, 'testdata')
export const NAME = 'registry/image@sha256:cec83ad230502a3cc1bec3edd228669625ca652b9b34ed7aece69711f86454be'
export const OTHER = `registry/image@sha256:${'0'.repeat(64)}`
export const ISSUER = 'https://token.actions.githubusercontent.com'

export function read(...path) {
  return readFileSync(join(TESTDATA, ...path), 'utf8')
}

/** Where the JSON value that begins at `from` ends. */
function end(document, from) {
  let depth = 0
  for (let index = from, text = false; index < document.length; index += 1) {
    const character = document[index]
    if (text) {
      if (character === '\\') index += 1
      else if (character === '"') text = false
    } else if (character === '"') text = true
    else if (character === '{' || character === '[') depth += 1
    else if (character === '}' || character === ']') {
      if (depth === 0) return index
      depth -= 1
    } else if (character === ',' && depth === 0) return index
  }
  throw new Error('the document ends in a value')
}

/**
 * The members of a JSON object, each as the very text that the document has.
 *
 * `JSON.parse` keeps the last of repeated members, so that reading and writing again would hide them.
 */
export function members(document) {
  const found = new Map()
  let rest = document.indexOf('{') + 1
  while (true) {
    const start = document.indexOf('"', rest)
    if (start < 0) return found
    const colon = document.indexOf(':', document.indexOf('"', start + 1))
    const name = JSON.parse(document.slice(start, colon))
    const after = end(document, colon + 1)
    if (found.has(name)) throw new Error(`the vector repeats ${name}`)
    found.set(name, document.slice(colon + 1, after).trim())
    if (document[after] === '}') return found
    rest = after + 1
  }
}

/** One vector, not yet judged: malformed input has its own outcome. */
export class Vector {
  constructor(file) {
    this.raw = members(readFileSync(file, 'utf8'))
    this.id = this.value('id')
    this.name = this.value('artifact_name')
    this.expected = this.value('expected')
    this.options = { now: this.value('now') }
  }

  value(member) {
    return this.raw.has(member) ? JSON.parse(this.raw.get(member)) : undefined
  }

  build() {
    const verifier = new Verifier({
      trustAnchors: this.value('trust_anchors'),
      intermediates: this.value('intermediates'),
      distrusted: this.value('distrusted'),
    })
    const policy = Policy.fromJson(this.raw.get('policy'))
    return { verifier, policy, entries: entriesFromJson(this.raw.get('entries')) }
  }

  verifySync() {
    const { verifier, entries, policy } = this.build()
    return verifier.verifySync(this.name, entries, policy, this.options)
  }

  async verify() {
    const { verifier, entries, policy } = this.build()
    return verifier.verify(this.name, entries, policy, this.options)
  }

  examine() {
    const { verifier, entries, policy } = this.build()
    return verifier.examine(this.name, entries, policy, this.options)
  }
}

export function vector(name) {
  return new Vector(join(TESTDATA, 'vectors', `${name}.json`))
}

export function vectors() {
  const directories = [join(TESTDATA, 'vectors')]
  const elsewhere = process.env.COUNTERMARK_VECTORS
  if (elsewhere) directories.push(elsewhere)
  return directories.flatMap((directory) => {
    if (!existsSync(directory)) throw new Error(`there is no ${directory}`)
    const files = readdirSync(directory).filter((file) => file.endsWith('.json'))
    if (files.length === 0) throw new Error(`${basename(directory)} has no vectors`)
    return files.sort().map((file) => new Vector(join(directory, file)))
  })
}

/** What a function throws, or a promise is rejected with. */
export function thrown(call) {
  try {
    call()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

export async function rejection(promise) {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('nothing was rejected')
}

/** The algorithms that the package knows: one in pure Rust has fewer. */
export function algorithms() {
  const trustAnchors = read('quickstart', 'root.pem')
  const names = ['ecdsa_p256_sha256', 'ecdsa_p256_sha384', 'ecdsa_p384_sha256', 'ecdsa_p384_sha384']
  const more = ['ecdsa_p521_sha256', 'ecdsa_p521_sha384', 'ecdsa_p521_sha512', 'ed25519']
  for (const scheme of ['rsa_pkcs1', 'rsa_pss']) for (const size of [256, 384, 512]) more.push(`${scheme}_sha${size}`)
  return [...names, ...more].filter((name) => {
    try {
      new Verifier({ trustAnchors, acceptedAlgorithms: [...names, name] })
      return true
    } catch {
      return false
    }
  })
}

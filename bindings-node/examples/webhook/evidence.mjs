// What an image is judged by: the trusted roots, the policy and the records, all read from files.

import { lstat, readFile, readdir, readlink, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'

import { Log, Policy, Verifier, entriesFromJson } from 'countermark'

import { quoted } from './text.mjs'

async function bounded(path, limit) {
  const found = await stat(path)
  // A pipe would never end.
  if (!found.isFile()) throw new Error(`${quoted(path)} is no file`)
  if (found.size > limit) throw new Error(`${quoted(path)} has ${found.size} bytes; ${limit} are the limit`)
  return readFile(path)
}

/**
 * The directory that Kubernetes mounts a ConfigMap or a Secret with, if the given one is such a mount: `..data` leads there,
 * and everything beside it that is to be seen leads into `..data`. It is replaced as a whole, so that what is read of it is
 * of one time. Whatever else lies beside it is refused.
 */
async function mounted(directory, names) {
  if (!names.includes('..data')) return undefined
  const VERSION = /^\.\.\d{4}(_\d\d){5}\.\d+$/
  for (const name of names) {
    const path = join(directory, name)
    const link = (await lstat(path)).isSymbolicLink() ? await readlink(path) : undefined
    const isPart = name === '..data' || name === '..data_tmp' ? VERSION.test(link ?? '') : VERSION.test(name) || link === `..data/${name}`
    if (!isPart) throw new Error(`${quoted(path)} is no part of the volume that is mounted there: it would not be looked at`)
  }
  return realpath(join(directory, '..data'))
}

/** Every file below a path, whatever its name: what is left out may be a revocation. */
async function* files(path, limits, depth = 0) {
  if (!(await stat(path)).isDirectory()) return yield path
  if (depth > limits.recordDepth) throw new Error(`${quoted(path)} lies deeper than ${limits.recordDepth} directories`)
  const names = await readdir(path)
  const mount = await mounted(path, names)
  if (mount !== undefined) return yield* files(mount, limits, depth + 1)
  for (const name of names.sort()) yield* files(join(path, name), limits, depth + 1)
}

async function entriesOf(path, limits) {
  const bytes = await bounded(path, limits.fileBytes)
  let entries
  try {
    entries = entriesFromJson(bytes)
  } catch (error) {
    throw new Error(`${quoted(path)} is no file of records, and nothing else may lie there: ${error.message}`, { cause: error })
  }
  // As a rule such a file is being written, or was written by what failed.
  if (entries.length === 0 && !bytes.includes('[')) throw new Error(`${quoted(path)} is empty; a log without records is []`)
  return [bytes.length, entries]
}

/**
 * Reads it all anew, for every review: a record that was revoked, a digest that was blocklisted or a root that was taken
 * away a moment ago must count. One file or record that cannot be read fails the reading, for it may be a revocation.
 */
export async function readEvidence({ roots, policy: policyFile, records, limits }) {
  const verifier = new Verifier({ trustAnchors: (await bounded(roots, limits.fileBytes)).toString('utf8') })
  const policy = Policy.fromJson(await bounded(policyFile, limits.fileBytes))
  const log = new Log(policy.namespace)
  const found = { files: 0, records: 0, recordsOfOtherNamespaces: 0 }
  let size = 0
  for await (const path of files(records, limits)) {
    const [bytes, entries] = await entriesOf(path, limits)
    found.files += 1
    size += bytes
    if (found.files > limits.recordFiles) throw new Error(`${quoted(records)} has more than ${limits.recordFiles} files`)
    if (size > limits.recordBytes) throw new Error(`${quoted(records)} has more than ${limits.recordBytes} bytes`)
    for (const entry of entries) {
      if (entry.namespace !== log.namespace) found.recordsOfOtherNamespaces += 1
      else {
        log.append(entry)
        found.records += 1
      }
    }
  }
  if (found.files === 0) throw new Error(`${quoted(records)} has no file of records; a log without records is []`)
  return { verifier, policy, log, found }
}

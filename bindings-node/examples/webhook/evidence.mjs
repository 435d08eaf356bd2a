// What an image is judged by: the trusted roots, the policy and the records, all read from files.

import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

import { Log, Policy, Verifier, entriesFromJson } from 'countermark'

async function bounded(path, limit) {
  const { size } = await stat(path)
  if (size > limit) throw new Error(`${path} has ${size} bytes; ${limit} are the limit`)
  return readFile(path)
}

async function files(path) {
  if (!(await stat(path)).isDirectory()) return [path]
  const names = await readdir(path)
  return names.filter((name) => /\.jsonl?$/.test(name)).sort().map((name) => join(path, name))
}

/**
 * Reads it all anew, for every review: a record that was revoked, a digest that was blocklisted or a root that was taken
 * away a moment ago must count. One record that cannot be read fails the reading, for it may be a revocation.
 */
export async function readEvidence({ roots, policy: policyFile, records, limits: { fileBytes } }) {
  const verifier = new Verifier({ trustAnchors: (await bounded(roots, fileBytes)).toString('utf8') })
  const policy = Policy.fromJson(await bounded(policyFile, fileBytes))
  const log = new Log(policy.namespace)
  for (const file of await files(records)) {
    for (const entry of entriesFromJson(await bounded(file, fileBytes))) {
      if (entry.namespace === log.namespace) log.append(entry)
    }
  }
  return { verifier, policy, log }
}

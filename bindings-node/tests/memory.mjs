// A hundred thousand verifications in every way there is, and how much memory there is more at the end than after the
// first tenth. Most are refused before any cryptography, which would take minutes; the objects are the same.

import { Entry, Policy, entriesFromJson } from 'countermark'
import { NAME, OTHER, vector } from './common.mjs'

const nine = vector('accept-nine-claims')
const { verifier, entries, policy } = nine.build()
const log = nine.raw.get('entries')
let verifications = 0

/** Refused by a rule, by a name that is none, and by a misspelt option, without ever giving way to the event loop. */
function refusals(count) {
  for (let index = 0; index < count; index += 1) {
    try {
      verifier.verifySync(index % 3 ? OTHER : index % 2 ? 'x' : NAME, entries, policy, index % 3 ? {} : { nowe: 1 })
    } catch {
      verifications += 1
    }
  }
}

async function round() {
  refusals(8_500)
  for (let index = 0; index < 100; index += 1) {
    verifier.verifySync(NAME, entries, policy).claims
    await verifier.verify(NAME, entries, policy)
    verifications += 2
  }
  const asked = (name) => ({ name, entries, policy })
  await verifier.verifyMany([...Array(1_200).fill(asked(OTHER)), ...Array(100).fill(asked(NAME))])
  verifications += 1_300
  for (let index = 0; index < 200; index += 1) {
    const [entry] = entriesFromJson(log)
    Entry.fromJson(JSON.stringify(entry))
    Policy.fromJson(JSON.stringify(policy))
    verifier.examine(OTHER, entries, policy)
  }
}

/** The bytes that JavaScript's objects take, and all that the process has beside the heap that is kept for them. */
async function used() {
  for (let count = 0; count < 5; count += 1) {
    globalThis.gc()
    await new Promise(setImmediate)
  }
  const { heapUsed, heapTotal, rss } = process.memoryUsage()
  return [heapUsed, rss - heapTotal]
}

await round()
const before = await used()
for (let count = 0; count < 9; count += 1) await round()
const after = await used()
console.log(JSON.stringify({ verifications, grown: after.map((bytes, index) => bytes - before[index]) }))

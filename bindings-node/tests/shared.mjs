// Many requests over one array of many entries, and how much memory the process has at most.

import { Entry, RejectedError } from 'countermark'
import { OTHER, vector } from './common.mjs'

const { verifier, entries, policy } = vector('accept-nine-claims').build()
const [entry] = entries
const columns = { signature: entry.signature, certificate: entry.certificates, timestamp: entry.timestamp, revoked: false }
// Of another namespace, which is what is looked at first: a core may be slow and the test must not be.
const log = Array.from({ length: 10_000 }, (_, index) =>
  new Entry({ ...columns, namespace: 'other', artifactName: `registry/${index}` }),
)
const before = process.memoryUsage().rss
let most = before
const watching = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 5)
const results = await verifier.verifyMany(Array.from({ length: 10_000 }, () => ({ name: OTHER, entries: log, policy })))
clearInterval(watching)
const rejected = results.filter((result) => result instanceof RejectedError).length
console.log(JSON.stringify({ rejected, mebibytes: Math.round((Math.max(most, process.memoryUsage().rss) - before) / 2 ** 20) }))

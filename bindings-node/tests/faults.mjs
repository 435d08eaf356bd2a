// Reading a log of nothing but malformed records: how many seconds of the processor's it takes, and how much memory there is more.

import { MalformedInputError, readEntries } from 'countermark'

const data = Buffer.from('{}\n'.repeat(Number(process.argv[2] ?? 100_000)))
const before = process.memoryUsage().rss
const start = process.cpuUsage()
const records = readEntries(data)
const { user, system } = process.cpuUsage(start)
const seconds = (user + system) / 1e6
for (const record of records) if (!(record instanceof MalformedInputError)) throw new Error('a record of nothing')
const mebibytes = Math.round((process.memoryUsage().rss - before) / 2 ** 20)
console.log(JSON.stringify({ count: records.length, seconds, mebibytes }))

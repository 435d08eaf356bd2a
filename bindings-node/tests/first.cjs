// How many milliseconds it takes to load the package and to verify one artifact.

const { readFileSync } = require('node:fs')
const { join } = require('node:path')

const start = performance.now()
const { Policy, Verifier, entriesFromJson } = require('countermark')
const files = join(__dirname, '..', '..', 'testdata', 'quickstart')
const entries = entriesFromJson(readFileSync(join(files, 'log.json')))
const policy = Policy.fromJson(readFileSync(join(files, 'policy.json')))
const verifier = new Verifier({ trustAnchors: readFileSync(join(files, 'root.pem'), 'utf8') })
verifier.verifySync(entries[0].artifactName, entries, policy)
console.log(performance.now() - start)

// What the documentation says: the READMEs' lines run, everything public is documented and typed, loading is quick.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

import * as countermark from 'countermark'
import { PACKAGE, ROOT } from './common.mjs'

const types = readdirSync(join(PACKAGE, 'types'))
  .filter((file) => file.endsWith('.d.ts'))
  .map((file) => readFileSync(join(PACKAGE, 'types', file), 'utf8'))
  .join('\n')

for (const readme of ['README.md', 'bindings-node/README.md']) {
  test(`the lines of ${readme} run`, () => {
    const blocks = [...readFileSync(join(ROOT, readme), 'utf8').matchAll(/```js\n(.*?)```/gs)]
    assert.equal(blocks.length, 1)
    // The package is found from where this file is; the files are named from the root.
    const lines = blocks[0][1].replace("'countermark'", JSON.stringify(import.meta.resolve('countermark')))
    const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', lines], { cwd: ROOT, encoding: 'utf8' })
    assert.match(printed, /^endorlabs 2024-03-22T/)
    assert.match(printed, /revoked_signature/)
  })
}

test('every public member is documented', () => {
  let documented = false
  for (const line of types.split('\n').map((line) => line.trim())) {
    if (/^(get |static |readonly |[a-z]\w*\??\(|export (declare )?(class|function|const|type \w+ =|interface))/.test(line)) {
      const inherited = /^toJSON\(\)|^readonly code: |^readonly (anyOf|glob|\[)/.test(line)
      assert.ok(documented || inherited, line)
    }
    documented = line.endsWith('*/')
  }
})

test('everything that is exported is typed, and the codes are the table', () => {
  for (const name of Object.keys(countermark)) assert.match(types, new RegExp(`\\b${name}\\b`))
  for (const { name, check } of Object.values(countermark.CODES)) {
    assert.ok(types.includes(`'${name}'`) && types.includes(`'${check}'`), name)
  }
  assert.doesNotMatch(types, /const enum/)
})

test("the names of claims in the types are the core's", () => {
  const claim = readFileSync(join(ROOT, 'core', 'src', 'claim.rs'), 'utf8')
  const typed = [.../export type ClaimName =(.*?);/s.exec(types)[1].matchAll(/'(\w+)'/g)].map(([, name]) => name)
  assert.ok(typed.length === 18)
  for (const name of typed) {
    assert.ok(claim.includes(`"${name}"`), name)
    new countermark.SignerPolicy({ certificateOidcIssuer: 'x', claims: { [name]: 'x' } })
  }
})

test("the names of signature algorithms in the types are the core's", () => {
  const algorithm = readFileSync(join(ROOT, 'core', 'src', 'crypto', 'algorithm.rs'), 'utf8')
  const names = [...algorithm.matchAll(/^ {4}\w+ "(\w+)" \w+ "/gm)].map(([, name]) => name)
  const typed = [.../export type SignatureAlgorithm =(.*?);/s.exec(types)[1].matchAll(/'(\w+)'/g)].map(([, name]) => name)
  assert.ok(typed.length === 14)
  assert.deepEqual(typed, names)
  const trustAnchors = readFileSync(join(ROOT, 'testdata', 'quickstart', 'root.pem'), 'utf8')
  new countermark.Verifier({ trustAnchors, acceptedAlgorithms: typed })
})

test("the package has the workspace's version", () => {
  const [, workspace] = /^version = "(.*)"$/m.exec(readFileSync(join(ROOT, 'Cargo.toml'), 'utf8'))
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'))
  assert.deepEqual([version, countermark.version], [workspace, workspace])
})

test('loading and verifying for the first time cost little', () => {
  const script = fileURLToPath(new URL('first.cjs', import.meta.url))
  const times = Array.from({ length: 7 }, () => Number(execFileSync(process.execPath, [script], { encoding: 'utf8' })))
  const median = times.sort((a, b) => a - b)[3]
  assert.ok(median < 60, `${median} ms`)
})

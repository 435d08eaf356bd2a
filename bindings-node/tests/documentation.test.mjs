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

/** What a block of JavaScript prints. The package is found from where this file is; the files are named from the root. */
function printed(block) {
  const lines = block.replace("'countermark'", JSON.stringify(import.meta.resolve('countermark')))
  return execFileSync(process.execPath, ['--input-type=module', '--eval', lines], { cwd: ROOT, encoding: 'utf8' })
}

test('the lines of README.md run', () => {
  const blocks = [...readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/```js\n(.*?)```/gs)]
  assert.equal(blocks.length, 2)
  assert.match(printed(blocks[0][1]), /^endorlabs 2024-03-22T/)
  assert.match(printed(blocks[0][1]), /revoked_signature/)
  assert.equal(printed(blocks[1][1]), "refs/heads/main [ 'log' ]\n")
})

const readme = readFileSync(join(PACKAGE, 'README.md'), 'utf8')

test('the lines of the package README print what stands below them', () => {
  const blocks = [...readme.matchAll(/```js\n(.*?)```\n\nprints\n\n```text\n(.*?)```/gs)]
  assert.equal(blocks.length, 3)
  assert.equal(readme.match(/```js\n/g).length, blocks.length, 'a block without what it prints')
  for (const [, lines, expected] of blocks) assert.equal(printed(lines), expected)
})

test("the package README has the library's claims", () => {
  const table = /## Claims\n(.*?)\n## /s.exec(readme)[1]
  const named = [...table.matchAll(/\| `(\w+)` \| (\S+)/g)].map(([, name, from]) => [name, from])
  const typed = [.../export type ClaimName =(.*?);/s.exec(types)[1].matchAll(/'(\w+)'/g)].map(([, name]) => name)
  assert.deepEqual(named.map(([name]) => name).sort(), [...typed, 'certificate_oidc_issuer'].sort())
  assert.equal(named.length, 19)
  // Each number is the one of that name, as the library counts them.
  for (const [name, from] of named.filter(([name]) => !name.startsWith('certificate_'))) {
    const make = () => new countermark.SignerPolicy({ certificateOidcIssuer: 'x', claims: { [`1.3.6.1.4.1.57264.1${from}`]: 'x' } })
    assert.throws(make, ({ code, message }) => code === 'malformed_policy' && message.includes(name), `${name} ${from}`)
  }
})

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
  const claim = readFileSync(join(ROOT, 'core', 'src', 'signer', 'claim.rs'), 'utf8')
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
  // The quickest: the others may have waited for other programs.
  const least = Math.min(...times)
  assert.ok(least < 60, `${least} ms`)
})

// A bundle of the public-good instance, with what it is about and a policy that it meets.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { Bundle, BundlePolicy, TrustedRoot, Verifier } from 'countermark'
import { ISSUER, TESTDATA } from './common.mjs'

export const FILE = join(TESTDATA, 'sigstore', 'peer', 'artifact.whl')
export const BYTES = readFileSync(FILE)
export const JSON_TEXT = readFileSync(join(TESTDATA, 'sigstore', 'peer', 'bundle.sigstore.json'), 'utf8')
export const ROOT_TEXT = readFileSync(join(TESTDATA, 'sigstore', 'peer', 'trusted_root.json'), 'utf8')
export const IDENTITY = 'https://github.com/trailofbits/rfc8785.py/.github/workflows/release.yml@refs/tags/v0.1.2'

export const root = TrustedRoot.fromJson(ROOT_TEXT)
export const verifier = Verifier.fromTrustedRoot(root)
export const bundle = Bundle.fromJson(JSON_TEXT)
export const policy = BundlePolicy.forSigstore(IDENTITY, ISSUER)

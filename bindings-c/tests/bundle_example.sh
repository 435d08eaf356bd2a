#!/usr/bin/env bash
# Looks at what the example for bundles prints, and at its exit status, on good and bad input.
#   bundle_example.sh TESTDATA/sigstore COMMAND...
set -euo pipefail
sigstore=$1
shift
program=("$@")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: > "$work/empty"

root=$sigstore/roots/6494e21e-public-good.json
bundle=$sigstore/bundles/pep740/pypi-attestations-0.0.19-publish.sigstore.json
file=$sigstore/artifacts/9bb1add0-pypi_attestations-0.0.19.tar.gz
repository=trailofbits/pypi-attestations

# expect STATUS STDOUT STDERR ARGUMENTS...: the patterns begin what is printed.
expect() {
    local status=$1 stdout=$2 stderr=$3 got=0
    shift 3
    "${program[@]}" "$@" > "$work/stdout" 2> "$work/stderr" || got=$?
    local said told
    said=$(cat "$work/stdout") told=$(cat "$work/stderr")
    if [ "$got" != "$status" ] || ! [[ $said =~ ^$stdout ]] || ! [[ $told =~ ^$stderr ]] ||
        [[ -z $stdout && -n $said ]] || [[ -z $stderr && -n $told ]] || [[ $said$told == *"(null)"* ]]; then
        printf '%s\nexit %s, expected %s\nstdout: %s\nstderr: %s\n' "${program[*]} $*" "$got" "$status" "$said" \
            "$told" >&2
        exit 1
    fi
}

digest=sha256:9bb1add04b1b4e182be6b0b80931593f7a291eb49d69b4fd728a5d4cbcdc4bd3
expect 0 "verified: $digest.*every check passed" '' "$root" "$bundle" "$file" "$repository"
expect 1 "[[:space:]]*$digest: claims_mismatch" 'claims_mismatch: ' "$root" "$bundle" "$file" trailofbits/other
expect 1 '[[:space:]]*sha256:e3b0c442.*: artifact_mismatch' 'artifact_mismatch: ' "$root" "$bundle" "$work/empty" "$repository"
expect 2 '' 'malformed_trusted_root: ' "$bundle" "$bundle" "$file" "$repository"
expect 2 '' 'malformed_trusted_root: ' "$work/empty" "$bundle" "$file" "$repository"
expect 2 '' 'malformed_bundle: ' "$root" "$root" "$file" "$repository"
expect 2 '' 'malformed_policy: ' "$root" "$bundle" "$file" not-a-repository
expect 2 '' '.*[Nn]o such file or directory' "$root" "$bundle" "$work/missing" "$repository"
expect 2 '' '.*[Nn]o such file or directory' "$work/missing" "$bundle" "$file" "$repository"
expect 2 '' '.*[Ii]s a directory' "$root" "$bundle" "$work" "$repository"
expect 2 '' 'usage: '

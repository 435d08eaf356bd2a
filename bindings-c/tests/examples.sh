#!/usr/bin/env bash
# Looks at all that an example prints, and at its exit status, on good and bad input.
#   examples.sh QUICKSTART with-report|without-report COMMAND...
set -euo pipefail
quickstart=$1 report=$2
shift 2
program=("$@")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf 'no certificate\n' > "$work/bad.pem"
printf '{"namespace": "example-ns"}' > "$work/bad-policy.json"
printf '[{"namespace": "example-ns", "revokd": true}]' > "$work/bad-log.json"
printf '{"namespace": "example-ns", "certificate_oidc_issuer": "x", "claims": {"\\n\\u001b[2Jverified": "x"}}' > "$work/forged-policy.json"
printf '[{"namespace": "\\n\\u001b[2Jverified", "\\n\\u001b[2Jverified": true}]' > "$work/forged-log.json"
: > "$work/empty"

name=registry/image@sha256:cec83ad230502a3cc1bec3edd228669625ca652b9b34ed7aece69711f86454be
root=$quickstart/root.pem log=$quickstart/log.json policy=$quickstart/policy.json
line=$'[^\n]+'
line_end=$'\n'
# What could rewrite a terminal: everything below the space but the ends of lines.
control=$(printf '\001\002\003\004\005\006\007\010\011\013\014\015\016\017\033\037\177')

# expect STATUS STDOUT STDERR ARGUMENTS...: the patterns are for the whole of what is printed, without the last line's end.
expect() {
    local status=$1 stdout=${2:+$2$line_end} stderr=${3:+$3$line_end} got=0
    shift 3
    "${program[@]}" "$@" > "$work/stdout" 2> "$work/stderr" || got=$?
    # The x keeps the line breaks at the end.
    local said told
    said=$(cat "$work/stdout"; printf x) told=$(cat "$work/stderr"; printf x)
    if [ "$got" != "$status" ] || ! [[ $said =~ ^$stdout'x'$ ]] || ! [[ $told =~ ^$stderr'x'$ ]] ||
        [[ $said$told == *"(null)"* ]] || [[ $said$told == *[$control]* ]]; then
        printf '%s\nexit %s, expected %s\nstdout: %s\nstderr: %s\n' "${program[*]} $*" "$got" "$status" \
            "${said%x}" "${told%x}" >&2
        exit 1
    fi
}

# The verdict, then a line for each of the ten checks and what is said of the record.
report_of() {
    [ "$report" = without-report ] || printf '%s' "$line_end$name: $1($line_end$line)+$line_end?"
}
refused() { printf '%s' "$1: $line; $line"; }

verified_report=$(report_of verified)
expect 0 "verified: $name($line_end$line)+${verified_report:+$line_end$verified_report}" '' "$root" "$log" "$policy" "$name"
expect 1 "$(report_of revoked_signature)" "$(refused revoked_signature)" "$root" "$quickstart/revoked.json" "$policy" "$name"
expect 1 "$(report_of time_mismatch)" "$(refused time_mismatch)" "$root" "$quickstart/late.json" "$policy" "$name"
expect 1 "$(report_of no_signature)" "$(refused no_signature)" "$root" "$work/empty" "$policy" "$name"
expect 2 '' "$(refused 'malformed_trust_anchor')" "$work/bad.pem" "$log" "$policy" "$name"
expect 2 '' "$(refused 'malformed_trust_anchor')" "$work/empty" "$log" "$policy" "$name"
expect 2 '' "$(refused 'malformed_policy')" "$root" "$log" "$work/bad-policy.json" "$name"
expect 2 '' "$(refused 'malformed_policy')" "$root" "$log" "$work/empty" "$name"
expect 2 '' "$(refused 'malformed_entry: record 0')" "$root" "$work/bad-log.json" "$policy" "$name"
expect 2 '' "$(refused malformed_name)" "$root" "$log" "$policy" registry/image:latest
# Foreign text cannot make a line, nor anything else that a terminal obeys.
expect 2 '' "$(refused malformed_name)" "$root" "$log" "$policy" $'image\n\033[2Jverified: it'
expect 2 '' "$(refused malformed_policy)" "$root" "$log" "$work/forged-policy.json" "$name"
expect 2 '' "$(refused 'malformed_entry: record 0')" "$root" "$work/forged-log.json" "$policy" "$name"
for position in 1 2 3; do
    files=("$root" "$log" "$policy")
    files[position - 1]=$work/missing
    expect 2 '' "$line: [Nn]o such file or directory" "${files[@]}" "$name"
done
if [ "$report" = with-report ]; then
    expect 2 '' "$line: [Ii]s a directory" "$root" "$work" "$policy" "$name"
    expect 2 '' "usage: $line"
fi

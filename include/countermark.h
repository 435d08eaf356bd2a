/*
 * countermark: verifies keyless artifact signatures, offline.
 *
 * Conventions of all functions
 *
 * Results. A call that can fail returns a countermark_code. Only countermark_verify, countermark_verify_message and
 * countermark_verify_message_sha256 return COUNTERMARK_VERIFIED (1), and nothing else from them is success: compare
 * code.number == COUNTERMARK_VERIFIED. (countermark_results_code and countermark_report_verdict repeat such a verdict.)
 * All other calls return COUNTERMARK_DONE (200) on success, which is no verdict.
 * Zero is no code, so a cleared or forgotten variable is a failure. The code is a structure: it cannot be a condition by
 * itself, so neither the habit "0 is success" nor "not 0 is success" compiles.
 *
 * Errors. Codes 10 to 90 refuse an artifact; 100 and above say that nothing was judged: malformed input, an impossible
 * argument (110, also for NULL where an object is needed), a fault of the library (111). A failing call writes to its
 * rejection output why: code, check, detail, remedy. Whoever does not want to know passes NULL for it.
 *
 * Outputs. A handle output is set to NULL when the call begins, and to a handle only if the call succeeds (rejection:
 * only if it fails), whatever else is wrong with the call. A plain output, such as an index, is written on success alone. What
 * an output held before is not freed.
 *
 * Ownership. What a call writes to an output belongs to the caller, who frees it once with the function of its type;
 * freeing NULL does nothing. What a function returns (texts, bytes, const handles) belongs to the handle that it was
 * asked of, and lives as long. All arguments are copied, or not used after the call: policy, entries and verifier may be
 * freed in any order, also before what was verified with them.
 *
 * Failures are remembered. A policy, a list of entries, a record or a verifier in the making, and a message's signature
 * remember the first call on them that failed, and every later use of them gives that failure. So a demand that could not
 * be added, or a revoked record that could not be read, cannot be overlooked: what is built may be checked once, at its use.
 *
 * NULL and lengths. Every text and every byte string is a pointer and a length in bytes; no zero byte is needed at its end.
 * NULL with length 0 is the empty text. NULL with another length, and NULL for a handle that is needed, is
 * COUNTERMARK_INVALID_ARGUMENT, never a crash; an accessor gives NULL, 0 or false for it. Only what is documented as
 * optional may be NULL: now, rejection, and the verified output of the calls that verify.
 *
 * Texts are UTF-8. Malformed UTF-8 makes the input malformed. Returned texts are followed by a zero byte that their length
 * does not count; details and reports may quote input, claims are the signer's.
 *
 * Threads. A verifier never changes, and any number of threads may use one at once. So they may use a policy, a list of
 * entries, and every result, as long as no thread changes or frees it. A function that takes a handle without const
 * changes it.
 *
 * No call does I/O or looks at a clock, and no answer depends on the calls before. No call unwinds or throws; a fault of the
 * library is COUNTERMARK_INTERNAL, and is also told on standard error. If memory is exhausted, the process is ended.
 *
 * Versions. COUNTERMARK_VERSION_NUMBER is the header's version, countermark_version_number() the library's. Numbers and
 * names of codes never change their meaning. Within one soname, functions and constants are only added, and structures
 * stay as they are; a new code may appear, and must be read as a failure.
 */

#ifndef COUNTERMARK_H
#define COUNTERMARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The version of this header. */
#define COUNTERMARK_VERSION "0.1.0"
#define COUNTERMARK_VERSION_MAJOR 0
#define COUNTERMARK_VERSION_MINOR 1
#define COUNTERMARK_VERSION_PATCH 0
#define COUNTERMARK_VERSION_NUMBER \
  (COUNTERMARK_VERSION_MAJOR * 1000000 + COUNTERMARK_VERSION_MINOR * 1000 + COUNTERMARK_VERSION_PATCH)

/* On functions whose result must be looked at. */
#if defined(__GNUC__)
#define COUNTERMARK_MUST_USE __attribute__((warn_unused_result))
#else
#define COUNTERMARK_MUST_USE
#endif

/** The signature was verified: every check passed. */
#define COUNTERMARK_VERIFIED 1

/** No entry has the wanted namespace, artifact name and certificate issuer. */
#define COUNTERMARK_NO_SIGNATURE 10

/** The artifact is on a blocklist: an entry carries the flag, or the policy lists its name or digest. */
#define COUNTERMARK_BLOCKLISTED 20

/** A signature of the artifact was revoked. */
#define COUNTERMARK_REVOKED_SIGNATURE 30

/** A certificate on the way is not what it must be: unreadable, not meant for code signing, or issued by an authority that may not issue it. */
#define COUNTERMARK_BAD_CERTIFICATE 40

/** The signer's key is not an ECDSA key on the curve P-256. */
#define COUNTERMARK_INVALID_KEY_TYPE 41

/** No path leads from the signer's certificate to a trust anchor. */
#define COUNTERMARK_UNKNOWN_CA 50

/** No path to a trust anchor was found within the limits on length and signature checks. */
#define COUNTERMARK_PATH_TOO_COMPLEX 51

/** The signer's certificate was issued for longer than the policy allows. */
#define COUNTERMARK_LIFETIME_TOO_LONG 60

/** The signing time does not fit: it is outside a certificate's validity, or after the caller's own time. */
#define COUNTERMARK_TIME_MISMATCH 61

/** The signature is not a well-formed ECDSA signature. */
#define COUNTERMARK_CORRUPTED_SIGNATURE 70

/** The signature was not made by the certificate's key over what was asked for. */
#define COUNTERMARK_INVALID_SIGNATURE 71

/** The entry's recorded provenance disagrees with the certificate. */
#define COUNTERMARK_PROVENANCE_MISMATCH 80

/** The certificate does not carry a claim that the policy requires, or carries another value. */
#define COUNTERMARK_CLAIMS_MISMATCH 90

/** A trust anchor or known intermediate cannot be used. */
#define COUNTERMARK_MALFORMED_TRUST_ANCHOR 100

/** The policy cannot be understood. */
#define COUNTERMARK_MALFORMED_POLICY 101

/** A record cannot be understood. */
#define COUNTERMARK_MALFORMED_ENTRY 102

/** The artifact name is not of the form name@sha256:digest. */
#define COUNTERMARK_MALFORMED_NAME 103

/** The message is itself an artifact name. */
#define COUNTERMARK_MALFORMED_MESSAGE 104

/** A function was called with an argument that it cannot take. */
#define COUNTERMARK_INVALID_ARGUMENT 110

/** The library itself failed; nothing was verified. */
#define COUNTERMARK_INTERNAL 111


/**
 * Done: what was asked for was made or changed. Nothing was verified: only calls that verify return
 * COUNTERMARK_VERIFIED, and they never return this.
 */
#define COUNTERMARK_DONE 200

/**
 * ECDSA on P-256 with SHA-256; accepted unless other algorithms are set.
 */
#define COUNTERMARK_ECDSA_P256_SHA256 1

/**
 * ECDSA on P-256 with SHA-384; accepted unless other algorithms are set.
 */
#define COUNTERMARK_ECDSA_P256_SHA384 2

/**
 * ECDSA on P-384 with SHA-256; accepted unless other algorithms are set.
 */
#define COUNTERMARK_ECDSA_P384_SHA256 3

/**
 * ECDSA on P-384 with SHA-384; accepted unless other algorithms are set.
 */
#define COUNTERMARK_ECDSA_P384_SHA384 4

/**
 * ECDSA on P-521 with SHA-256; never accepted unless it is set, and not known to a library without AWS-LC.
 */
#define COUNTERMARK_ECDSA_P521_SHA256 5

/**
 * ECDSA on P-521 with SHA-384; never accepted unless it is set, and not known to a library without AWS-LC.
 */
#define COUNTERMARK_ECDSA_P521_SHA384 6

/**
 * ECDSA on P-521 with SHA-512; never accepted unless it is set, and not known to a library without AWS-LC.
 */
#define COUNTERMARK_ECDSA_P521_SHA512 7

/**
 * Ed25519; never accepted unless it is set, and not known to a library without AWS-LC.
 */
#define COUNTERMARK_ED25519 8

/**
 * RSA PKCS #1 v1.5 with SHA-256; never accepted unless it is set, and not known to a library without AWS-LC.
 */
#define COUNTERMARK_RSA_PKCS1_SHA256 9

/**
 * RSA PKCS #1 v1.5 with SHA-384; never accepted unless it is set, and not known to a library without AWS-LC.
 */
#define COUNTERMARK_RSA_PKCS1_SHA384 10

/**
 * RSA PKCS #1 v1.5 with SHA-512; never accepted unless it is set, and not known to a library without AWS-LC.
 */
#define COUNTERMARK_RSA_PKCS1_SHA512 11

/**
 * RSA PSS with SHA-256; never accepted unless it is set, and not known to a library without AWS-LC.
 */
#define COUNTERMARK_RSA_PSS_SHA256 12

/**
 * RSA PSS with SHA-384; never accepted unless it is set, and not known to a library without AWS-LC.
 */
#define COUNTERMARK_RSA_PSS_SHA384 13

/**
 * RSA PSS with SHA-512; never accepted unless it is set, and not known to a library without AWS-LC.
 */
#define COUNTERMARK_RSA_PSS_SHA512 14

/**
 * One revoked matching entry fails the artifact. The default.
 */
#define COUNTERMARK_REVOCATION_SCOPE_ARTIFACT 1

/**
 * Revoked entries do not count, nor does any entry with the leaf key of a revoked one; others may.
 */
#define COUNTERMARK_REVOCATION_SCOPE_ENTRY 2

/**
 * One revoked or blocklisted entry of the namespace, under any name with the artifact's digest, fails the artifact:
 * for mirrors and retagged copies. Give the entries of the other names too.
 */
#define COUNTERMARK_REVOCATION_SCOPE_DIGEST 3

/**
 * A record of the Endor Labs API without revoked is malformed.
 */
#define COUNTERMARK_ABSENT_REVOKED_IS_MALFORMED 1

/**
 * A record of the Endor Labs API without revoked counts as not revoked. Say so only if it is known that the
 * records' source leaves false values out.
 */
#define COUNTERMARK_ABSENT_REVOKED_MEANS_FALSE 2

/**
 * The policy must require a claim about the signer; one that does not is COUNTERMARK_MALFORMED_POLICY.
 */
#define COUNTERMARK_SIGNER_BY_CLAIMS 1

/**
 * The policy need not require a claim: anyone whom its issuer vouches for may have signed. An issuer such as GitHub's
 * vouches for everybody who uses GitHub.
 */
#define COUNTERMARK_ANY_SIGNER_OF_ISSUER 2

/**
 * Entries: the records of a log, of one artifact or of many. Give every record of an artifact that there is: a
 * revocation that is left out cannot be seen.
 *
 * The first record that could not be added is remembered (countermark_entries_fault), and whoever verifies with the
 * list gets that failure, because the record may have been a revocation; unless the caller leaves it out in so many
 * words, with countermark_entries_leave_out_faults.
 */
typedef struct countermark_entries countermark_entries;

/**
 * One record in the making, for callers who hold records as columns of a database. Each field is set once, then
 * countermark_entries_add moves the record into a list and leaves this empty for the next one. The first call on
 * it that fails is remembered, and countermark_entries_add gives that failure; so only that call's code must be
 * looked at.
 */
typedef struct countermark_entry countermark_entry;

/**
 * The records that a reader could not read, each with its number and what is wrong with it.
 */
typedef struct countermark_faults countermark_faults;

/**
 * A signature over a message, with its signer's certificates and the time it was made. Nothing vouches for the time:
 * it is the caller's word. The first call on it that fails is remembered, and whoever verifies with it gets that
 * failure.
 */
typedef struct countermark_message_signature countermark_message_signature;

/**
 * What the caller expects of the record and of the signer. Made once, used for many artifacts, also from many
 * threads while nobody changes it.
 *
 * The first call on it that fails is remembered (countermark_policy_fault), and whoever verifies with it gets
 * that failure: a policy never asks for less than its author wrote.
 */
typedef struct countermark_policy countermark_policy;

/**
 * Why a call did not do what it was asked to: an artifact was refused (codes 10 to 90), the input is malformed (100
 * to 104), an argument is impossible (110), or the library failed (111). The caller owns it.
 */
typedef struct countermark_rejection countermark_rejection;

/**
 * Every check's outcome, for people and dashboards. For looking, not for deciding.
 */
typedef struct countermark_report countermark_report;

/**
 * The results of many requests, in their order.
 */
typedef struct countermark_results countermark_results;

/**
 * What was established about an artifact or a message. Only a verification that succeeded makes one. It owns all that
 * it tells: entries, policy and verifier may be freed before it.
 */
typedef struct countermark_verified countermark_verified;

/**
 * A verifier: what is trusted, prepared once and used for many artifacts. It never changes, and one may be used
 * from many threads at once.
 */
typedef struct countermark_verifier countermark_verifier;

/**
 * A verifier in the making. The first call on it that fails is remembered, and
 * countermark_verifier_builder_build gives that failure, so that nothing that was to be distrusted is forgotten.
 */
typedef struct countermark_verifier_builder countermark_verifier_builder;

/**
 * A text, UTF-8. As a result it belongs to the handle that it was asked of and lives as long; data is NULL if
 * there is no such text, and else a zero byte follows it, which length does not count, so that it can be
 * printed. To decide by a text, compare its length too, as countermark_text_equals does: a claim is what an
 * authority certified, and may have a zero byte in its middle.
 */
typedef struct {
    /**
     * The first byte, or NULL.
     */
    const char *data;
    /**
     * How many bytes.
     */
    size_t length;
} countermark_text;

/**
 * What a call came to. It is a structure so that it cannot stand in a condition by itself: neither
 * if (countermark_verify(...)) nor if (!countermark_verify(...)) compiles. Compare number with the constants;
 * zero, which a forgotten or cleared variable holds, is none of them.
 */
typedef struct {
    /**
     * COUNTERMARK_VERIFIED, COUNTERMARK_DONE, or the constant of what went wrong.
     */
    uint32_t number;
} countermark_code;

/**
 * An instant on the time scale of Unix, to the nanosecond.
 */
typedef struct {
    /**
     * Whole seconds since 1970-01-01T00:00:00Z, rounded towards the past; may be negative.
     */
    int64_t seconds;
    /**
     * Nanoseconds within the second, below 1,000,000,000.
     */
    uint32_t nanoseconds;
} countermark_timestamp;

/**
 * Bytes, such as a certificate in DER. They belong to the handle that they were asked of and live as long; data
 * is NULL if there are none.
 */
typedef struct {
    /**
     * The first byte, or NULL.
     */
    const uint8_t *data;
    /**
     * How many bytes.
     */
    size_t length;
} countermark_bytes;

/**
 * One artifact of many. Requests may share entries and policies.
 */
typedef struct {
    /**
     * The artifact's name.
     */
    const char *artifact_name;
    /**
     * Its length in bytes.
     */
    size_t artifact_name_length;
    /**
     * The entries of its log.
     */
    const countermark_entries *entries;
    /**
     * What the caller expects of it.
     */
    const countermark_policy *policy;
} countermark_request;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The code's stable name, such as revoked_signature; absent if there is no such code.
 */
countermark_text countermark_code_name(uint32_t number);

/**
 * The check that gives the code, such as revocation; absent if there is no such code.
 * countermark_rejection_check is more exact: an authority's faults are found by the check of the chain.
 */
countermark_text countermark_code_check(uint32_t number);

/**
 * One sentence: what is the case. Absent if there is no such code.
 */
countermark_text countermark_code_cause(uint32_t number);

/**
 * One sentence: what to do about it. Absent if there is no such code.
 */
countermark_text countermark_code_remedy(uint32_t number);

/**
 * Whether a text is there and is exactly these bytes.
 */
bool countermark_text_equals(countermark_text text, const char *data, size_t length);

/**
 * Reads an instant as RFC 3339 writes it, for a caller's now. Fails with COUNTERMARK_INVALID_ARGUMENT.
 * timestamp is written on success alone.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_timestamp_from_text(
    const char *text, size_t text_length, countermark_timestamp *timestamp,
    countermark_rejection **rejection);

/**
 * Makes a verifier that trusts the certificate authorities of a PEM text, and uses the defaults for the rest.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_verifier_from_pem(
    const char *anchors_pem, size_t anchors_pem_length, countermark_verifier **verifier,
    countermark_rejection **rejection);

/**
 * Frees a verifier. No call may be using it.
 */
void countermark_verifier_free(countermark_verifier *verifier);

/**
 * Begins a verifier with more settings than its trust anchors.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_verifier_builder_new(
    const char *anchors_pem, size_t anchors_pem_length, countermark_verifier_builder **builder,
    countermark_rejection **rejection);

/**
 * Also uses the intermediate certificates of a PEM text when building paths, for records that bring only their
 * leaf. They are not trusted for being known: a path must lead on to an anchor.
 */
countermark_code countermark_verifier_builder_add_intermediates(
    countermark_verifier_builder *builder, const char *intermediates_pem, size_t intermediates_pem_length);

/**
 * Distrusts every certificate with this SHA-256 of its DER, or of its public key's SubjectPublicKeyInfo in DER:
 * no path goes through it. The digest is written as 64 hex digits of either case.
 */
countermark_code countermark_verifier_builder_distrust(
    countermark_verifier_builder *builder, const char *sha256_hex, size_t sha256_hex_length);

/**
 * Begins a verifier that accepts certificates that were signed by these algorithms (COUNTERMARK_ECDSA_*,
 * COUNTERMARK_ED25519, COUNTERMARK_RSA_*), and by no others, also for trust anchors whose keys are of such kinds:
 * for a company's root with an RSA key, say.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_verifier_builder_new_accepting(
    const char *anchors_pem, size_t anchors_pem_length, const uint32_t *accepted, size_t accepted_count,
    countermark_verifier_builder **builder, countermark_rejection **rejection);

/**
 * Accepts certificates that were signed by these algorithms, and by no others. (An anchor whose key is not one of the
 * default kinds is to be read by countermark_verifier_builder_new_accepting.)
 */
countermark_code countermark_verifier_builder_accept_algorithms(
    countermark_verifier_builder *builder, const uint32_t *algorithms, size_t algorithm_count);

/**
 * Sets by how many seconds an entry may be newer than the now of a call, 0 to 86,400. The default is 0. The log's
 * clock and the caller's are two, and a fresh entry need not be refused because one of them is ahead; where a call is
 * given no now, nothing changes.
 */
countermark_code countermark_verifier_builder_set_now_leeway_seconds(
    countermark_verifier_builder *builder, uint32_t seconds);

/**
 * Makes the verifier, or gives the first failure of a call on the builder. The builder is empty afterwards: free it.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_verifier_builder_build(
    countermark_verifier_builder *builder, countermark_verifier **verifier,
    countermark_rejection **rejection);

/**
 * Frees a builder.
 */
void countermark_verifier_builder_free(countermark_verifier_builder *builder);

/**
 * Reads a policy from JSON.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_policy_from_json(
    const char *json, size_t json_length, countermark_policy **policy, countermark_rejection **rejection);

/**
 * Makes a policy that asks for a namespace and an OIDC issuer, with the defaults for the rest.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_policy_new(
    const char *namespace_name, size_t namespace_name_length, const char *certificate_oidc_issuer,
    size_t certificate_oidc_issuer_length, countermark_policy **policy, countermark_rejection **rejection);

/**
 * Also requires a claim, by its name or dotted OID, with exactly this value.
 */
countermark_code countermark_policy_require(
    countermark_policy *policy, const char *claim, size_t claim_length, const char *value,
    size_t value_length);

/**
 * Also requires a claim with any of these exact values; at least one.
 */
countermark_code countermark_policy_require_any_of(
    countermark_policy *policy, const char *claim, size_t claim_length, const countermark_text *values,
    size_t value_count);

/**
 * Also requires a claim whose value matches a glob: * matches within a segment, never /; ** may stand as the
 * whole last segment and matches all that follows.
 */
countermark_code countermark_policy_require_glob(
    countermark_policy *policy, const char *claim, size_t claim_length, const char *pattern,
    size_t pattern_length);

/**
 * Sets how many seconds a signer's certificate may be valid: 1 to 86,400. The default is 300.
 */
countermark_code countermark_policy_set_max_certificate_lifetime_seconds(
    countermark_policy *policy, uint32_t seconds);

/**
 * Sets how far one revoked entry reaches: a COUNTERMARK_REVOCATION_SCOPE_*.
 */
countermark_code countermark_policy_set_revocation_scope(countermark_policy *policy, uint32_t scope);

/**
 * Also blocks an artifact: an artifact name, or sha256: and 64 lowercase hex digits.
 */
countermark_code countermark_policy_block(countermark_policy *policy, const char *item, size_t item_length);

/**
 * The first failure of a call on the policy, or NULL. It belongs to policy: do not free it.
 */
const countermark_rejection *countermark_policy_fault(const countermark_policy *policy);

/**
 * Frees a policy.
 */
void countermark_policy_free(countermark_policy *policy);

/**
 * Begins a record.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_entry_new(
    countermark_entry **entry, countermark_rejection **rejection);

/**
 * Sets the tenant's namespace. Required.
 */
countermark_code countermark_entry_set_namespace(
    countermark_entry *entry, const char *namespace_name, size_t namespace_name_length);

/**
 * Sets the artifact's name as the record has it. Required.
 */
countermark_code countermark_entry_set_artifact_name(
    countermark_entry *entry, const char *artifact_name, size_t artifact_name_length);

/**
 * Sets the signature, in DER. Required.
 */
countermark_code countermark_entry_set_signature(
    countermark_entry *entry, const uint8_t *signature_der, size_t signature_der_length);

/**
 * Adds a certificate, in DER; PEM, which begins with -----BEGIN, is taken too. At least one is required; the first is
 * the signer's own, the others may be in any order.
 */
countermark_code countermark_entry_add_certificate(
    countermark_entry *entry, const uint8_t *certificate_der, size_t certificate_der_length);

/**
 * Adds the certificates of a PEM text, in their order.
 */
countermark_code countermark_entry_add_certificates_pem(
    countermark_entry *entry, const char *certificates_pem, size_t certificates_pem_length);

/**
 * Sets when the signature was made, as RFC 3339 writes it. This or countermark_entry_set_timestamp_unix is required.
 */
countermark_code countermark_entry_set_timestamp(
    countermark_entry *entry, const char *timestamp, size_t timestamp_length);

/**
 * Sets when the signature was made, in seconds since 1970-01-01T00:00:00Z and nanoseconds within the second.
 */
countermark_code countermark_entry_set_timestamp_unix(
    countermark_entry *entry, int64_t seconds, uint32_t nanoseconds);

/**
 * Adds a recorded claim, by its name or dotted OID. It must agree with the certificate.
 */
countermark_code countermark_entry_add_provenance(
    countermark_entry *entry, const char *claim, size_t claim_length, const char *value,
    size_t value_length);

/**
 * Says whether the signature was revoked. Required, there is no default: a record that does not say is not trusted.
 */
countermark_code countermark_entry_set_revoked(
    countermark_entry *entry, bool revoked);

/**
 * Says whether the log blocks the artifact. The default is false.
 */
countermark_code countermark_entry_set_blocklisted(countermark_entry *entry, bool blocklisted);

/**
 * Frees a record in the making.
 */
void countermark_entry_free(countermark_entry *entry);

/**
 * Makes an empty list.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_entries_new(
    countermark_entries **entries, countermark_rejection **rejection);

/**
 * Reads a JSON array or JSON Lines (one record a line). One bad record fails the call.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_entries_from_json(
    const char *json, size_t json_length, countermark_entries **entries, countermark_rejection **rejection);

/**
 * Reads a JSON array or JSON Lines record by record, so that one bad record does not hide the others: the good ones
 * become entries, the others faults. Both outputs are required. A fault is a record that could not be judged,
 * not one that is not there: it may have been a revocation. Entries are counted without the bad records.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_entries_read_json(
    const char *json, size_t json_length, countermark_entries **entries, countermark_faults **faults,
    countermark_rejection **rejection);

/**
 * Reads the records of the Endor Labs API, ArtifactSignature: one, or a list response without a next page. One bad
 * record fails the call. absent_revoked is a COUNTERMARK_ABSENT_REVOKED_*.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_entries_from_endor_labs(
    const char *json, size_t json_length, uint32_t absent_revoked, countermark_entries **entries,
    countermark_rejection **rejection);

/**
 * The same record by record, as countermark_entries_read_json. A malformed response still fails the call.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_entries_read_endor_labs(
    const char *json, size_t json_length, uint32_t absent_revoked, countermark_entries **entries,
    countermark_faults **faults, countermark_rejection **rejection);

/**
 * Adds the record that was made field by field. Its fields are empty afterwards, whether it could be added or not.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_entries_add(
    countermark_entries *entries, countermark_entry *entry, countermark_rejection **rejection);

/**
 * Adds every record of a JSON array or of JSON Lines, or none if one is bad.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_entries_add_json(
    countermark_entries *entries, const char *json, size_t json_length, countermark_rejection **rejection);

/**
 * How many entries there are.
 */
size_t countermark_entries_count(const countermark_entries *entries);

/**
 * The first failure to add a record, or NULL. It belongs to entries: do not free it, and do not look at it after
 * the next change of entries.
 */
const countermark_rejection *countermark_entries_fault(const countermark_entries *entries);

/**
 * Leaves out the records that could not be added: the list may be verified with as if they were not there. One of
 * them may have been a revocation.
 */
countermark_code countermark_entries_leave_out_faults(countermark_entries *entries);

/**
 * Frees a list and its entries. What was verified with it stays as it is.
 */
void countermark_entries_free(countermark_entries *entries);

/**
 * How many records could not be read.
 */
size_t countermark_faults_count(const countermark_faults *faults);

/**
 * What is wrong with one of them, in the order of the text; countermark_rejection_entry says which record it is.
 * NULL past the last. It belongs to faults: do not free it.
 */
const countermark_rejection *countermark_faults_get(
    const countermark_faults *faults, size_t index);

/**
 * Frees the list.
 */
void countermark_faults_free(countermark_faults *faults);

/**
 * Verifies an artifact, image@sha256: and so on, by the entries of its log; those of other artifacts and tenants do
 * not matter. An entry that was signed after now, if it is not NULL, is refused; the verifier's leeway is added to it
 * (countermark_verifier_builder_set_now_leeway_seconds).
 *
 * Returns COUNTERMARK_VERIFIED and writes verified, or returns another code and writes rejection. Either output
 * may be NULL if it is not wanted.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_verify(
    const countermark_verifier *verifier, const char *artifact_name, size_t artifact_name_length,
    const countermark_entries *entries, const countermark_policy *policy, const countermark_timestamp *now,
    countermark_verified **verified, countermark_rejection **rejection);

/**
 * Runs every check on the same input and reports on all of them. Returns COUNTERMARK_DONE also for an artifact that
 * is refused: a report is for looking, not for deciding.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_examine(
    const countermark_verifier *verifier, const char *artifact_name, size_t artifact_name_length,
    const countermark_entries *entries, const countermark_policy *policy, const countermark_timestamp *now,
    countermark_report **report, countermark_rejection **rejection);

/**
 * The artifact's name; absent for a message.
 */
countermark_text countermark_verified_artifact_name(const countermark_verified *verified);

/**
 * The entry's namespace; absent for a message. No signature covers it.
 */
countermark_text countermark_verified_namespace(const countermark_verified *verified);

/**
 * Which of the entries given was verified, counted from zero. Returns false, and leaves index alone, for a message.
 */
bool countermark_verified_entry(
    const countermark_verified *verified, size_t *index);

/**
 * The value of a claim, by its name or, for a custom claim that the policy or the entry's provenance named, by its
 * dotted OID. Absent if the certificate does not carry it.
 */
countermark_text countermark_verified_claim(
    const countermark_verified *verified, const char *claim, size_t claim_length);

/**
 * How many claims the certificate carries, custom ones included that the policy or the provenance named.
 */
size_t countermark_verified_claim_count(const countermark_verified *verified);

/**
 * The name of one of the claims; absent past the last.
 */
countermark_text countermark_verified_claim_name(const countermark_verified *verified, size_t index);

/**
 * The value of one of the claims; absent past the last.
 */
countermark_text countermark_verified_claim_value(const countermark_verified *verified, size_t index);

/**
 * When the signature was made. Returns false, and leaves timestamp alone, if either pointer is NULL.
 */
bool countermark_verified_timestamp(const countermark_verified *verified, countermark_timestamp *timestamp);

/**
 * The same as RFC 3339 writes it, in UTC.
 */
countermark_text countermark_verified_timestamp_text(const countermark_verified *verified);

/**
 * What vouches for that time: today always recorded, the log's word or, for a message, the caller's.
 */
countermark_text countermark_verified_time_voucher(const countermark_verified *verified);

/**
 * From when to when the signer's certificate was valid. Returns false, and leaves both alone, if a pointer is NULL.
 */
bool countermark_verified_validity(
    const countermark_verified *verified, countermark_timestamp *not_before,
    countermark_timestamp *not_after);

/**
 * The signature, in DER.
 */
countermark_bytes countermark_verified_signature(const countermark_verified *verified);

/**
 * The signer's certificate, in DER.
 */
countermark_bytes countermark_verified_leaf(const countermark_verified *verified);

/**
 * How many authorities are on the path from the signer's certificate to the trust anchor, which is the last of them.
 */
size_t countermark_verified_path_count(const countermark_verified *verified);

/**
 * An authority's certificate, in DER; absent past the last.
 */
countermark_bytes countermark_verified_path_certificate(const countermark_verified *verified, size_t index);

/**
 * The SHA-256 of an authority's certificate, 32 bytes; absent past the last.
 */
countermark_bytes countermark_verified_path_sha256(const countermark_verified *verified, size_t index);

/**
 * An authority's subject, for people; absent past the last.
 */
countermark_text countermark_verified_path_subject(const countermark_verified *verified, size_t index);

/**
 * Where an authority's certificate came from: entry, known_intermediate or trust_anchor; absent past the last.
 */
countermark_text countermark_verified_path_origin(
    const countermark_verified *verified, size_t index);

/**
 * How many things were not asked for, and perhaps should have been.
 */
size_t countermark_verified_warning_count(const countermark_verified *verified);

/**
 * A warning's stable name, such as signer_unconstrained; absent past the last.
 */
countermark_text countermark_verified_warning_name(const countermark_verified *verified, size_t index);

/**
 * A warning for people; absent past the last.
 */
countermark_text countermark_verified_warning_text(const countermark_verified *verified, size_t index);

/**
 * What was established, for people: several lines.
 */
countermark_text countermark_verified_text(const countermark_verified *verified);

/**
 * All of it as one JSON object.
 */
countermark_text countermark_verified_json(const countermark_verified *verified);

/**
 * Frees what a verification wrote to one of its outputs.
 */
void countermark_verified_free(countermark_verified *verified);

/**
 * The code; COUNTERMARK_INVALID_ARGUMENT for NULL.
 */
countermark_code countermark_rejection_code(const countermark_rejection *rejection);

/**
 * The check that failed, such as signature.
 */
countermark_text countermark_rejection_check(const countermark_rejection *rejection);

/**
 * What exactly was found, for people; it names the offending input.
 */
countermark_text countermark_rejection_detail(const countermark_rejection *rejection);

/**
 * What to do about it.
 */
countermark_text countermark_rejection_remedy(const countermark_rejection *rejection);

/**
 * Code, detail and remedy in one line, unknown_ca: ...; .... What it quotes of the input is escaped, and cut off where it
 * is long.
 */
countermark_text countermark_rejection_text(const countermark_rejection *rejection);

/**
 * All of it as one JSON object.
 */
countermark_text countermark_rejection_json(const countermark_rejection *rejection);

/**
 * Which entry it is about, counted from zero in the list given, or, for COUNTERMARK_MALFORMED_ENTRY, which record of
 * the text. Returns false, and leaves index alone, if it is not about one of them.
 */
bool countermark_rejection_entry(
    const countermark_rejection *rejection, size_t *index);

/**
 * How many other candidate entries were refused too.
 */
size_t countermark_rejection_other_count(const countermark_rejection *rejection);

/**
 * The rejection of another candidate entry, the newest first; NULL past the last. It belongs to rejection: do
 * not free it.
 */
const countermark_rejection *countermark_rejection_other(
    const countermark_rejection *rejection, size_t index);

/**
 * Frees a rejection that a call wrote to one of its outputs.
 */
void countermark_rejection_free(countermark_rejection *rejection);

/**
 * What countermark_verify would have returned: COUNTERMARK_VERIFIED, or the code of the first check that failed.
 * COUNTERMARK_INVALID_ARGUMENT for NULL.
 */
countermark_code countermark_report_verdict(const countermark_report *report);

/**
 * Which of the entries given the checks are about, counted from zero. Returns false, and leaves index alone, if none
 * matched.
 */
bool countermark_report_entry(
    const countermark_report *report, size_t *index);

/**
 * How many checks there are: ten.
 */
size_t countermark_report_check_count(const countermark_report *report);

/**
 * A check's name, such as signature, in the order of the rules; absent past the last.
 */
countermark_text countermark_report_check_name(const countermark_report *report, size_t index);

/**
 * What came of a check: passed, failed, or not_judged; absent past the last.
 */
countermark_text countermark_report_check_outcome(const countermark_report *report, size_t index);

/**
 * The code of a check that failed; number 0 for any other check, COUNTERMARK_INVALID_ARGUMENT past the last.
 */
countermark_code countermark_report_check_code(
    const countermark_report *report, size_t index);

/**
 * What exactly a check that failed found; absent for any other.
 */
countermark_text countermark_report_check_detail(const countermark_report *report, size_t index);

/**
 * How many other candidate entries were refused too.
 */
size_t countermark_report_other_count(const countermark_report *report);

/**
 * The rejection of another candidate entry; NULL past the last. It belongs to report: do not free it.
 */
const countermark_rejection *countermark_report_other(const countermark_report *report, size_t index);

/**
 * How many things were not asked for, and perhaps should have been.
 */
size_t countermark_report_warning_count(const countermark_report *report);

/**
 * A warning's stable name, such as signer_unconstrained; absent past the last.
 */
countermark_text countermark_report_warning_name(const countermark_report *report, size_t index);

/**
 * A warning for people; absent past the last.
 */
countermark_text countermark_report_warning_text(const countermark_report *report, size_t index);

/**
 * The report for people: a short table.
 */
countermark_text countermark_report_text(const countermark_report *report);

/**
 * The report as one JSON object.
 */
countermark_text countermark_report_json(const countermark_report *report);

/**
 * Frees a report.
 */
void countermark_report_free(countermark_report *report);

/**
 * Verifies many artifacts, on all cores. The verdict on request index is countermark_results_code(results, index):
 * compare its number with COUNTERMARK_VERIFIED. What this call returns is none: it is COUNTERMARK_DONE whatever
 * the artifacts' own results are. Each request has one, in the order given, also a request that is malformed or has a
 * NULL in it, which ends nothing else. now is as for countermark_verify.
 *
 * Each request reads all of its entries, and copies none: where a log is large, give each artifact its own list. A
 * result holds what was verified and no other entry.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_verify_many(
    const countermark_verifier *verifier, const countermark_request *requests, size_t request_count,
    const countermark_timestamp *now, countermark_results **results, countermark_rejection **rejection);

/**
 * How many results there are: as many as there were requests.
 */
size_t countermark_results_count(const countermark_results *results);

/**
 * What countermark_verify would have returned for a request; COUNTERMARK_INVALID_ARGUMENT past the last.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_results_code(
    const countermark_results *results, size_t index);

/**
 * What was established for a request; NULL if it was refused, and past the last. It belongs to results: do not free
 * it.
 */
const countermark_verified *countermark_results_verified(
    const countermark_results *results, size_t index);

/**
 * Why a request was refused; NULL if it was verified, and past the last. It belongs to results: do not free it.
 */
const countermark_rejection *countermark_results_rejection(
    const countermark_results *results, size_t index);

/**
 * Frees all results.
 */
void countermark_results_free(countermark_results *results);

/**
 * Begins with the signature: ECDSA over the message's SHA-256, in DER.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_message_signature_new(
    const uint8_t *signature_der, size_t signature_der_length, countermark_message_signature **signature,
    countermark_rejection **rejection);

/**
 * Adds a certificate, in DER; PEM, which begins with -----BEGIN, is taken too. At least one is required; the first is
 * the signer's own, the others may be in any order.
 */
countermark_code countermark_message_signature_add_certificate(
    countermark_message_signature *signature, const uint8_t *certificate_der, size_t certificate_der_length);

/**
 * Adds the certificates of a PEM text, in their order.
 */
countermark_code countermark_message_signature_add_certificates_pem(
    countermark_message_signature *signature, const char *certificates_pem, size_t certificates_pem_length);

/**
 * Sets when the signature was made, as RFC 3339 writes it. This or countermark_message_signature_set_timestamp_unix
 * is required.
 */
countermark_code countermark_message_signature_set_timestamp(
    countermark_message_signature *signature, const char *timestamp, size_t timestamp_length);

/**
 * Sets when the signature was made, in seconds since 1970-01-01T00:00:00Z and nanoseconds within the second.
 */
countermark_code countermark_message_signature_set_timestamp_unix(
    countermark_message_signature *signature, int64_t seconds, uint32_t nanoseconds);

/**
 * Frees a message's signature. What was verified with it stays as it is.
 */
void countermark_message_signature_free(countermark_message_signature *signature);

/**
 * Verifies the signature over a message. Of the policy only what it asks of the signer counts: issuer, claims,
 * lifetime; not its namespace and blocklist. signer is COUNTERMARK_SIGNER_BY_CLAIMS or
 * COUNTERMARK_ANY_SIGNER_OF_ISSUER, and nothing else. A message that is itself an artifact name is
 * COUNTERMARK_MALFORMED_MESSAGE.
 *
 * Returns COUNTERMARK_VERIFIED and writes verified, or returns another code and writes rejection. Either output
 * may be NULL if it is not wanted.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_verify_message(
    const countermark_verifier *verifier, const uint8_t *message, size_t message_length,
    const countermark_message_signature *signature, const countermark_policy *policy, uint32_t signer,
    const countermark_timestamp *now, countermark_verified **verified, countermark_rejection **rejection);

/**
 * The same for a message that is too large to hold, by its SHA-256 (32 bytes). A digest does not tell whether the
 * message was an artifact name: whoever hashed it must have looked.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_verify_message_sha256(
    const countermark_verifier *verifier, const uint8_t *sha256, size_t sha256_length,
    const countermark_message_signature *signature, const countermark_policy *policy, uint32_t signer,
    const countermark_timestamp *now, countermark_verified **verified, countermark_rejection **rejection);

/**
 * The number of the library that is loaded: major × 1,000,000 + minor × 1,000 + patch. Compare it with
 * COUNTERMARK_VERSION_NUMBER, which is that of the header.
 */
uint32_t countermark_version_number(void);

/**
 * The version of the library that is loaded, such as 1.2.3.
 */
countermark_text countermark_version(void);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* COUNTERMARK_H */

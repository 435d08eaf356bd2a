/*
 * countermark: verifies keyless artifact signatures, offline.
 *
 * Conventions of all functions
 *
 * Results. A call that can fail returns a countermark_code. Only countermark_verify, countermark_verify_message,
 * countermark_verify_message_sha256, countermark_verify_bundle, countermark_verify_bundles and, of an envelope without an
 * artifact, countermark_verify_envelope return COUNTERMARK_VERIFIED (1), and nothing else from them is success: compare
 * code.number == COUNTERMARK_VERIFIED. (countermark_results_code, countermark_report_verdict and
 * countermark_bundle_report_verdict repeat such a verdict.)
 * All other calls return COUNTERMARK_DONE (200) on success, which is no verdict.
 * Zero is no code, so a cleared or forgotten variable is a failure. The code is a structure: it cannot be a condition by
 * itself, so neither the habit "0 is success" nor "not 0 is success" compiles.
 *
 * Errors. Codes 10 to 91 refuse an artifact; 100 and above say that nothing was judged: malformed input, an impossible
 * argument (110, also for NULL where an object is needed), a fault of the library (111). A failing call writes to its
 * rejection output why: code, check, detail, remedy. Whoever does not want to know passes NULL for it.
 *
 * Outputs. A handle output is set to NULL when the call begins, and to a handle only if the call succeeds (rejection:
 * only if it fails), whatever else is wrong with the call. A plain output, such as an index, is written on success alone. What
 * an output held before is not freed.
 *
 * Ownership. What a call writes to an output belongs to the caller, who frees it once with the function of its type;
 * freeing NULL does nothing. What a function returns (texts, bytes, const handles) belongs to the handle that it was
 * asked of, and lives as long. All arguments are copied, or not used after the call: policy, entries, bundles, artifact and
 * verifier may be freed in any order, also before what was verified with them.
 *
 * Failures are remembered. A policy, a list of entries, a record, an artifact or a verifier in the making, and a message's
 * signature remember the first call on them that failed, and every later use of them gives that failure. So a demand that could not
 * be added, or a revoked record that could not be read, cannot be overlooked: what is built may be checked once, at its use.
 *
 * NULL and lengths. Every text and every byte string is a pointer and a length in bytes; no zero byte is needed at its end.
 * NULL with length 0 is the empty text. NULL with another length, and NULL for a handle that is needed, is
 * COUNTERMARK_INVALID_ARGUMENT, never a crash; an accessor gives NULL, 0 or false for it. Only what is documented as
 * optional may be NULL: now, the end of a period, rejection, and the verified output of the calls that verify.
 *
 * Texts are UTF-8. Malformed UTF-8 makes the input malformed. Returned texts are followed by a zero byte that their length
 * does not count; details and reports may quote input, claims are the signer's.
 *
 * Threads. A verifier never changes, and any number of threads may use one at once. So they may use a policy, an artifact,
 * entries, bundles, and every result, as long as no thread changes or frees it. A function that takes a handle without const
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

/** The signer's certificate has no good timestamp of enough certificate transparency logs. */
#define COUNTERMARK_NO_CERTIFICATE_TIMESTAMP 52

/** The signer's certificate was issued for longer than the policy allows. */
#define COUNTERMARK_LIFETIME_TOO_LONG 60

/** The signing time does not fit: it is outside a certificate's validity, or after the caller's own time. */
#define COUNTERMARK_TIME_MISMATCH 61

/** Nobody who is trusted vouches for the signing time, or not as many as are asked for. */
#define COUNTERMARK_UNVOUCHED_TIME 62

/** The signature is in fewer logs than are asked for. */
#define COUNTERMARK_NOT_LOGGED 64

/** An entry is of a log that is not trusted, or its log's signature does not verify. */
#define COUNTERMARK_UNTRUSTED_LOG 65

/** An entry's proof does not show that it is in the log. */
#define COUNTERMARK_INVALID_LOG_PROOF 66

/** An entry of the log is about something else than the bundle. */
#define COUNTERMARK_LOG_ENTRY_MISMATCH 67

/** The signature is not a well-formed ECDSA signature. */
#define COUNTERMARK_CORRUPTED_SIGNATURE 70

/** The signature was not made by the certificate's key over what was asked for. */
#define COUNTERMARK_INVALID_SIGNATURE 71

/** What was signed is not this artifact. */
#define COUNTERMARK_ARTIFACT_MISMATCH 72

/** The entry's recorded provenance disagrees with the certificate. */
#define COUNTERMARK_PROVENANCE_MISMATCH 80

/** The certificate does not carry a claim that the policy requires, or carries another value. */
#define COUNTERMARK_CLAIMS_MISMATCH 90

/** The statement is of another kind than the policy asks for. */
#define COUNTERMARK_PREDICATE_MISMATCH 91

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

/** A bundle cannot be understood. */
#define COUNTERMARK_MALFORMED_BUNDLE 105

/** A trusted root cannot be used. */
#define COUNTERMARK_MALFORMED_TRUSTED_ROOT 106

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
 * Ed25519. A log's key may always be one; of authorities it is never accepted unless it is set, and it is not known to a
 * library without both AWS-LC and bundles.
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
 * The log's word for the signing time will do. The default.
 */
#define COUNTERMARK_TIME_VOUCHER_RECORDED 1

/**
 * An entry counts only with a good signed timestamp of an authority that the verifier knows
 * (countermark_verifier_builder_add_timestamp_authority); without one it is COUNTERMARK_UNVOUCHED_TIME. This stops who
 * keeps a key and can write to the log from backdating.
 */
#define COUNTERMARK_TIME_VOUCHER_TIMESTAMP_AUTHORITY 2

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
 * A transparency log of Rekor's first version, under any host.
 */
#define COUNTERMARK_LOG_REKOR_V1 1

/**
 * A transparency log of Rekor's second version, whose origin is the host of its base URL.
 */
#define COUNTERMARK_LOG_REKOR_V2 2

/**
 * A log of certificates (RFC 6962).
 */
#define COUNTERMARK_LOG_OF_CERTIFICATES 3

/**
 * SHA-256, 32 bytes.
 */
#define COUNTERMARK_SHA256 1

/**
 * SHA-384, 48 bytes.
 */
#define COUNTERMARK_SHA384 2

/**
 * SHA-512, 64 bytes.
 */
#define COUNTERMARK_SHA512 3

/**
 * What was signed, as the caller has it: its bytes, digests of it, or its name. A signature is over the digest of its key's
 * algorithm (on P-256 and RSA SHA-256, on P-384 SHA-384, on P-521 SHA-512), and Ed25519 needs the bytes: what lacks is
 * COUNTERMARK_ARTIFACT_MISMATCH.
 */
typedef struct countermark_artifact countermark_artifact;

/**
 * An artifact that is read in pieces, so that it need not be in memory. A call on it that fails is remembered, and
 * countermark_artifact_digester_finish gives that failure.
 */
typedef struct countermark_artifact_digester countermark_artifact_digester;

/**
 * One signing, with what vouches for it: a Sigstore bundle, or another form of the same. It is well-formed, and nothing of
 * it is verified.
 */
typedef struct countermark_bundle countermark_bundle;

/**
 * What the caller expects of a bundle: who signed, by certificate or by key, what vouches beside the signature, and what is
 * said. Made once, used for many artifacts, also from many threads while nobody changes it.
 *
 * The first call on it that fails is remembered (countermark_bundle_policy_fault), and whoever verifies with it gets
 * that failure: a policy never asks for less than its author wrote.
 */
typedef struct countermark_bundle_policy countermark_bundle_policy;

/**
 * Every check of a bundle, and every signed timestamp, log entry and certificate timestamp by itself, for people and
 * dashboards. For looking, not for deciding.
 */
typedef struct countermark_bundle_report countermark_bundle_report;

/**
 * Several bundles. Not all of them need be of one artifact: each says of what it is.
 */
typedef struct countermark_bundles countermark_bundles;

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
 * to 106), an argument is impossible (110), or the library failed (111). The caller owns it.
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
 * A payload of simple signing: what cosign signs for an image. The signature is over the payload, and the payload names the
 * image; so verify the bundle with the payload's bytes as the artifact, and compare
 * countermark_simple_signing_image_digest with the digest of the image that is to be run. One without the other says
 * nothing.
 */
typedef struct countermark_simple_signing countermark_simple_signing;

/**
 * A trusted root: the authorities and logs of one Sigstore instance. How the file got here, and whether it is the right
 * one, is the caller's to know.
 */
typedef struct countermark_trusted_root countermark_trusted_root;

/**
 * Several trusted roots, each an instance of its own.
 */
typedef struct countermark_trusted_roots countermark_trusted_roots;

/**
 * What was established about an artifact or a message, by entries, a signature or a bundle. Only a verification that succeeded makes one. It owns all that
 * it tells: entries, bundles, policy and verifier may be freed before it.
 */
typedef struct countermark_verified countermark_verified;

/**
 * An envelope whose signature was verified: who signed this payload, and when. It says nothing about any artifact; whoever
 * reads the payload decides what it is about. It owns all that it tells.
 */
typedef struct countermark_verified_envelope countermark_verified_envelope;

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

/**
 * A public key that may have signed. Clear it first: what is NULL is not set.
 */
typedef struct {
    /**
     * The key, a SubjectPublicKeyInfo in DER or PEM. Required.
     */
    const uint8_t *key;
    /**
     * Its length in bytes.
     */
    size_t key_length;
    /**
     * A name, or NULL. A bundle's hint selects among the named keys; a key without name is tried whatever the hint.
     */
    const char *name;
    /**
     * Its length in bytes.
     */
    size_t name_length;
    /**
     * From when on the key signs, or NULL: at any time.
     */
    const countermark_timestamp *start;
    /**
     * Until when it does, or NULL: it has no end.
     */
    const countermark_timestamp *end;
} countermark_public_key;

/**
 * What cosign's classic form keeps in a layer of an image's signatures, and in its annotations. Clear it first: what is
 * absent is NULL. One of signature and envelope is required.
 */
typedef struct {
    /**
     * The signature over the layer, a payload of simple signing, in base64 (dev.cosignproject.cosign/signature). The
     * artifact to verify the bundle with is the layer; countermark_simple_signing_from_json tells which image it names.
     */
    countermark_text signature;
    /**
     * Or a DSSE envelope, which is the layer of an attestation.
     */
    countermark_text envelope;
    /**
     * The signer's certificate in PEM (dev.sigstore.cosign/certificate); absent if a key signed.
     */
    countermark_text certificate;
    /**
     * The certificates above it in PEM (dev.sigstore.cosign/chain).
     */
    countermark_text chain;
    /**
     * The log's entry as JSON (dev.sigstore.cosign/bundle).
     */
    countermark_text rekor_bundle;
    /**
     * The signed timestamp as JSON (dev.sigstore.cosign/rfc3161timestamp).
     */
    countermark_text timestamp;
} countermark_cosign_parts;

/**
 * A digest of an artifact.
 */
typedef struct {
    /**
     * COUNTERMARK_SHA256, COUNTERMARK_SHA384 or COUNTERMARK_SHA512.
     */
    uint32_t algorithm;
    /**
     * Its bytes, not hex digits.
     */
    const uint8_t *bytes;
    /**
     * How many, which the algorithm tells.
     */
    size_t length;
} countermark_digest;

/**
 * One artifact of many, with bundles of which any will do. Requests may share everything.
 */
typedef struct {
    /**
     * The artifact.
     */
    const countermark_artifact *artifact;
    /**
     * Its bundles.
     */
    const countermark_bundles *bundles;
    /**
     * What the caller expects of them.
     */
    const countermark_bundle_policy *policy;
} countermark_bundle_request;

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
 * Also believes an authority that signs timestamps (RFC 3161), for the signed timestamps of records and, of bundles, under
 * the verifier's own anchors. chain_pem has the signer's certificate first and the one to trust last, two at least; what
 * a timestamp itself brings is not looked at. Timestamps count from start to end, which may be NULL: no end.
 */
countermark_code countermark_verifier_builder_add_timestamp_authority(
    countermark_verifier_builder *builder, const char *chain_pem, size_t chain_pem_length,
    const countermark_timestamp *start, const countermark_timestamp *end);

/**
 * Sets by how many seconds an entry, or a signed time of a bundle, may be newer than the now of a call, 0 to 86,400. The default is 0. The log's
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
 * Sets what must vouch for the signing time: a COUNTERMARK_TIME_VOUCHER_*.
 */
countermark_code countermark_policy_set_time_voucher(countermark_policy *policy, uint32_t voucher);

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
 * Adds a signed timestamp over the signature, in DER: a TimeStampResp or the TimeStampToken alone (RFC 3161). One that
 * cannot be verified changes nothing, and a report tells why.
 */
countermark_code countermark_entry_add_signed_timestamp(
    countermark_entry *entry, const uint8_t *token_der, size_t token_der_length);

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
 * The artifact's name; absent for a message and a bundle.
 */
countermark_text countermark_verified_artifact_name(const countermark_verified *verified);

/**
 * The entry's namespace; absent for a message and a bundle. No signature covers it.
 */
countermark_text countermark_verified_namespace(const countermark_verified *verified);

/**
 * Which of the entries given was verified, counted from zero. Returns false, and leaves index alone, for a message and
 * a bundle.
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
 * What vouches for that time: recorded, the log's word or, for a message, the caller's; timestamp_authority, a signed
 * timestamp; or, of bundles alone, log, a transparency log, and caller, nobody but the caller's now.
 */
countermark_text countermark_verified_time_voucher(const countermark_verified *verified);

/**
 * How many times somebody signed for the signature. Each lies inside the validity of the certificates.
 */
size_t countermark_verified_signed_time_count(const countermark_verified *verified);

/**
 * One of these times. Returns false, and leaves time alone, past the last.
 */
bool countermark_verified_signed_time(
    const countermark_verified *verified, size_t index, countermark_timestamp *time);

/**
 * What vouches for it: timestamp_authority or log; absent past the last.
 */
countermark_text countermark_verified_signed_time_voucher(const countermark_verified *verified, size_t index);

/**
 * Who that is: the subject of a timestamp authority's signer, or a log; absent past the last.
 */
countermark_text countermark_verified_signed_time_authority(
    const countermark_verified *verified, size_t index);

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
 * The signer's certificate, in DER; absent where a key of the policy's signed a bundle.
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
 * How many signed timestamps the entry has that the checks are about.
 */
size_t countermark_report_timestamp_count(const countermark_report *report);

/**
 * Who signed one of them, if it counts; absent if it does not, and past the last.
 */
countermark_text countermark_report_timestamp_authority(const countermark_report *report, size_t index);

/**
 * When it says that the signature was there, to be believed only if it counts. Returns false, and leaves time alone,
 * if it cannot be read, and past the last.
 */
bool countermark_report_timestamp_time(
    const countermark_report *report, size_t index, countermark_timestamp *time);

/**
 * Why it does not count; absent if it does, and past the last.
 */
countermark_text countermark_report_timestamp_fault(const countermark_report *report, size_t index);

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
 * Reads a trusted root, of version 0.1 or 0.2.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_trusted_root_from_json(
    const char *json, size_t json_length, countermark_trusted_root **root,
    countermark_rejection **rejection);

/**
 * What it trusts, for people: several lines.
 */
countermark_text countermark_trusted_root_text(const countermark_trusted_root *root);

/**
 * Frees a trusted root that a call wrote to one of its outputs.
 */
void countermark_trusted_root_free(countermark_trusted_root *root);

/**
 * Reads JSON Lines of trusted roots, one a line, at least one.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_trusted_roots_from_json_lines(
    const char *json, size_t json_length, countermark_trusted_roots **roots,
    countermark_rejection **rejection);

/**
 * How many roots there are.
 */
size_t countermark_trusted_roots_count(const countermark_trusted_roots *roots);

/**
 * One of the roots; NULL past the last. It belongs to roots: do not free it.
 */
const countermark_trusted_root *countermark_trusted_roots_get(
    const countermark_trusted_roots *roots, size_t index);

/**
 * Frees the roots.
 */
void countermark_trusted_roots_free(countermark_trusted_roots *roots);

/**
 * Makes a verifier for bundles that trusts one trusted root, as the instance trusted_root, and nobody else. It believes
 * no private record.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_verifier_from_trusted_root(
    const countermark_trusted_root *root, countermark_verifier **verifier,
    countermark_rejection **rejection);

/**
 * Begins a verifier without trust anchors of its own, for bundles: it trusts whom it is told to, and believes no private
 * record.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_verifier_builder_new_without_anchors(
    countermark_verifier_builder **builder, countermark_rejection **rejection);

/**
 * Also trusts a trusted root, as an instance of this name; not own, which stands for the verifier's own anchors. Each
 * instance judges a bundle alone, in the order in which they are added. Private records do not see it.
 */
countermark_code countermark_verifier_builder_add_trusted_root(
    countermark_verifier_builder *builder, const char *name, size_t name_length,
    const countermark_trusted_root *root);

/**
 * Also believes a log where bundles are judged under the verifier's own anchors, the instance own. kind is a
 * COUNTERMARK_LOG_*; base_url tells the log in results; public_key is a SubjectPublicKeyInfo, in DER or PEM, and counts
 * from start to end, which may be NULL: no end. operator_name may be empty; logs of one operator count as one where a
 * policy asks for several.
 */
countermark_code countermark_verifier_builder_add_log(
    countermark_verifier_builder *builder, uint32_t kind, const char *base_url, size_t base_url_length,
    const uint8_t *public_key, size_t public_key_length, const countermark_timestamp *start,
    const countermark_timestamp *end, const char *operator_name, size_t operator_name_length);

/**
 * Reads a policy from JSON, for signers with certificates. (That for keys is countermark_key_policy_from_json.)
 */
COUNTERMARK_MUST_USE
countermark_code countermark_bundle_policy_from_json(
    const char *json, size_t json_length, countermark_bundle_policy **policy,
    countermark_rejection **rejection);

/**
 * Makes a policy that asks for an OIDC issuer, one log entry, one signed time and one certificate timestamp. signer is
 * COUNTERMARK_SIGNER_BY_CLAIMS, and then a claim about the signer must be required, or verifying with the policy is
 * COUNTERMARK_MALFORMED_POLICY; or COUNTERMARK_ANY_SIGNER_OF_ISSUER.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_bundle_policy_new(
    const char *certificate_oidc_issuer, size_t certificate_oidc_issuer_length, uint32_t signer,
    countermark_bundle_policy **policy, countermark_rejection **rejection);

/**
 * The same for certificates that name no issuer, as those of a plain private authority; one that names any is refused.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_bundle_policy_new_without_issuer(
    uint32_t signer, countermark_bundle_policy **policy, countermark_rejection **rejection);

/**
 * Makes a policy for what this identity signed, as Sigstore's public instance has it: a workflow,
 * https://github.com/owner/name/.github/workflows/release.yml@refs/tags/v1, or of people an e-mail address. For a glob
 * require certificate_identity of a policy of countermark_bundle_policy_new.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_bundle_policy_for_sigstore(
    const char *identity, size_t identity_length, const char *certificate_oidc_issuer,
    size_t certificate_oidc_issuer_length, countermark_bundle_policy **policy,
    countermark_rejection **rejection);

/**
 * Makes a policy for what GitHub Actions built from this repository, owner/name, by whichever workflow. GitHub's own
 * instance, without any log, must give one signed time, any other what countermark_bundle_policy_new asks for.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_bundle_policy_for_github(
    const char *repository, size_t repository_length, countermark_bundle_policy **policy,
    countermark_rejection **rejection);

/**
 * The same for an enterprise whose tokens have an issuer of their own,
 * https://token.actions.githubusercontent.com/ENTERPRISE.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_bundle_policy_for_github_enterprise(
    const char *enterprise, size_t enterprise_length, const char *repository, size_t repository_length,
    countermark_bundle_policy **policy, countermark_rejection **rejection);

/**
 * Makes a policy for an asset of a release of this repository, owner/name, which GitHub itself attests.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_bundle_policy_for_github_release(
    const char *repository, size_t repository_length, countermark_bundle_policy **policy,
    countermark_rejection **rejection);

/**
 * Makes a policy for a distribution of PyPI, a wheel or source archive by its file name, that a workflow of GitHub Actions
 * attests: owner/name, and the workflow's file name. Who publishes is the caller's to know, not the index's.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_bundle_policy_for_pypi_github(
    const char *repository, size_t repository_length, const char *workflow, size_t workflow_length,
    const char *file_name, size_t file_name_length, countermark_bundle_policy **policy,
    countermark_rejection **rejection);

/**
 * The same for a pipeline of GitLab: group/name, and the path of the file that configures the pipeline.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_bundle_policy_for_pypi_gitlab(
    const char *repository, size_t repository_length, const char *workflow_filepath,
    size_t workflow_filepath_length, const char *file_name, size_t file_name_length,
    countermark_bundle_policy **policy, countermark_rejection **rejection);

/**
 * The same for a service account of Google Cloud, by its e-mail address.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_bundle_policy_for_pypi_google(
    const char *email, size_t email_length, const char *file_name, size_t file_name_length,
    countermark_bundle_policy **policy, countermark_rejection **rejection);

/**
 * The same for a pipeline of CircleCI, by the IDs of its project and of the pipeline's definition.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_bundle_policy_for_pypi_circleci(
    const char *project_id, size_t project_id_length, const char *pipeline_definition_id,
    size_t pipeline_definition_id_length, const char *file_name, size_t file_name_length,
    countermark_bundle_policy **policy, countermark_rejection **rejection);

/**
 * Also requires a claim, by its name or dotted OID, with exactly this value. As all that is about certificates, it is
 * COUNTERMARK_MALFORMED_POLICY of a policy for keys.
 */
countermark_code countermark_bundle_policy_require(
    countermark_bundle_policy *policy, const char *claim, size_t claim_length, const char *value,
    size_t value_length);

/**
 * Also requires a claim with any of these exact values; at least one.
 */
countermark_code countermark_bundle_policy_require_any_of(
    countermark_bundle_policy *policy, const char *claim, size_t claim_length, const countermark_text *values,
    size_t value_count);

/**
 * Also requires a claim whose value matches a glob, as countermark_policy_require_glob has it.
 */
countermark_code countermark_bundle_policy_require_glob(
    countermark_bundle_policy *policy, const char *claim, size_t claim_length, const char *pattern,
    size_t pattern_length);

/**
 * Sets how many seconds a signer's certificate may be valid: 1 to 34,560,000. The default is 600.
 */
countermark_code countermark_bundle_policy_set_max_certificate_lifetime_seconds(
    countermark_bundle_policy *policy, uint32_t seconds);

/**
 * Sets how many independent timestamps of certificate logs (SCTs) are needed, 0 to 32. None is a warning in the result.
 */
countermark_code countermark_bundle_policy_set_certificate_timestamps(
    countermark_bundle_policy *policy, uint32_t count);

/**
 * Also demands an attestation of PyPI about this distribution, by its file name: what the policies for PyPI demand beside
 * the publisher.
 */
countermark_code countermark_bundle_policy_set_pypi_distribution(
    countermark_bundle_policy *policy, const char *file_name, size_t file_name_length);

/**
 * Sets the name of the only instance that may judge.
 */
countermark_code countermark_bundle_policy_set_instance(
    countermark_bundle_policy *policy, const char *name, size_t name_length);

/**
 * Sets how many independent log entries are needed, 0 to 32. None is a warning in the result.
 */
countermark_code countermark_bundle_policy_set_log_entries(countermark_bundle_policy *policy, uint32_t count);

/**
 * Sets how many independent signed times, of logs or timestamp authorities, are needed, 0 to 32. None is a warning in the
 * result.
 */
countermark_code countermark_bundle_policy_set_signed_times(
    countermark_bundle_policy *policy, uint32_t count);

/**
 * Sets the predicate type that the statement must have, in place of any set before. A message has none.
 */
countermark_code countermark_bundle_policy_set_predicate_type(
    countermark_bundle_policy *policy, const char *predicate_type, size_t predicate_type_length);

/**
 * Sets the name of the statement's subject that is the artifact, such as pkg:npm/%40scope/name@1.0.0. A message has none.
 */
countermark_code countermark_bundle_policy_set_subject_name(
    countermark_bundle_policy *policy, const char *name, size_t name_length);

/**
 * Passes over log entries, timestamps and certificate timestamps of unknown logs and authorities, which never count, where
 * else they refuse the bundle. A warning in the result.
 */
countermark_code countermark_bundle_policy_ignore_unknown_authorities(countermark_bundle_policy *policy);

/**
 * Also blocks an artifact: an artifact name, or sha256:, sha384: or sha512: and lowercase hex digits. Where the
 * artifact's digest by that algorithm is not known, verifying it is COUNTERMARK_INVALID_ARGUMENT.
 */
countermark_code countermark_bundle_policy_block(
    countermark_bundle_policy *policy, const char *item, size_t item_length);

/**
 * The first failure of a call on the policy, or NULL. It belongs to policy: do not free it.
 */
const countermark_rejection *countermark_bundle_policy_fault(const countermark_bundle_policy *policy);

/**
 * Frees a policy for bundles or keys.
 */
void countermark_bundle_policy_free(countermark_bundle_policy *policy);

/**
 * Makes a policy by which one of these keys must have signed, that asks for one log entry and one signed time.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_key_policy_new(
    const countermark_public_key *keys, size_t key_count, countermark_bundle_policy **policy,
    countermark_rejection **rejection);

/**
 * Reads a policy from JSON that names keys.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_key_policy_from_json(
    const char *json, size_t json_length, countermark_bundle_policy **policy,
    countermark_rejection **rejection);

/**
 * Makes a policy for what the npm registry attests itself, of its keys as registry.npmjs.org/keys.json has them, a target
 * of Sigstore's TUF repository.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_key_policy_from_npm_keys(
    const char *json, size_t json_length, countermark_bundle_policy **policy,
    countermark_rejection **rejection);

/**
 * Reads one Sigstore bundle, of version 0.1, 0.2 or 0.3.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_bundle_from_json(
    const char *json, size_t json_length, countermark_bundle **bundle, countermark_rejection **rejection);

/**
 * Reads one attestation of PyPI (PEP 740).
 */
COUNTERMARK_MUST_USE
countermark_code countermark_bundle_from_pep740(
    const char *json, size_t json_length, countermark_bundle **bundle, countermark_rejection **rejection);

/**
 * The signer's certificate that it brings, in DER; absent if it hints at a key.
 */
countermark_bytes countermark_bundle_certificate(const countermark_bundle *bundle);

/**
 * The hint at the signer's key, which may be empty; absent if it brings a certificate.
 */
countermark_text countermark_bundle_key_hint(const countermark_bundle *bundle);

/**
 * What the statement in it says its predicate type is, before anything is verified: to tell bundles apart, not to be
 * believed. Absent if it has no statement that can be read.
 */
countermark_text countermark_bundle_unverified_predicate_type(const countermark_bundle *bundle);

/**
 * Frees a bundle that a call wrote to one of its outputs. What was verified with it stays as it is.
 */
void countermark_bundle_free(countermark_bundle *bundle);

/**
 * Reads bundles in whatever form they come, told apart by the members: a Sigstore bundle or JSON Lines of them, an
 * attestation or a provenance of PyPI, the npm registry's attestations, or one of cosign's older forms. One bad bundle fails
 * the call.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_bundles_from(
    const char *json, size_t json_length, countermark_bundles **bundles, countermark_rejection **rejection);

/**
 * Reads JSON Lines, one Sigstore bundle a line. One bad bundle fails the call.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_bundles_from_json_lines(
    const char *json, size_t json_length, countermark_bundles **bundles, countermark_rejection **rejection);

/**
 * The same bundle by bundle, so that a bad one does not hide the others: the good ones become bundles, the others
 * faults. Both outputs are required. Bundles are counted without the bad ones.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_bundles_read_json_lines(
    const char *json, size_t json_length, countermark_bundles **bundles, countermark_faults **faults,
    countermark_rejection **rejection);

/**
 * Reads the attestations that the npm registry has of a package, usually two: its own, by its key, and the provenance, by
 * whoever built it. Who wants both must demand both; countermark_bundle_unverified_predicate_type tells them apart.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_bundles_from_npm(
    const char *json, size_t json_length, countermark_bundles **bundles, countermark_rejection **rejection);

/**
 * Reads what PyPI has of a distribution's provenance (PEP 740).
 */
COUNTERMARK_MUST_USE
countermark_code countermark_bundles_from_pypi_provenance(
    const char *json, size_t json_length, countermark_bundles **bundles, countermark_rejection **rejection);

/**
 * How many bundles there are.
 */
size_t countermark_bundles_count(const countermark_bundles *bundles);

/**
 * One of the bundles; NULL past the last. It belongs to bundles: do not free it.
 */
const countermark_bundle *countermark_bundles_get(const countermark_bundles *bundles, size_t index);

/**
 * Whom PyPI names as the publisher of one of the bundles, as JSON. Nothing vouches for it: whoever is trusted to publish is
 * the caller's to say. Absent past the last, and of other forms than a provenance.
 */
countermark_text countermark_bundles_unverified_publisher(
    const countermark_bundles *bundles, size_t index);

/**
 * Frees the bundles. What was verified with them stays as it is.
 */
void countermark_bundles_free(countermark_bundles *bundles);

/**
 * Reads what cosign sign-blob --bundle and cosign attest-blob --bundle wrote before there were Sigstore bundles, or one
 * line of cosign download signature. Of the latter the artifact to verify it with is the decoded payload;
 * countermark_simple_signing_from_json tells which image it names.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_bundle_from_cosign(
    const char *json, size_t json_length, countermark_bundle **bundle, countermark_rejection **rejection);

/**
 * Makes a bundle of the parts in which a registry keeps cosign's classic form.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_bundle_from_cosign_parts(
    const countermark_cosign_parts *parts, countermark_bundle **bundle, countermark_rejection **rejection);

/**
 * Reads a payload of simple signing. Nothing of it is verified.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_simple_signing_from_json(
    const char *json, size_t json_length, countermark_simple_signing **signed_image,
    countermark_rejection **rejection);

/**
 * The digest of the image's manifest: sha256: and 64 lowercase hex digits.
 */
countermark_text countermark_simple_signing_image_digest(const countermark_simple_signing *signed_image);

/**
 * The name under which the image was signed, which may be empty. Others may serve the same image, so it is told, and not
 * compared.
 */
countermark_text countermark_simple_signing_docker_reference(const countermark_simple_signing *signed_image);

/**
 * Frees a payload.
 */
void countermark_simple_signing_free(countermark_simple_signing *signed_image);

/**
 * An artifact by its bytes, which are copied: of a file that is large make digests, with countermark_artifact_digester_new.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_artifact_from_bytes(
    const uint8_t *bytes, size_t bytes_length, countermark_artifact **artifact,
    countermark_rejection **rejection);

/**
 * An artifact by its digests, at least one, each of another algorithm.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_artifact_from_digests(
    const countermark_digest *digests, size_t digest_count, countermark_artifact **artifact,
    countermark_rejection **rejection);

/**
 * An artifact by its name, image@sha256: and so on: by the digest in it, and the name is held against a blocklist too.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_artifact_from_name(
    const char *artifact_name, size_t artifact_name_length, countermark_artifact **artifact,
    countermark_rejection **rejection);

/**
 * Frees an artifact. What was verified stays as it is.
 */
void countermark_artifact_free(countermark_artifact *artifact);

/**
 * Begins an artifact that is read in pieces. algorithms are those by which it is digested (COUNTERMARK_SHA256 and so
 * on); none means all three, which does whatever signature and policy need, and takes longer.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_artifact_digester_new(
    const uint32_t *algorithms, size_t algorithm_count, countermark_artifact_digester **digester,
    countermark_rejection **rejection);

/**
 * Takes the artifact's next bytes.
 */
countermark_code countermark_artifact_digester_update(
    countermark_artifact_digester *digester, const uint8_t *bytes, size_t bytes_length);

/**
 * Makes the artifact, or gives the first failure of a call on the digester. The digester is empty afterwards: free it.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_artifact_digester_finish(
    countermark_artifact_digester *digester, countermark_artifact **artifact,
    countermark_rejection **rejection);

/**
 * Frees a digester.
 */
void countermark_artifact_digester_free(countermark_artifact_digester *digester);

/**
 * Verifies an artifact by a bundle: each instance that the verifier trusts judges it alone, and the first under which every
 * rule is passed is the answer. A signed time after now, if it is not NULL, is refused; where the policy asks for no signed
 * time and there is none, everything must be valid at now, and without it is COUNTERMARK_UNVOUCHED_TIME.
 *
 * Returns COUNTERMARK_VERIFIED and writes verified, or returns another code and writes rejection. Either output
 * may be NULL if it is not wanted.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_verify_bundle(
    const countermark_verifier *verifier, const countermark_artifact *artifact,
    const countermark_bundle *bundle, const countermark_bundle_policy *policy,
    const countermark_timestamp *now, countermark_verified **verified, countermark_rejection **rejection);

/**
 * Runs every check on the same input and reports on all of them, and on every item of evidence by itself. Returns
 * COUNTERMARK_DONE also for a bundle that is refused: a report is for looking, not for deciding.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_examine_bundle(
    const countermark_verifier *verifier, const countermark_artifact *artifact,
    const countermark_bundle *bundle, const countermark_bundle_policy *policy,
    const countermark_timestamp *now, countermark_bundle_report **report, countermark_rejection **rejection);

/**
 * Verifies who signed a bundle's envelope, and when, whatever its payload is. Neither an artifact nor the blocklist is asked:
 * COUNTERMARK_VERIFIED says here that the payload is the signer's, and nothing about any artifact.
 *
 * Returns COUNTERMARK_VERIFIED and writes envelope, or returns another code and writes rejection. Either output
 * may be NULL if it is not wanted.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_verify_envelope(
    const countermark_verifier *verifier, const countermark_bundle *bundle,
    const countermark_bundle_policy *policy, const countermark_timestamp *now,
    countermark_verified_envelope **envelope, countermark_rejection **rejection);

/**
 * Verifies an artifact by any of several bundles: the first that passes is the answer. If none does, rejection is the first
 * bundle's, with those of the others beside it; of no bundle it is COUNTERMARK_NO_SIGNATURE.
 *
 * Returns COUNTERMARK_VERIFIED and writes verified, or returns another code and writes rejection. Either output
 * may be NULL if it is not wanted.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_verify_bundles(
    const countermark_verifier *verifier, const countermark_artifact *artifact,
    const countermark_bundles *bundles, const countermark_bundle_policy *policy,
    const countermark_timestamp *now, countermark_verified **verified, countermark_rejection **rejection);

/**
 * Verifies many artifacts by bundles, on all cores. The verdict on request index is
 * countermark_results_code(results, index), as with countermark_verify_many: what this call returns is none.
 */
COUNTERMARK_MUST_USE
countermark_code countermark_verify_many_bundles(
    const countermark_verifier *verifier, const countermark_bundle_request *requests, size_t request_count,
    const countermark_timestamp *now, countermark_results **results, countermark_rejection **rejection);

/**
 * The name of the instance that was believed: a trusted root's, or own for the verifier's own anchors. Absent for an entry
 * or a message.
 */
countermark_text countermark_verified_instance(const countermark_verified *verified);

/**
 * The name of the policy's key that signed; absent if it has none, and where a certificate's key signed.
 */
countermark_text countermark_verified_key_name(const countermark_verified *verified);

/**
 * How many entries of transparency logs were verified.
 */
size_t countermark_verified_log_entry_count(const countermark_verified *verified);

/**
 * The log of one of them, by the origin of its checkpoint, or else by its base URL; absent past the last.
 */
countermark_text countermark_verified_log_entry_log(const countermark_verified *verified, size_t index);

/**
 * The entry's index in its log. Returns false, and leaves log_index alone, if nobody vouches for one, and past the last.
 */
bool countermark_verified_log_entry_index(
    const countermark_verified *verified, size_t index, uint64_t *log_index);

/**
 * The size of the tree that the log signed and that has the entry. Returns false, and leaves tree_size alone, if the log
 * only promised to have it, and past the last.
 */
bool countermark_verified_log_entry_tree_size(
    const countermark_verified *verified, size_t index, uint64_t *tree_size);

/**
 * How many timestamps of certificate logs in the signer's certificate were verified.
 */
size_t countermark_verified_certificate_timestamp_count(const countermark_verified *verified);

/**
 * The log of one of them, by its base URL; absent past the last.
 */
countermark_text countermark_verified_certificate_timestamp_log(
    const countermark_verified *verified, size_t index);

/**
 * When that log was given the certificate. Returns false, and leaves time alone, past the last.
 */
bool countermark_verified_certificate_timestamp_time(
    const countermark_verified *verified, size_t index, countermark_timestamp *time);

/**
 * The predicate type of the in-toto statement that was signed; absent if none was.
 */
countermark_text countermark_verified_predicate_type(const countermark_verified *verified);

/**
 * The predicate as its JSON, as it stands in the statement; absent if there is none. No object in it has a member twice.
 */
countermark_text countermark_verified_predicate_json(const countermark_verified *verified);

/**
 * How many subjects the statement has. One of them is the artifact.
 */
size_t countermark_verified_subject_count(const countermark_verified *verified);

/**
 * A subject's name; absent if it has none, and past the last.
 */
countermark_text countermark_verified_subject_name(const countermark_verified *verified, size_t index);

/**
 * A subject's URI; absent if it has none, and past the last.
 */
countermark_text countermark_verified_subject_uri(const countermark_verified *verified, size_t index);

/**
 * A subject's digest by COUNTERMARK_SHA256 and so on; absent if it has none, and past the last.
 */
countermark_bytes countermark_verified_subject_digest(
    const countermark_verified *verified, size_t index, uint32_t algorithm);

/**
 * What the payload says it is.
 */
countermark_text countermark_verified_envelope_payload_type(const countermark_verified_envelope *envelope);

/**
 * The payload, byte for byte as it was signed.
 */
countermark_bytes countermark_verified_envelope_payload(const countermark_verified_envelope *envelope);

/**
 * The signer's certificate, in DER; absent where a key of the policy's signed.
 */
countermark_bytes countermark_verified_envelope_leaf(const countermark_verified_envelope *envelope);

/**
 * The value of a claim, by its name. Absent if the certificate does not carry it.
 */
countermark_text countermark_verified_envelope_claim(
    const countermark_verified_envelope *envelope, const char *claim, size_t claim_length);

/**
 * As countermark_verified_instance.
 */
countermark_text countermark_verified_envelope_instance(const countermark_verified_envelope *envelope);

/**
 * As countermark_verified_key_name.
 */
countermark_text countermark_verified_envelope_key_name(const countermark_verified_envelope *envelope);

/**
 * All that was established, times and log entries too, as one JSON object; without the payload.
 */
countermark_text countermark_verified_envelope_json(const countermark_verified_envelope *envelope);

/**
 * Frees a verified envelope.
 */
void countermark_verified_envelope_free(countermark_verified_envelope *envelope);

/**
 * What countermark_verify_bundle would have returned: COUNTERMARK_VERIFIED, or the code of the first rule that failed.
 * COUNTERMARK_INVALID_ARGUMENT for NULL.
 */
countermark_code countermark_bundle_report_verdict(const countermark_bundle_report *report);

/**
 * Why the bundle is refused; NULL if it is not. It belongs to report: do not free it.
 */
const countermark_rejection *countermark_bundle_report_rejection(const countermark_bundle_report *report);

/**
 * The report for people: a short table, then each item of evidence: whose, when, good or why not.
 */
countermark_text countermark_bundle_report_text(const countermark_bundle_report *report);

/**
 * The report as one JSON object.
 */
countermark_text countermark_bundle_report_json(const countermark_bundle_report *report);

/**
 * Frees a report.
 */
void countermark_bundle_report_free(countermark_bundle_report *report);

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

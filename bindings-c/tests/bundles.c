/*
 * Runs every case of the manifests of bundles: of testdata/sigstore, and of the directory that COUNTERMARK_BUNDLES names or
 * that lies beside the checkout. Of every bundle that is verified, all that the result tells is looked at.
 */

#define _POSIX_C_SOURCE 200809L

#include "json.h"
#include "support.h"

/* The cases that the project has at least. */
#define KNOWN_CASES 155

/* Where this library decides otherwise than a manifest expects; core/tests/bundles.rs says why. */
static const char *const otherwise[] = {
    "mutation/pep740-two-entries",
    "mutation/v2-root-tlog-expired",
    "mutation/v2-root-tsa-leaf-missing",
};

/* What a build comes to that does not know an algorithm that the case needs. */
static const uint32_t without_algorithm[] = {
    COUNTERMARK_INVALID_KEY_TYPE, COUNTERMARK_UNKNOWN_CA,     COUNTERMARK_UNTRUSTED_LOG,
    COUNTERMARK_UNVOUCHED_TIME,   COUNTERMARK_NO_CERTIFICATE_TIMESTAMP,
};

static const uint32_t all_algorithms[] = {
    COUNTERMARK_ECDSA_P256_SHA256, COUNTERMARK_ECDSA_P256_SHA384, COUNTERMARK_ECDSA_P384_SHA256,
    COUNTERMARK_ECDSA_P384_SHA384, COUNTERMARK_ECDSA_P521_SHA256, COUNTERMARK_ECDSA_P521_SHA384,
    COUNTERMARK_ECDSA_P521_SHA512, COUNTERMARK_ED25519,           COUNTERMARK_RSA_PKCS1_SHA256,
    COUNTERMARK_RSA_PKCS1_SHA384,  COUNTERMARK_RSA_PKCS1_SHA512,  COUNTERMARK_RSA_PSS_SHA256,
    COUNTERMARK_RSA_PSS_SHA384,    COUNTERMARK_RSA_PSS_SHA512,
};
/* Those of a build in pure Rust. */
static const uint32_t some_algorithms[] = {
    COUNTERMARK_ECDSA_P256_SHA256, COUNTERMARK_ECDSA_P256_SHA384, COUNTERMARK_ECDSA_P384_SHA256,
    COUNTERMARK_ECDSA_P384_SHA384, COUNTERMARK_ED25519,
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* What was told by results, so that a test that looks at nothing fails. */
static struct {
    size_t ran, skipped, failed, messages, statements, by_key, log_entries, log_indices, times, certificate_timestamps;
} seen;

static bool knows_all_algorithms;

static json member(json object, const char *name)
{
    json value = json_member(object, name);
    if (value.length == 4 && memcmp(value.data, "null", 4) == 0) {
        value.data = NULL;
    }
    return value;
}

/* A text of the case; NULL if it has none. The caller frees it. */
static char *text_of(json object, const char *name, size_t *length)
{
    json value = member(object, name);
    *length = 0;
    if (value.data == NULL) {
        return NULL;
    }
    char *text = json_text(value, length);
    text = realloc(text, *length + 1);
    CHECK(text != NULL);
    text[*length] = '\0';
    return text;
}

static char *required_text(json object, const char *name, size_t *length)
{
    char *text = text_of(object, name, length);
    CHECK(text != NULL);
    return text;
}

/* A file that the case names; NULL if it names none. */
static char *file_of(const char *folder, json object, const char *name, size_t *length)
{
    char *path = text_of(object, name, length);
    char *bytes = path == NULL ? NULL : read_file(folder, path, length);
    free(path);
    return bytes;
}

static uint32_t number(json object, const char *name)
{
    json value = member(object, name);
    CHECK(value.data != NULL && value.length < 10);
    char digits[16] = {0};
    memcpy(digits, value.data, value.length);
    return (uint32_t)strtoul(digits, NULL, 10);
}

static bool is_algorithm_of_default(json name)
{
    static const char *const known[] = {"\"p256\"", "\"p384\"", "\"ed25519\""};
    for (size_t at = 0; at < COUNT(known); at++) {
        if (name.length == strlen(known[at]) && memcmp(name.data, known[at], name.length) == 0) {
            return true;
        }
    }
    return false;
}

static bool needs_more_algorithms(json of_case)
{
    static const char *const roles[] = {"leaf", "authorities", "log", "ct_log", "tsa"};
    json algorithms = member(of_case, "algorithms");
    for (size_t role = 0; algorithms.data != NULL && role < COUNT(roles); role++) {
        json names = member(algorithms, roles[role]), name;
        size_t position = 0;
        while (names.data != NULL && (name = json_item(names, &position)).data != NULL) {
            if (!is_algorithm_of_default(name)) {
                return true;
            }
        }
    }
    return false;
}

static countermark_code make_verifier(const char *folder, json of_case, countermark_verifier **verifier)
{
    size_t length;
    char *json_of_root = file_of(folder, of_case, "trusted_root", &length);
    CHECK(json_of_root != NULL);
    countermark_trusted_root *root;
    countermark_code code = countermark_trusted_root_from_json(json_of_root, length, &root, NULL);
    free(json_of_root);
    *verifier = NULL;
    if (code.number != COUNTERMARK_DONE) {
        CHECK(root == NULL);
        return code;
    }
    if (needs_more_algorithms(of_case)) {
        countermark_verifier_builder *builder;
        CHECK_CODE(countermark_verifier_builder_new_without_anchors(&builder, NULL), COUNTERMARK_DONE);
        if (knows_all_algorithms) {
            countermark_verifier_builder_accept_algorithms(builder, all_algorithms, COUNT(all_algorithms));
        } else {
            countermark_verifier_builder_accept_algorithms(builder, some_algorithms, COUNT(some_algorithms));
        }
        countermark_verifier_builder_add_trusted_root(builder, TEXT("trusted_root"), root);
        code = countermark_verifier_builder_build(builder, verifier, NULL);
        countermark_verifier_builder_free(builder);
    } else {
        code = countermark_verifier_from_trusted_root(root, verifier, NULL);
    }
    countermark_trusted_root_free(root);
    return code;
}

/* That of PyPI as PyPI has it. */
static countermark_code make_bundle(
    const char *folder, json of_case, countermark_bundles **bundles, countermark_bundle **bundle)
{
    size_t length;
    json pep740 = member(of_case, "pep740");
    char *attestation = pep740.data == NULL ? NULL : file_of(folder, pep740, "attestation", &length);
    countermark_code code;
    if (attestation != NULL) {
        code = countermark_bundles_from(attestation, length, bundles, NULL);
        free(attestation);
        return code;
    }
    char *bytes = file_of(folder, of_case, "bundle", &length);
    CHECK(bytes != NULL);
    code = countermark_bundle_from_json(bytes, length, bundle, NULL);
    /* In whatever form it may come, it is the same. */
    if (code.number == COUNTERMARK_DONE) {
        CHECK_CODE(countermark_bundles_from(bytes, length, bundles, NULL), COUNTERMARK_DONE);
    }
    free(bytes);
    return code;
}

static size_t from_hex(const char *digits, size_t length, uint8_t *bytes)
{
    for (size_t at = 0; at < length / 2; at++) {
        char pair[3] = {digits[2 * at], digits[2 * at + 1], '\0'};
        bytes[at] = (uint8_t)strtoul(pair, NULL, 16);
    }
    return length / 2;
}

static countermark_artifact *make_artifact(json of_case, const char *bytes, size_t length)
{
    static const struct {
        const char *member;
        uint32_t algorithm;
        size_t length;
    } algorithms[] = {
        {"artifact_sha256", COUNTERMARK_SHA256, 32},
        {"artifact_sha384", COUNTERMARK_SHA384, 48},
        {"artifact_sha512", COUNTERMARK_SHA512, 64},
    };
    countermark_artifact *artifact;
    if (bytes != NULL) {
        CHECK_CODE(countermark_artifact_from_bytes((const uint8_t *)bytes, length, &artifact, NULL),
                   COUNTERMARK_DONE);
        return artifact;
    }
    uint8_t digest_bytes[3][64];
    countermark_digest digests[3];
    size_t count = 0;
    for (size_t at = 0; at < COUNT(algorithms); at++) {
        size_t digits_length;
        char *digits = text_of(of_case, algorithms[at].member, &digits_length);
        if (digits != NULL && digits_length == 2 * algorithms[at].length) {
            digests[count].algorithm = algorithms[at].algorithm;
            digests[count].bytes = digest_bytes[count];
            digests[count].length = from_hex(digits, digits_length, digest_bytes[count]);
            count++;
        }
        free(digits);
    }
    if (count == 0) {
        /* What is asked for where a case has none cannot be it. */
        CHECK_CODE(countermark_artifact_from_bytes((const uint8_t *)"no artifact", 11, &artifact, NULL),
                   COUNTERMARK_DONE);
    } else {
        CHECK_CODE(countermark_artifact_from_digests(digests, count, &artifact, NULL), COUNTERMARK_DONE);
    }
    return artifact;
}

/* Read in pieces, a file is the same artifact; but without its bytes. */
static countermark_artifact *digest_in_pieces(const char *bytes, size_t length)
{
    countermark_artifact_digester *digester;
    countermark_artifact *artifact;
    CHECK_CODE(countermark_artifact_digester_new(NULL, 0, &digester, NULL), COUNTERMARK_DONE);
    for (size_t at = 0; at < length; at += 1000) {
        size_t piece = length - at < 1000 ? length - at : 1000;
        CHECK_CODE(countermark_artifact_digester_update(digester, (const uint8_t *)bytes + at, piece),
                   COUNTERMARK_DONE);
    }
    CHECK_CODE(countermark_artifact_digester_finish(digester, &artifact, NULL), COUNTERMARK_DONE);
    countermark_artifact_digester_free(digester);
    return artifact;
}

/* Of whom PyPI says that they published it, with the distribution. */
static countermark_code make_pypi_policy(
    json publisher, const char *file_name, size_t file_name_length, countermark_bundle_policy **policy)
{
    static const struct {
        const char *kind, *first, *second;
    } kinds[] = {
        {"GitHub", "repository", "workflow"},
        {"GitLab", "repository", "workflow_filepath"},
        {"Google", "email", "kind"},
        {"CircleCI", "project_id", "pipeline_definition_id"},
    };
    size_t kind_length, first_length, second_length, at = 0;
    char *kind = required_text(publisher, "kind", &kind_length);
    while (strcmp(kinds[at].kind, kind) != 0) {
        at++;
        CHECK(at < COUNT(kinds));
    }
    char *first = required_text(publisher, kinds[at].first, &first_length);
    char *second = required_text(publisher, kinds[at].second, &second_length);
    countermark_code code = {0};
    switch (at) {
    case 0:
        code = countermark_bundle_policy_for_pypi_github(first, first_length, second, second_length, file_name,
                                                         file_name_length, policy, NULL);
        break;
    case 1:
        code = countermark_bundle_policy_for_pypi_gitlab(first, first_length, second, second_length, file_name,
                                                         file_name_length, policy, NULL);
        break;
    case 2:
        code = countermark_bundle_policy_for_pypi_google(first, first_length, file_name, file_name_length, policy,
                                                         NULL);
        break;
    default:
        code = countermark_bundle_policy_for_pypi_circleci(first, first_length, second, second_length, file_name,
                                                           file_name_length, policy, NULL);
        break;
    }
    free(second);
    free(first);
    free(kind);
    return code;
}

static void set_counts(json of_case, countermark_bundle_policy *policy, bool by_key)
{
    json counts = member(of_case, "policy");
    countermark_bundle_policy_set_log_entries(policy, number(counts, "tlog"));
    countermark_bundle_policy_set_signed_times(policy, number(counts, "timestamps"));
    if (!by_key) {
        countermark_bundle_policy_set_certificate_timestamps(policy, number(counts, "sct"));
    }
}

static countermark_code make_key_policy(
    json of_case, const char *key, size_t key_length, countermark_bundle_policy **policy)
{
    countermark_public_key public_key = {(const uint8_t *)key, key_length, NULL, 0, NULL, NULL};
    countermark_timestamp start, end;
    size_t length;
    char *name = text_of(of_case, "key_hint", &public_key.name_length);
    public_key.name = name;
    json period = member(of_case, "key_valid_for");
    if (period.data != NULL) {
        char *text = required_text(period, "start", &length);
        CHECK_CODE(countermark_timestamp_from_text(text, length, &start, NULL), COUNTERMARK_DONE);
        public_key.start = &start;
        free(text);
        text = text_of(period, "end", &length);
        if (text != NULL) {
            CHECK_CODE(countermark_timestamp_from_text(text, length, &end, NULL), COUNTERMARK_DONE);
            public_key.end = &end;
            free(text);
        }
    }
    countermark_code code = countermark_key_policy_new(&public_key, 1, policy, NULL);
    free(name);
    if (code.number == COUNTERMARK_DONE) {
        set_counts(of_case, *policy, true);
    }
    return code;
}

static countermark_code make_policy(const char *folder, json of_case, countermark_bundle_policy **policy)
{
    size_t length, distribution_length = 0;
    char *key = file_of(folder, of_case, "key", &length);
    if (key != NULL) {
        countermark_code code = make_key_policy(of_case, key, length, policy);
        free(key);
        return code;
    }
    json pep740 = member(of_case, "pep740");
    char *distribution = pep740.data == NULL ? NULL : text_of(pep740, "dist_name", &distribution_length);
    json publisher = {NULL, 0};
    if (distribution != NULL) {
        publisher = member(pep740, "publisher");
    }
    countermark_code code;
    if (publisher.data != NULL) {
        code = make_pypi_policy(publisher, distribution, distribution_length, policy);
        free(distribution);
        return code;
    }
    size_t identity_length, issuer_length;
    char *identity = text_of(of_case, "identity", &identity_length);
    char *issuer = text_of(of_case, "issuer", &issuer_length);
    if (identity != NULL && issuer != NULL) {
        code = countermark_bundle_policy_for_sigstore(identity, identity_length, issuer, issuer_length, policy, NULL);
    } else if (identity != NULL) {
        code = countermark_bundle_policy_new_without_issuer(COUNTERMARK_SIGNER_BY_CLAIMS, policy, NULL);
        countermark_bundle_policy_require(*policy, TEXT("certificate_identity"), identity, identity_length);
        countermark_bundle_policy_set_max_certificate_lifetime_seconds(*policy, 366 * 86400);
    } else {
        code = countermark_bundle_policy_new_without_issuer(COUNTERMARK_ANY_SIGNER_OF_ISSUER, policy, NULL);
    }
    free(issuer);
    free(identity);
    if (code.number == COUNTERMARK_DONE) {
        if (distribution != NULL) {
            countermark_bundle_policy_set_pypi_distribution(*policy, distribution, distribution_length);
        }
        set_counts(of_case, *policy, false);
    }
    free(distribution);
    return code;
}

/* All that a result tells, which must go together. */
static void look_at(const countermark_verified *verified, bool by_key)
{
    countermark_timestamp time, from, to;
    uint64_t place;
    CHECK_TEXT(countermark_verified_instance(verified), "trusted_root");
    CHECK(countermark_verified_artifact_name(verified).data == NULL);
    CHECK(by_key == (countermark_verified_leaf(verified).data == NULL));
    CHECK(countermark_verified_signature(verified).length > 0);
    CHECK(by_key == !countermark_verified_validity(verified, &from, &to));
    CHECK(by_key || countermark_verified_path_count(verified) > 0);
    CHECK(by_key || countermark_verified_key_name(verified).data == NULL);
    CHECK(strstr(countermark_verified_text(verified).data, "verified: ") != NULL);
    CHECK(strstr(countermark_verified_json(verified).data, "\"instance\":\"trusted_root\"") != NULL);
    seen.by_key += by_key;

    size_t entries = countermark_verified_log_entry_count(verified);
    for (size_t at = 0; at < entries; at++) {
        CHECK(countermark_verified_log_entry_log(verified, at).length > 0);
        seen.log_indices += countermark_verified_log_entry_index(verified, at, &place);
        uint64_t size = 0;
        if (countermark_verified_log_entry_tree_size(verified, at, &size)) {
            CHECK(size > 0);
        }
    }
    place = 7;
    CHECK(countermark_verified_log_entry_log(verified, entries).data == NULL);
    CHECK(!countermark_verified_log_entry_index(verified, entries, &place) && place == 7);
    CHECK(!countermark_verified_log_entry_tree_size(verified, entries, &place) && place == 7);
    CHECK(!countermark_verified_log_entry_index(verified, 0, NULL));
    seen.log_entries += entries;

    size_t times = countermark_verified_signed_time_count(verified);
    for (size_t at = 0; at < times; at++) {
        countermark_text voucher = countermark_verified_signed_time_voucher(verified, at);
        CHECK(countermark_text_equals(voucher, TEXT("log")) ||
              countermark_text_equals(voucher, TEXT("timestamp_authority")));
        CHECK(countermark_verified_signed_time_authority(verified, at).length > 0);
        CHECK(countermark_verified_signed_time(verified, at, &time));
        CHECK(by_key || (from.seconds <= time.seconds && time.seconds <= to.seconds));
    }
    CHECK(!countermark_verified_signed_time(verified, times, &time));
    CHECK(!countermark_verified_signed_time(verified, 0, NULL));
    CHECK(countermark_verified_signed_time_voucher(verified, times).data == NULL);
    CHECK(countermark_verified_signed_time_authority(verified, times).data == NULL);
    CHECK(countermark_verified_time_voucher(verified).length > 0);
    seen.times += times;

    size_t timestamps = countermark_verified_certificate_timestamp_count(verified);
    for (size_t at = 0; at < timestamps; at++) {
        CHECK(countermark_verified_certificate_timestamp_log(verified, at).length > 0);
        CHECK(countermark_verified_certificate_timestamp_time(verified, at, &time) && time.seconds > 1600000000);
    }
    CHECK(countermark_verified_certificate_timestamp_log(verified, timestamps).data == NULL);
    CHECK(!countermark_verified_certificate_timestamp_time(verified, timestamps, &time));
    seen.certificate_timestamps += timestamps;

    size_t subjects = countermark_verified_subject_count(verified), digests = 0;
    CHECK((subjects > 0) == (countermark_verified_predicate_type(verified).length > 0));
    for (size_t at = 0; at < subjects; at++) {
        countermark_verified_subject_name(verified, at);
        countermark_verified_subject_uri(verified, at);
        digests += countermark_verified_subject_digest(verified, at, COUNTERMARK_SHA256).length == 32;
        digests += countermark_verified_subject_digest(verified, at, COUNTERMARK_SHA384).length == 48;
        digests += countermark_verified_subject_digest(verified, at, COUNTERMARK_SHA512).length == 64;
        CHECK(countermark_verified_subject_digest(verified, at, 0).data == NULL);
    }
    CHECK((subjects > 0) == (digests > 0));
    CHECK(countermark_verified_subject_name(verified, subjects).data == NULL);
    CHECK(countermark_verified_subject_digest(verified, subjects, COUNTERMARK_SHA256).data == NULL);
    if (subjects > 0) {
        seen.statements++;
        countermark_text predicate = countermark_verified_predicate_json(verified);
        CHECK(predicate.data == NULL || predicate.length > 0);
    } else {
        seen.messages++;
        CHECK(countermark_verified_predicate_json(verified).data == NULL);
    }
}

static countermark_code judge_envelope(
    const countermark_verifier *verifier, const countermark_bundle *bundle, const countermark_bundle_policy *policy)
{
    countermark_verified_envelope *envelope;
    countermark_rejection *rejection;
    countermark_code code = countermark_verify_envelope(verifier, bundle, policy, NULL, &envelope, &rejection);
    CHECK((code.number == COUNTERMARK_VERIFIED) == (envelope != NULL));
    CHECK((code.number == COUNTERMARK_VERIFIED) == (rejection == NULL));
    if (envelope != NULL) {
        CHECK(countermark_verified_envelope_payload_type(envelope).length > 0);
        CHECK(countermark_verified_envelope_payload(envelope).length > 0);
        CHECK_TEXT(countermark_verified_envelope_instance(envelope), "trusted_root");
        CHECK(countermark_verified_envelope_claim(envelope, TEXT("no claim")).data == NULL);
        if (countermark_verified_envelope_leaf(envelope).data == NULL) {
            CHECK(countermark_verified_envelope_claim(envelope, TEXT("certificate_identity")).data == NULL);
            CHECK(strstr(countermark_verified_envelope_json(envelope).data, "\"key\":") != NULL);
        } else {
            CHECK(countermark_verified_envelope_claim(envelope, TEXT("certificate_identity")).length > 0);
            CHECK(countermark_verified_envelope_key_name(envelope).data == NULL);
        }
        CHECK(strstr(countermark_verified_envelope_json(envelope).data, "\"instance\":\"trusted_root\"") != NULL);
    }
    countermark_rejection_free(rejection);
    countermark_verified_envelope_free(envelope);
    return code;
}

/* What the library says through its header; all calls must agree. */
static countermark_code judge(
    const countermark_verifier *verifier, const countermark_artifact *artifact, const countermark_bundle *bundle,
    const countermark_bundles *bundles, const countermark_bundle_policy *policy, bool by_key)
{
    countermark_verified *verified;
    countermark_rejection *rejection;
    countermark_code code =
        countermark_verify_bundle(verifier, artifact, bundle, policy, NULL, &verified, &rejection);
    CHECK((code.number == COUNTERMARK_VERIFIED) == (verified != NULL));
    CHECK((code.number == COUNTERMARK_VERIFIED) == (rejection == NULL));
    if (verified != NULL) {
        look_at(verified, by_key);
        CHECK_CODE(judge_envelope(verifier, bundle, policy),
                   countermark_verified_subject_count(verified) > 0 ? COUNTERMARK_VERIFIED
                                                                    : COUNTERMARK_ARTIFACT_MISMATCH);
    } else {
        CHECK_CODE(countermark_rejection_code(rejection), code.number);
        CHECK(countermark_rejection_detail(rejection).length > 0);
    }
    countermark_rejection_free(rejection);
    countermark_verified_free(verified);

    CHECK_CODE(countermark_verify_bundles(verifier, artifact, bundles, policy, NULL, NULL, NULL), code.number);
    countermark_bundle_request requests[] = {{artifact, bundles, policy}, {artifact, NULL, policy}};
    countermark_results *results;
    CHECK_CODE(countermark_verify_many_bundles(verifier, requests, 2, NULL, &results, NULL), COUNTERMARK_DONE);
    CHECK_CODE(countermark_results_code(results, 0), code.number);
    CHECK_CODE(countermark_results_code(results, 1), COUNTERMARK_INVALID_ARGUMENT);
    countermark_results_free(results);

    countermark_bundle_report *report;
    countermark_code examined = countermark_examine_bundle(verifier, artifact, bundle, policy, NULL, &report, NULL);
    if (examined.number == COUNTERMARK_DONE) {
        CHECK_CODE(countermark_bundle_report_verdict(report), code.number);
        const countermark_rejection *why = countermark_bundle_report_rejection(report);
        CHECK((why == NULL) == (code.number == COUNTERMARK_VERIFIED));
        CHECK(countermark_bundle_report_text(report).length > 0);
        CHECK(strstr(countermark_bundle_report_json(report).data, "\"evidence\"") != NULL);
    } else {
        CHECK(examined.number == code.number && report == NULL);
    }
    countermark_bundle_report_free(report);
    return code;
}

/* Builds everything in the stated order; the first that is malformed gives the code. */
static countermark_code run(const char *folder, json of_case)
{
    countermark_verifier *verifier;
    countermark_bundle *bundle = NULL;
    countermark_bundles *bundles = NULL;
    countermark_bundle_policy *policy = NULL;
    countermark_code code = make_verifier(folder, of_case, &verifier);
    if (code.number == COUNTERMARK_DONE) {
        code = make_bundle(folder, of_case, &bundles, &bundle);
    }
    if (code.number == COUNTERMARK_DONE) {
        code = make_policy(folder, of_case, &policy);
    }
    if (code.number == COUNTERMARK_DONE) {
        CHECK(countermark_bundles_count(bundles) == 1 && countermark_bundles_get(bundles, 1) == NULL);
        const countermark_bundle *in_list = countermark_bundles_get(bundles, 0);
        const countermark_bundle *one = bundle == NULL ? in_list : bundle;
        bool has_certificate = countermark_bundle_certificate(one).data != NULL;
        CHECK(has_certificate == (countermark_bundle_key_hint(one).data == NULL));
        json envelope_only = member(of_case, "envelope_only");
        size_t length;
        if (envelope_only.length == 4 && memcmp(envelope_only.data, "true", 4) == 0) {
            code = judge_envelope(verifier, one, policy);
        } else {
            char *bytes = file_of(folder, of_case, "artifact", &length);
            countermark_artifact *artifact = make_artifact(of_case, bytes, length);
            code = judge(verifier, artifact, one, bundles, policy, !has_certificate);
            if (bytes != NULL) {
                countermark_artifact *in_pieces = digest_in_pieces(bytes, length);
                uint32_t again =
                    countermark_verify_bundle(verifier, in_pieces, in_list, policy, NULL, NULL, NULL).number;
                CHECK(again == code.number || again == COUNTERMARK_ARTIFACT_MISMATCH);
                countermark_artifact_free(in_pieces);
            }
            countermark_artifact_free(artifact);
            free(bytes);
        }
    }
    countermark_bundle_policy_free(policy);
    countermark_bundles_free(bundles);
    countermark_bundle_free(bundle);
    countermark_verifier_free(verifier);
    return code;
}

static bool is_among(uint32_t wanted, const uint32_t *numbers, size_t count)
{
    for (size_t at = 0; at < count; at++) {
        if (numbers[at] == wanted) {
            return true;
        }
    }
    return false;
}

static void check_case(const char *folder, json of_case, json codes)
{
    size_t length;
    char *id = required_text(of_case, "id", &length);
    char *expected = required_text(of_case, "expect", &length);
    bool is_known = false;
    for (size_t at = 0; at < COUNT(otherwise); at++) {
        is_known = is_known || strcmp(otherwise[at], id) == 0;
    }
    uint32_t code = run(folder, of_case).number;
    countermark_text name = countermark_code_name(code);
    if (!knows_all_algorithms && needs_more_algorithms(of_case) &&
        is_among(code, without_algorithm, COUNT(without_algorithm))) {
        seen.skipped++;
    } else {
        bool is_expected = (code == COUNTERMARK_VERIFIED) == (strcmp(expected, "accept") == 0);
        char *wanted = text_of(codes, id, &length);
        if (is_expected == is_known || (wanted != NULL && !countermark_text_equals(name, wanted, length))) {
            fprintf(stderr, "%s: %s, where it is to %s (%s)\n", id, name.data == NULL ? "no code" : name.data,
                    expected, wanted == NULL ? "no code is held" : wanted);
            seen.failed++;
        }
        free(wanted);
        seen.ran++;
    }
    free(expected);
    free(id);
}

static void run_folder(const char *folder, json codes)
{
    json manifest, of_case;
    char *bytes = read_file(folder, "manifest.json", &manifest.length);
    manifest.data = bytes;
    size_t position = 0;
    while ((of_case = json_item(manifest, &position)).data != NULL) {
        check_case(folder, of_case, codes);
    }
    free(bytes);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    countermark_verifier_builder *probe;
    CHECK_CODE(countermark_verifier_builder_new_without_anchors(&probe, NULL), COUNTERMARK_DONE);
    knows_all_algorithms =
        countermark_verifier_builder_accept_algorithms(probe, all_algorithms, COUNT(all_algorithms)).number ==
        COUNTERMARK_DONE;
    countermark_verifier_builder_free(probe);

    json codes;
    char *codes_text = read_file(argv[1], "codes.json", &codes.length);
    codes.data = codes_text;
    run_folder(argv[1], codes);
    CHECK(seen.ran + seen.skipped >= KNOWN_CASES);
    const char *more = getenv("COUNTERMARK_BUNDLES");
    char beside[4096];
    if (more == NULL || more[0] == '\0') {
        CHECK(snprintf(beside, sizeof beside, "%s/../../../shared/sigstore/public", argv[1]) < (int)sizeof beside);
        char path[5000];
        snprintf(path, sizeof path, "%s/manifest.json", beside);
        FILE *file = fopen(path, "rb");
        if (file == NULL) {
            printf("not run: %s is not there; COUNTERMARK_BUNDLES may name another\n", beside);
        } else {
            fclose(file);
            more = beside;
        }
    }
    if (more != NULL && more[0] != '\0') {
        run_folder(more, codes);
    }
    free(codes_text);
    printf("bundles: ran %zu cases, %zu failed; %zu more need an algorithm that this build does not have\n", seen.ran,
           seen.failed, seen.skipped);
    CHECK(seen.messages > 0 && seen.statements > 0 && seen.by_key > 0 && seen.log_entries > 0);
    CHECK(seen.log_indices > 0 && seen.times > 0 && seen.certificate_timestamps > 0);
    return seen.failed == 0 ? 0 : 1;
}

/* What the cases of bundles do not use: own logs, several roots, every form and policy, misuse, signed timestamps. */

#include "json.h"
#include "support.h"

#define IDENTITY "https://github.com/trailofbits/pypi-attestations/.github/workflows/release.yml@refs/tags/v0.0.19"
#define FILE_NAME "pypi_attestations-0.0.19.tar.gz"
#define ATTESTATION "sigstore/pep740/" FILE_NAME ".publish.attestation"
#define BUNDLE "sigstore/bundles/pep740/pypi-attestations-0.0.19-publish.sigstore.json"
#define ARTIFACT "sigstore/artifacts/9bb1add0-" FILE_NAME
#define PUBLIC_GOOD "sigstore/roots/6494e21e-public-good.json"
#define GITHUBS "sigstore/roots/484cdfe1-github.json"
#define KEY "sigstore/keys/be232253-key.pub"
#define BY_KEY "sigstore/bundles/sigstore-verify/managed-key.sigstore.json"
#define BY_KEY_ARTIFACT "sigstore/artifacts/a0cfc712-a.txt"

static const char *testdata;

/* What most tests begin with. */
static countermark_verifier *verifier;
static countermark_bundle *bundle;
static countermark_artifact *artifact;

static countermark_trusted_root *root_of(const char *file)
{
    size_t length;
    char *text = read_file(testdata, file, &length);
    countermark_trusted_root *root;
    CHECK_CODE(countermark_trusted_root_from_json(text, length, &root, NULL), COUNTERMARK_DONE);
    free(text);
    return root;
}

static countermark_bundle *bundle_of(const char *file)
{
    size_t length;
    char *text = read_file(testdata, file, &length);
    countermark_bundle *read;
    CHECK_CODE(countermark_bundle_from_json(text, length, &read, NULL), COUNTERMARK_DONE);
    free(text);
    return read;
}

static countermark_artifact *artifact_of(const char *file)
{
    size_t length;
    char *bytes = read_file(testdata, file, &length);
    countermark_artifact *made;
    CHECK_CODE(countermark_artifact_from_bytes((const uint8_t *)bytes, length, &made, NULL), COUNTERMARK_DONE);
    /* They were copied. */
    memset(bytes, 0, length);
    free(bytes);
    return made;
}

static countermark_bundle_policy *policy_of_identity(void)
{
    countermark_bundle_policy *policy;
    CHECK_CODE(countermark_bundle_policy_for_sigstore(TEXT(IDENTITY), TEXT(ISSUER), &policy, NULL), COUNTERMARK_DONE);
    return policy;
}

static uint32_t verdict(const countermark_verifier *by, const countermark_bundle_policy *policy)
{
    return countermark_verify_bundle(by, artifact, bundle, policy, NULL, NULL, NULL).number;
}

/* The verdict by a policy that is then freed. */
static uint32_t verdict_by(countermark_bundle_policy *policy)
{
    uint32_t code = verdict(verifier, policy);
    countermark_bundle_policy_free(policy);
    return code;
}

/* What was verified with outlives nothing that it came from. */
static void a_result_owns_what_it_tells(void)
{
    countermark_trusted_root *root = root_of(PUBLIC_GOOD);
    CHECK(strstr(countermark_trusted_root_text(root).data, "rekor.sigstore.dev") != NULL);
    countermark_verifier *by;
    CHECK_CODE(countermark_verifier_from_trusted_root(root, &by, NULL), COUNTERMARK_DONE);
    countermark_trusted_root_free(root);
    countermark_bundle_policy *policy = policy_of_identity();
    countermark_bundle *one = bundle_of(BUNDLE);
    countermark_artifact *of = artifact_of(ARTIFACT);
    countermark_verified *verified;
    CHECK_CODE(countermark_verify_bundle(by, of, one, policy, NULL, &verified, NULL), COUNTERMARK_VERIFIED);
    countermark_verified_envelope *envelope;
    CHECK_CODE(countermark_verify_envelope(by, one, policy, NULL, &envelope, NULL), COUNTERMARK_VERIFIED);
    countermark_artifact_free(of);
    countermark_bundle_free(one);
    countermark_bundle_policy_free(policy);
    countermark_verifier_free(by);
    CHECK_TEXT(countermark_verified_claim(verified, TEXT("certificate_identity")), IDENTITY);
    CHECK_TEXT(countermark_verified_predicate_type(verified), "https://docs.pypi.org/attestations/publish/v1");
    CHECK(countermark_verified_subject_count(verified) == 1);
    CHECK_TEXT(countermark_verified_subject_name(verified, 0), FILE_NAME);
    CHECK(countermark_verified_subject_uri(verified, 0).data == NULL);
    uint64_t index = 0;
    CHECK(countermark_verified_log_entry_index(verified, 0, &index) && index == 153454663);
    CHECK_TEXT(countermark_verified_time_voucher(verified), "log");
    CHECK(countermark_verified_warning_count(verified) == 0);
    CHECK_TEXT(countermark_verified_envelope_payload_type(envelope), "application/vnd.in-toto+json");
    CHECK(countermark_verified_envelope_payload(envelope).data[0] == '{');
    CHECK_TEXT(countermark_verified_envelope_claim(envelope, TEXT("certificate_identity")), IDENTITY);
    countermark_verified_envelope_free(envelope);
    countermark_verified_free(verified);
}

static void the_callers_time_counts(void)
{
    countermark_timestamp before = {1733354040, 0}, after = {1733354050, 0};
    countermark_bundle_policy *policy = policy_of_identity();
    countermark_verifier_builder *builder;
    countermark_verifier *lenient;
    countermark_trusted_root *root = root_of(PUBLIC_GOOD);
    CHECK_CODE(countermark_verify_bundle(verifier, artifact, bundle, policy, &after, NULL, NULL), COUNTERMARK_VERIFIED);
    CHECK_CODE(countermark_verify_bundle(verifier, artifact, bundle, policy, &before, NULL, NULL),
               COUNTERMARK_TIME_MISMATCH);
    CHECK_CODE(countermark_verifier_builder_new_without_anchors(&builder, NULL), COUNTERMARK_DONE);
    countermark_verifier_builder_add_trusted_root(builder, TEXT("public"), root);
    countermark_verifier_builder_set_now_leeway_seconds(builder, 60);
    CHECK_CODE(countermark_verifier_builder_build(builder, &lenient, NULL), COUNTERMARK_DONE);
    CHECK_CODE(countermark_verify_bundle(lenient, artifact, bundle, policy, &before, NULL, NULL), COUNTERMARK_VERIFIED);
    countermark_timestamp impossible = {0, 1000000000};
    CHECK_CODE(countermark_verify_bundle(lenient, artifact, bundle, policy, &impossible, NULL, NULL),
               COUNTERMARK_INVALID_ARGUMENT);
    countermark_verifier_free(lenient);
    countermark_verifier_builder_free(builder);
    countermark_trusted_root_free(root);
    countermark_bundle_policy_free(policy);
}

/* GitHub's root knows nothing of the bundle, and each judges alone. */
static void several_roots_are_instances(void)
{
    size_t lengths[2];
    char *texts[2] = {read_file(testdata, GITHUBS, &lengths[0]), read_file(testdata, PUBLIC_GOOD, &lengths[1])};
    char *lines = malloc(lengths[0] + lengths[1] + 1);
    CHECK(lines != NULL);
    memcpy(lines, texts[0], lengths[0]);
    lines[lengths[0]] = '\n';
    memcpy(lines + lengths[0] + 1, texts[1], lengths[1]);
    for (size_t at = 0; at < lengths[0] + lengths[1] + 1; at++) {
        lines[at] = lines[at] == '\n' && at != lengths[0] ? ' ' : lines[at];
    }
    countermark_trusted_roots *roots;
    CHECK_CODE(countermark_trusted_roots_from_json_lines(lines, lengths[0] + lengths[1] + 1, &roots, NULL),
               COUNTERMARK_DONE);
    free(lines);
    free(texts[0]);
    free(texts[1]);
    CHECK(countermark_trusted_roots_count(roots) == 2 && countermark_trusted_roots_get(roots, 2) == NULL);
    countermark_verifier_builder *builder;
    CHECK_CODE(countermark_verifier_builder_new_without_anchors(&builder, NULL), COUNTERMARK_DONE);
    countermark_verifier_builder_add_trusted_root(builder, TEXT("github"), countermark_trusted_roots_get(roots, 0));
    countermark_verifier_builder_add_trusted_root(builder, TEXT("public"), countermark_trusted_roots_get(roots, 1));
    countermark_verifier *both;
    CHECK_CODE(countermark_verifier_builder_build(builder, &both, NULL), COUNTERMARK_DONE);
    countermark_verifier_builder_free(builder);

    countermark_bundle_policy *policy = policy_of_identity();
    countermark_verified *verified;
    CHECK_CODE(countermark_verify_bundle(both, artifact, bundle, policy, NULL, &verified, NULL), COUNTERMARK_VERIFIED);
    CHECK_TEXT(countermark_verified_instance(verified), "public");
    countermark_verified_free(verified);
    CHECK_CODE(countermark_bundle_policy_set_instance(policy, TEXT("github")), COUNTERMARK_DONE);
    countermark_bundle_report *report;
    uint32_t refused = verdict(both, policy);
    CHECK(refused != COUNTERMARK_VERIFIED && refused < COUNTERMARK_MALFORMED_TRUST_ANCHOR);
    CHECK_CODE(countermark_examine_bundle(both, artifact, bundle, policy, NULL, &report, NULL), COUNTERMARK_DONE);
    CHECK_CODE(countermark_bundle_report_verdict(report), refused);
    CHECK_CODE(countermark_rejection_code(countermark_bundle_report_rejection(report)), refused);
    CHECK(strstr(countermark_bundle_report_text(report).data, "under the instance github") != NULL);
    countermark_bundle_report_free(report);
    countermark_bundle_policy_free(policy);
    countermark_verifier_free(both);

    /* No name, one that is taken for the verifier's own, and no root. */
    const countermark_trusted_root *root = countermark_trusted_roots_get(roots, 0);
    CHECK_CODE(countermark_verifier_builder_new_without_anchors(&builder, NULL), COUNTERMARK_DONE);
    CHECK_CODE(countermark_verifier_builder_add_trusted_root(builder, TEXT("own"), root),
               COUNTERMARK_MALFORMED_TRUSTED_ROOT);
    CHECK_CODE(countermark_verifier_builder_build(builder, &both, NULL), COUNTERMARK_MALFORMED_TRUSTED_ROOT);
    CHECK(both == NULL);
    countermark_verifier_builder_free(builder);
    CHECK_CODE(countermark_verifier_builder_new_without_anchors(&builder, NULL), COUNTERMARK_DONE);
    CHECK_CODE(countermark_verifier_builder_add_trusted_root(builder, TEXT("github"), NULL),
               COUNTERMARK_INVALID_ARGUMENT);
    countermark_verifier_builder_free(builder);
    countermark_trusted_roots_free(roots);
}

/* Text as PEM has it. The caller frees it. */
static char *pem_of(json base64, const char *label, char *before)
{
    size_t length, held = before == NULL ? 0 : strlen(before);
    char *text = json_text(base64, &length);
    char *pem = realloc(before, held + length + length / 64 + 2 * strlen(label) + 64);
    CHECK(pem != NULL);
    char *to = pem + held + sprintf(pem + held, "-----BEGIN %s-----\n", label);
    for (size_t at = 0; at < length; at += 64) {
        size_t piece = length - at < 64 ? length - at : 64;
        memcpy(to, text + at, piece);
        to += piece;
        *to++ = '\n';
    }
    sprintf(to, "-----END %s-----\n", label);
    free(text);
    return pem;
}

static countermark_timestamp start_of(json period)
{
    size_t length;
    countermark_timestamp start;
    char *text = json_text(json_member(period, "start"), &length);
    CHECK_CODE(countermark_timestamp_from_text(text, length, &start, NULL), COUNTERMARK_DONE);
    free(text);
    return start;
}

static void add_logs(countermark_verifier_builder *builder, json logs, uint32_t kind)
{
    json log;
    size_t position = 0;
    while ((log = json_item(logs, &position)).data != NULL) {
        json key = json_member(log, "publicKey");
        countermark_timestamp start = start_of(json_member(key, "validFor"));
        char *pem = pem_of(json_member(key, "rawBytes"), "PUBLIC KEY", NULL);
        size_t url_length;
        char *url = json_text(json_member(log, "baseUrl"), &url_length);
        CHECK_CODE(countermark_verifier_builder_add_log(builder, kind, url, url_length, (const uint8_t *)pem,
                                                        strlen(pem), &start, NULL, TEXT("an operator")),
                   COUNTERMARK_DONE);
        free(url);
        free(pem);
        if (kind == COUNTERMARK_LOG_REKOR_V1) {
            /* The second is of Rekor's second version. */
            break;
        }
    }
}

/* What a trusted root says may as well be a verifier's own. */
static void own_anchors_logs_and_timestamp_authorities(void)
{
    json root;
    char *text = read_file(testdata, PUBLIC_GOOD, &root.length);
    root.data = text;
    char *anchors = NULL, *intermediates = NULL, *chain = NULL;
    json authority, certificate, list = json_member(root, "certificateAuthorities");
    size_t position = 0;
    while ((authority = json_item(list, &position)).data != NULL) {
        json certificates = json_member(json_member(authority, "certChain"), "certificates");
        json next, last = {NULL, 0};
        size_t at = 0;
        while ((next = json_item(certificates, &at)).data != NULL) {
            if (last.data != NULL) {
                intermediates = pem_of(json_member(last, "rawBytes"), "CERTIFICATE", intermediates);
            }
            last = next;
        }
        if (position == 0 || last.data != NULL) {
            anchors = pem_of(json_member(last, "rawBytes"), "CERTIFICATE", anchors);
        }
    }
    countermark_verifier_builder *builder;
    CHECK_CODE(countermark_verifier_builder_new(anchors, strlen(anchors), &builder, NULL), COUNTERMARK_DONE);
    CHECK_CODE(countermark_verifier_builder_add_intermediates(builder, intermediates, strlen(intermediates)),
               COUNTERMARK_DONE);
    add_logs(builder, json_member(root, "tlogs"), COUNTERMARK_LOG_REKOR_V1);
    add_logs(builder, json_member(root, "ctlogs"), COUNTERMARK_LOG_OF_CERTIFICATES);
    position = 0;
    authority = json_item(json_member(root, "timestampAuthorities"), &position);
    list = json_member(json_member(authority, "certChain"), "certificates");
    position = 0;
    while ((certificate = json_item(list, &position)).data != NULL) {
        chain = pem_of(json_member(certificate, "rawBytes"), "CERTIFICATE", chain);
    }
    countermark_timestamp start = start_of(json_member(authority, "validFor"));
    CHECK_CODE(countermark_verifier_builder_add_timestamp_authority(builder, chain, strlen(chain), &start, NULL),
               COUNTERMARK_DONE);
    countermark_verifier *own;
    CHECK_CODE(countermark_verifier_builder_build(builder, &own, NULL), COUNTERMARK_DONE);
    countermark_verifier_builder_free(builder);
    countermark_bundle_policy *policy = policy_of_identity();
    countermark_verified *verified;
    CHECK_CODE(countermark_verify_bundle(own, artifact, bundle, policy, NULL, &verified, NULL), COUNTERMARK_VERIFIED);
    CHECK_TEXT(countermark_verified_instance(verified), "own");
    CHECK(countermark_verified_certificate_timestamp_count(verified) == 1);
    countermark_verified_free(verified);
    countermark_verifier_free(own);

    /* Without its logs it believes less. */
    CHECK_CODE(countermark_verifier_from_pem(anchors, strlen(anchors), &own, NULL), COUNTERMARK_DONE);
    CHECK(verdict(own, policy) != COUNTERMARK_VERIFIED);
    countermark_verifier_free(own);
    countermark_bundle_policy_free(policy);

    size_t key_length;
    char *key = read_file(testdata, KEY, &key_length);
    const countermark_timestamp end = {1, 0}, *const none = NULL;
    const struct {
        uint32_t kind, expected;
        const char *url, *key;
        const countermark_timestamp *start;
    } bad[] = {
        {0, COUNTERMARK_INVALID_ARGUMENT, "https://log", key, &start},
        {4, COUNTERMARK_INVALID_ARGUMENT, "https://log", key, &start},
        {COUNTERMARK_LOG_REKOR_V1, COUNTERMARK_INVALID_ARGUMENT, "https://log", key, none},
        {COUNTERMARK_LOG_REKOR_V1, COUNTERMARK_MALFORMED_TRUST_ANCHOR, "https://log", chain, &start},
        {COUNTERMARK_LOG_REKOR_V1, COUNTERMARK_MALFORMED_TRUST_ANCHOR, "https://log", "0", &start},
        {COUNTERMARK_LOG_REKOR_V2, COUNTERMARK_MALFORMED_TRUST_ANCHOR, "", key, &start},
        {COUNTERMARK_LOG_REKOR_V2, COUNTERMARK_DONE, "https://log", key, &start},
    };
    for (size_t at = 0; at < sizeof bad / sizeof *bad; at++) {
        CHECK_CODE(countermark_verifier_builder_new_without_anchors(&builder, NULL), COUNTERMARK_DONE);
        CHECK_CODE(countermark_verifier_builder_add_log(builder, bad[at].kind, bad[at].url, strlen(bad[at].url),
                                                        (const uint8_t *)bad[at].key, strlen(bad[at].key),
                                                        bad[at].start, &end, NULL, 0),
                   bad[at].expected);
        CHECK_CODE(countermark_verifier_builder_build(builder, &own, NULL), bad[at].expected);
        countermark_verifier_free(own);
        countermark_verifier_builder_free(builder);
    }
    CHECK_CODE(countermark_verifier_builder_new_without_anchors(&builder, NULL), COUNTERMARK_DONE);
    CHECK_CODE(
        countermark_verifier_builder_add_timestamp_authority(builder, anchors, strlen(anchors), &start, NULL),
        COUNTERMARK_MALFORMED_TRUST_ANCHOR);
    countermark_verifier_builder_free(builder);
    free(key);
    free(chain);
    free(intermediates);
    free(anchors);
    free(text);
}

static countermark_bundle_policy *new_policy(uint32_t signer)
{
    countermark_bundle_policy *policy;
    CHECK_CODE(countermark_bundle_policy_new(TEXT(ISSUER), signer, &policy, NULL), COUNTERMARK_DONE);
    return policy;
}

static void policies_are_made_field_by_field(void)
{
    countermark_bundle_policy *policy = new_policy(COUNTERMARK_SIGNER_BY_CLAIMS);
    countermark_rejection *why;
    countermark_verified *verified;
    /* Nothing says who may have signed. */
    CHECK_CODE(countermark_verify_bundle(verifier, artifact, bundle, policy, NULL, &verified, &why),
               COUNTERMARK_MALFORMED_POLICY);
    CHECK(verified == NULL);
    CHECK(strstr(countermark_rejection_detail(why).data, "COUNTERMARK_ANY_SIGNER_OF_ISSUER") != NULL);
    countermark_rejection_free(why);
    CHECK(countermark_bundle_policy_fault(policy) == NULL);
    CHECK_CODE(countermark_bundle_policy_require_glob(policy, TEXT("certificate_identity"), TEXT("https://**")),
               COUNTERMARK_DONE);
    CHECK(verdict(verifier, policy) == COUNTERMARK_VERIFIED);
    const countermark_text refs[] = {{TEXT("refs/tags/v0")}, {TEXT("refs/tags/v0.0.19")}};
    CHECK_CODE(countermark_bundle_policy_require_any_of(policy, TEXT("source_repository_ref"), refs, 2),
               COUNTERMARK_DONE);
    CHECK_CODE(countermark_bundle_policy_require(policy, TEXT("runner_environment"), TEXT("github-hosted")),
               COUNTERMARK_DONE);
    CHECK_CODE(countermark_bundle_policy_set_max_certificate_lifetime_seconds(policy, 600), COUNTERMARK_DONE);
    CHECK_CODE(countermark_bundle_policy_set_instance(policy, TEXT("trusted_root")), COUNTERMARK_DONE);
    CHECK_CODE(countermark_bundle_policy_set_subject_name(policy, TEXT(FILE_NAME)), COUNTERMARK_DONE);
    CHECK_CODE(countermark_bundle_policy_set_predicate_type(policy,
                                                            TEXT("https://docs.pypi.org/attestations/publish/v1")),
               COUNTERMARK_DONE);
    CHECK_CODE(countermark_bundle_policy_ignore_unknown_authorities(policy), COUNTERMARK_DONE);
    CHECK_CODE(countermark_verify_bundle(verifier, artifact, bundle, policy, NULL, &verified, NULL),
               COUNTERMARK_VERIFIED);
    CHECK(countermark_verified_warning_count(verified) == 1);
    CHECK_TEXT(countermark_verified_warning_name(verified, 0), "unknown_authorities_ignored");
    countermark_verified_free(verified);
    CHECK_CODE(countermark_bundle_policy_block(
                   policy, TEXT("sha256:9bb1add04b1b4e182be6b0b80931593f7a291eb49d69b4fd728a5d4cbcdc4bd3")),
               COUNTERMARK_DONE);
    CHECK(verdict_by(policy) == COUNTERMARK_BLOCKLISTED);

    policy = new_policy(COUNTERMARK_ANY_SIGNER_OF_ISSUER);
    countermark_bundle_policy_set_log_entries(policy, 0);
    countermark_bundle_policy_set_signed_times(policy, 0);
    countermark_bundle_policy_set_certificate_timestamps(policy, 0);
    CHECK_CODE(countermark_verify_bundle(verifier, artifact, bundle, policy, NULL, &verified, NULL),
               COUNTERMARK_VERIFIED);
    CHECK(countermark_verified_warning_count(verified) == 4);
    countermark_verified_free(verified);
    countermark_bundle_policy_free(policy);

    /* Each demand by itself, where it is not met. */
    policy = policy_of_identity();
    countermark_bundle_policy_require(policy, TEXT("build_trigger"), TEXT("push"));
    CHECK(verdict_by(policy) == COUNTERMARK_CLAIMS_MISMATCH);
    policy = policy_of_identity();
    countermark_bundle_policy_set_max_certificate_lifetime_seconds(policy, 599);
    CHECK(verdict_by(policy) == COUNTERMARK_LIFETIME_TOO_LONG);
    policy = policy_of_identity();
    countermark_bundle_policy_set_predicate_type(policy, TEXT("https://slsa.dev/provenance/v1"));
    CHECK(verdict_by(policy) == COUNTERMARK_PREDICATE_MISMATCH);
    policy = policy_of_identity();
    countermark_bundle_policy_set_subject_name(policy, TEXT("another"));
    CHECK(verdict_by(policy) == COUNTERMARK_ARTIFACT_MISMATCH);
    policy = policy_of_identity();
    countermark_bundle_policy_set_log_entries(policy, 2);
    CHECK(verdict_by(policy) == COUNTERMARK_NOT_LOGGED);
    policy = policy_of_identity();
    countermark_bundle_policy_set_signed_times(policy, 2);
    CHECK(verdict_by(policy) == COUNTERMARK_UNVOUCHED_TIME);
    policy = policy_of_identity();
    countermark_bundle_policy_set_certificate_timestamps(policy, 2);
    CHECK(verdict_by(policy) == COUNTERMARK_NO_CERTIFICATE_TIMESTAMP);
    policy = policy_of_identity();
    countermark_bundle_policy_set_pypi_distribution(policy, TEXT("other-1.0.tar.gz"));
    CHECK(verdict_by(policy) == COUNTERMARK_ARTIFACT_MISMATCH);
    policy = policy_of_identity();
    countermark_bundle_policy_set_instance(policy, TEXT("elsewhere"));
    CHECK(verdict_by(policy) == COUNTERMARK_INVALID_ARGUMENT);
    CHECK_CODE(countermark_bundle_policy_new_without_issuer(COUNTERMARK_SIGNER_BY_CLAIMS, &policy, NULL),
               COUNTERMARK_DONE);
    countermark_bundle_policy_require(policy, TEXT("certificate_identity"), TEXT(IDENTITY));
    CHECK(verdict_by(policy) == COUNTERMARK_CLAIMS_MISMATCH);
    for (uint32_t signer = 0; signer <= 3; signer += 3) {
        CHECK_CODE(countermark_bundle_policy_new(TEXT(ISSUER), signer, &policy, NULL), COUNTERMARK_INVALID_ARGUMENT);
        CHECK_CODE(countermark_bundle_policy_new_without_issuer(signer, &policy, NULL), COUNTERMARK_INVALID_ARGUMENT);
        CHECK(policy == NULL);
    }
}

/* The first failure stays, whatever succeeds after it. */
static void a_failed_demand_is_remembered(void)
{
    for (int fault = 0; fault < 8; fault++) {
        countermark_bundle_policy *policy = policy_of_identity();
        countermark_code code = {0};
        switch (fault) {
        case 0: code = countermark_bundle_policy_require(policy, TEXT("no_claim"), TEXT("x")); break;
        case 1: code = countermark_bundle_policy_set_max_certificate_lifetime_seconds(policy, 0); break;
        case 2: code = countermark_bundle_policy_set_log_entries(policy, 33); break;
        case 3: code = countermark_bundle_policy_set_certificate_timestamps(policy, (uint32_t)-1); break;
        case 4: code = countermark_bundle_policy_set_instance(policy, NULL, 0); break;
        case 5: code = countermark_bundle_policy_block(policy, TEXT("sha256:AB")); break;
        case 6: code = countermark_bundle_policy_set_pypi_distribution(policy, TEXT("foo.exe")); break;
        default: code = countermark_bundle_policy_set_predicate_type(policy, TEXT("\xFF")); break;
        }
        CHECK_CODE(code, COUNTERMARK_MALFORMED_POLICY);
        CHECK_CODE(countermark_bundle_policy_set_signed_times(policy, 1), COUNTERMARK_MALFORMED_POLICY);
        CHECK_CODE(countermark_rejection_code(countermark_bundle_policy_fault(policy)), COUNTERMARK_MALFORMED_POLICY);
        CHECK(verdict_by(policy) == COUNTERMARK_MALFORMED_POLICY);
    }
}

static void policies_that_are_ready_made(void)
{
    countermark_bundle_policy *policy;
    CHECK_CODE(countermark_bundle_policy_for_github(TEXT("trailofbits/pypi-attestations"), &policy, NULL),
               COUNTERMARK_DONE);
    CHECK(verdict_by(policy) == COUNTERMARK_VERIFIED);
    CHECK_CODE(countermark_bundle_policy_for_github(TEXT("trailofbits/other"), &policy, NULL), COUNTERMARK_DONE);
    CHECK(verdict_by(policy) == COUNTERMARK_CLAIMS_MISMATCH);
    CHECK_CODE(countermark_bundle_policy_for_github(TEXT("https://github.com/a/b"), &policy, NULL),
               COUNTERMARK_MALFORMED_POLICY);
    CHECK_CODE(countermark_bundle_policy_for_github_enterprise(TEXT("acme"), TEXT("trailofbits/pypi-attestations"),
                                                               &policy, NULL),
               COUNTERMARK_DONE);
    CHECK(verdict_by(policy) == COUNTERMARK_CLAIMS_MISMATCH);
    CHECK_CODE(countermark_bundle_policy_for_github_release(TEXT("trailofbits/pypi-attestations"), &policy, NULL),
               COUNTERMARK_DONE);
    CHECK(verdict_by(policy) != COUNTERMARK_VERIFIED);
    CHECK_CODE(countermark_bundle_policy_for_pypi_github(TEXT("trailofbits/pypi-attestations"), TEXT("release.yml"),
                                                         TEXT(FILE_NAME), &policy, NULL),
               COUNTERMARK_DONE);
    CHECK(verdict_by(policy) == COUNTERMARK_VERIFIED);
    CHECK_CODE(countermark_bundle_policy_for_pypi_github(TEXT("trailofbits/pypi-attestations"), TEXT("other.yml"),
                                                         TEXT(FILE_NAME), &policy, NULL),
               COUNTERMARK_DONE);
    CHECK(verdict_by(policy) == COUNTERMARK_CLAIMS_MISMATCH);
    CHECK_CODE(countermark_bundle_policy_for_pypi_gitlab(TEXT("a/b"), TEXT(".gitlab-ci.yml"), TEXT(FILE_NAME),
                                                         &policy, NULL),
               COUNTERMARK_DONE);
    CHECK(verdict_by(policy) == COUNTERMARK_CLAIMS_MISMATCH);
    CHECK_CODE(countermark_bundle_policy_for_pypi_google(TEXT("a@b.iam.gserviceaccount.com"), TEXT(FILE_NAME), &policy,
                                                         NULL),
               COUNTERMARK_DONE);
    CHECK(verdict_by(policy) == COUNTERMARK_CLAIMS_MISMATCH);
    CHECK_CODE(countermark_bundle_policy_for_pypi_circleci(TEXT("ab-1"), TEXT("cd-2"), TEXT(FILE_NAME), &policy, NULL),
               COUNTERMARK_DONE);
    CHECK(verdict_by(policy) == COUNTERMARK_CLAIMS_MISMATCH);
    CHECK_CODE(countermark_bundle_policy_from_json(TEXT("{\"certificate_oidc_issuer\":\"" ISSUER "\",\"claims\":{"
                                                        "\"certificate_identity\":\"" IDENTITY "\"}}"),
                                                   &policy, NULL),
               COUNTERMARK_DONE);
    CHECK(verdict_by(policy) == COUNTERMARK_VERIFIED);
    CHECK_CODE(countermark_bundle_policy_from_json(TEXT("{\"certificate_oidc_issuer\":\"" ISSUER "\"}"), &policy, NULL),
               COUNTERMARK_MALFORMED_POLICY);
    CHECK(policy == NULL);
}

static void keys_sign_without_certificates(void)
{
    size_t length;
    char *pem = read_file(testdata, KEY, &length);
    countermark_bundle *by_key = bundle_of(BY_KEY);
    countermark_artifact *of = artifact_of(BY_KEY_ARTIFACT);
    countermark_bundle_policy *policy;
    countermark_verified *verified;
    countermark_timestamp start = {0, 0}, end = {1, 0};
    CHECK(countermark_bundle_certificate(by_key).data == NULL && countermark_bundle_key_hint(by_key).data != NULL);
    CHECK(countermark_bundle_certificate(bundle).length > 0 && countermark_bundle_key_hint(bundle).data == NULL);

    countermark_public_key keys[] = {{(const uint8_t *)pem, length, NULL, 0, NULL, NULL}};
    CHECK_CODE(countermark_key_policy_new(keys, 1, &policy, NULL), COUNTERMARK_DONE);
    CHECK_CODE(countermark_verify_bundle(verifier, of, by_key, policy, NULL, &verified, NULL), COUNTERMARK_VERIFIED);
    CHECK(countermark_verified_leaf(verified).data == NULL && countermark_verified_key_name(verified).data == NULL);
    CHECK(countermark_verified_claim_count(verified) == 0);
    countermark_verified_free(verified);
    CHECK(verdict(verifier, policy) == COUNTERMARK_NO_SIGNATURE);
    CHECK_CODE(countermark_bundle_policy_require(policy, TEXT("build_trigger"), TEXT("push")),
               COUNTERMARK_MALFORMED_POLICY);
    CHECK_CODE(countermark_verify_bundle(verifier, of, by_key, policy, NULL, NULL, NULL),
               COUNTERMARK_MALFORMED_POLICY);
    countermark_bundle_policy_free(policy);

    countermark_text hint = countermark_bundle_key_hint(by_key);
    keys[0].name = hint.data;
    keys[0].name_length = hint.length;
    keys[0].start = &start;
    CHECK_CODE(countermark_key_policy_new(keys, 1, &policy, NULL), COUNTERMARK_DONE);
    CHECK_CODE(countermark_verify_bundle(verifier, of, by_key, policy, NULL, &verified, NULL), COUNTERMARK_VERIFIED);
    CHECK(countermark_text_equals(countermark_verified_key_name(verified), hint.data, hint.length));
    countermark_verified_free(verified);
    countermark_bundle_policy_free(policy);
    keys[0].end = &end;
    CHECK_CODE(countermark_key_policy_new(keys, 1, &policy, NULL), COUNTERMARK_DONE);
    CHECK_CODE(countermark_verify_bundle(verifier, of, by_key, policy, NULL, NULL, NULL), COUNTERMARK_TIME_MISMATCH);
    countermark_bundle_policy_free(policy);

    keys[0].start = NULL;
    CHECK_CODE(countermark_key_policy_new(keys, 1, &policy, NULL), COUNTERMARK_INVALID_ARGUMENT);
    keys[0].end = NULL;
    keys[0].name_length = 0;
    CHECK_CODE(countermark_key_policy_new(keys, 1, &policy, NULL), COUNTERMARK_MALFORMED_POLICY);
    CHECK_CODE(countermark_key_policy_new(keys, 0, &policy, NULL), COUNTERMARK_MALFORMED_POLICY);
    keys[0].name = NULL;
    keys[0].key_length = length - 40;
    CHECK_CODE(countermark_key_policy_new(keys, 1, &policy, NULL), COUNTERMARK_MALFORMED_POLICY);
    keys[0].key = (const uint8_t *)"0";
    keys[0].key_length = 1;
    CHECK_CODE(countermark_key_policy_new(keys, 1, &policy, NULL), COUNTERMARK_MALFORMED_POLICY);
    CHECK(policy == NULL);

    char *json = malloc(2 * length + 200), *to = json;
    CHECK(json != NULL);
    to += sprintf(to, "{\"keys\":[{\"public_key\":\"");
    for (size_t at = 0; at < length; at++) {
        to += pem[at] == '\n' ? sprintf(to, "\\n") : sprintf(to, "%c", pem[at]);
    }
    to += sprintf(to, "\"}]}");
    CHECK_CODE(countermark_key_policy_from_json(json, (size_t)(to - json), &policy, NULL), COUNTERMARK_DONE);
    CHECK_CODE(countermark_verify_bundle(verifier, of, by_key, policy, NULL, NULL, NULL), COUNTERMARK_VERIFIED);
    countermark_bundle_policy_free(policy);
    free(json);

    /* The registry's own, of which the bundle is not. */
    CHECK_CODE(
        countermark_key_policy_from_npm_keys(
            TEXT("{\"keys\":[{\"keyId\":\"SHA256:jl3bwswu80PjjokCgh0o2w5c2U4LhQAE57gj9cz1kzA\","
                 "\"keyUsage\":\"npm:attestations\",\"publicKey\":{\"rawBytes\":"
                 "\"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEVgWVwKRbzC73DgmwJHWRaByqAEqBIopmNMuDbOZOH60bjuCmcZy1yXFBIrXvoKU"
                 "dmtck/ocX9MmPf9OXHObyrg==\",\"keyDetails\":\"PKIX_ECDSA_P256_SHA_256\",\"validFor\":{\"start\":"
                 "\"1999-01-01T00:00:00.000Z\"}}}]}"),
            &policy, NULL),
        COUNTERMARK_DONE);
    CHECK_CODE(countermark_verify_bundle(verifier, of, by_key, policy, NULL, NULL, NULL), COUNTERMARK_NO_SIGNATURE);
    countermark_bundle_policy_free(policy);
    countermark_artifact_free(of);
    countermark_bundle_free(by_key);
    free(pem);
}

static void artifacts_are_given_otherwise(void)
{
    static const uint8_t sha256[] = {0x9b, 0xb1, 0xad, 0xd0, 0x4b, 0x1b, 0x4e, 0x18, 0x2b, 0xe6, 0xb0,
                                     0xb8, 0x09, 0x31, 0x59, 0x3f, 0x7a, 0x29, 0x1e, 0xb4, 0x9d, 0x69,
                                     0xb4, 0xfd, 0x72, 0x8a, 0x5d, 0x4c, 0xbc, 0xdc, 0x4b, 0xd3};
    static const uint8_t zeros[64] = {0};
    countermark_bundle_policy *policy = policy_of_identity();
    countermark_artifact *of;
    countermark_digest digests[] = {{COUNTERMARK_SHA256, sha256, 32}, {COUNTERMARK_SHA384, zeros, 48}};
    CHECK_CODE(countermark_artifact_from_digests(digests, 2, &of, NULL), COUNTERMARK_DONE);
    CHECK_CODE(countermark_verify_bundle(verifier, of, bundle, policy, NULL, NULL, NULL), COUNTERMARK_VERIFIED);
    countermark_artifact_free(of);
    digests[0].bytes = zeros;
    CHECK_CODE(countermark_artifact_from_digests(digests, 1, &of, NULL), COUNTERMARK_DONE);
    CHECK_CODE(countermark_verify_bundle(verifier, of, bundle, policy, NULL, NULL, NULL), COUNTERMARK_ARTIFACT_MISMATCH);
    countermark_artifact_free(of);
    CHECK_CODE(countermark_artifact_from_name(
                   TEXT("image@sha256:9bb1add04b1b4e182be6b0b80931593f7a291eb49d69b4fd728a5d4cbcdc4bd3"), &of, NULL),
               COUNTERMARK_DONE);
    CHECK_CODE(countermark_verify_bundle(verifier, of, bundle, policy, NULL, NULL, NULL), COUNTERMARK_VERIFIED);
    countermark_artifact_free(of);
    CHECK_CODE(countermark_artifact_from_name(TEXT("image:latest"), &of, NULL), COUNTERMARK_MALFORMED_NAME);

    const countermark_digest bad[] = {
        {0, sha256, 32}, {4, sha256, 32}, {COUNTERMARK_SHA256, sha256, 31}, {COUNTERMARK_SHA256, NULL, 32},
        {COUNTERMARK_SHA384, sha256, 32}, {COUNTERMARK_SHA256, NULL, 0},
    };
    for (size_t at = 0; at < sizeof bad / sizeof *bad; at++) {
        countermark_rejection *why;
        CHECK_CODE(countermark_artifact_from_digests(&bad[at], 1, &of, &why), COUNTERMARK_INVALID_ARGUMENT);
        CHECK(of == NULL && strstr(countermark_rejection_detail(why).data, "digests[0]") != NULL);
        countermark_rejection_free(why);
    }
    digests[1] = digests[0];
    CHECK_CODE(countermark_artifact_from_digests(digests, 2, &of, NULL), COUNTERMARK_INVALID_ARGUMENT);
    CHECK_CODE(countermark_artifact_from_digests(digests, 0, &of, NULL), COUNTERMARK_INVALID_ARGUMENT);

    /* An empty file is one. */
    CHECK_CODE(countermark_artifact_from_bytes(NULL, 0, &of, NULL), COUNTERMARK_DONE);
    CHECK_CODE(countermark_verify_bundle(verifier, of, bundle, policy, NULL, NULL, NULL), COUNTERMARK_ARTIFACT_MISMATCH);
    countermark_artifact_free(of);

    const uint32_t by[] = {COUNTERMARK_SHA256}, none[] = {0};
    countermark_artifact_digester *digester;
    size_t length;
    char *bytes = read_file(testdata, ARTIFACT, &length);
    CHECK_CODE(countermark_artifact_digester_new(none, 1, &digester, NULL), COUNTERMARK_INVALID_ARGUMENT);
    CHECK_CODE(countermark_artifact_digester_new(by, 1, &digester, NULL), COUNTERMARK_DONE);
    CHECK_CODE(countermark_artifact_digester_update(digester, (const uint8_t *)bytes, 7), COUNTERMARK_DONE);
    CHECK_CODE(countermark_artifact_digester_update(digester, NULL, 0), COUNTERMARK_DONE);
    CHECK_CODE(countermark_artifact_digester_update(digester, (const uint8_t *)bytes + 7, length - 7), COUNTERMARK_DONE);
    CHECK_CODE(countermark_artifact_digester_finish(digester, &of, NULL), COUNTERMARK_DONE);
    CHECK_CODE(countermark_verify_bundle(verifier, of, bundle, policy, NULL, NULL, NULL), COUNTERMARK_VERIFIED);
    countermark_artifact_free(of);
    /* It is empty now, and no artifact comes of nothing. */
    CHECK_CODE(countermark_artifact_digester_update(digester, (const uint8_t *)bytes, 7), COUNTERMARK_INVALID_ARGUMENT);
    CHECK_CODE(countermark_artifact_digester_finish(digester, &of, NULL), COUNTERMARK_INVALID_ARGUMENT);
    CHECK(of == NULL);
    countermark_artifact_digester_free(digester);
    /* A piece that could not be read makes no other artifact. */
    CHECK_CODE(countermark_artifact_digester_new(by, 1, &digester, NULL), COUNTERMARK_DONE);
    CHECK_CODE(countermark_artifact_digester_update(digester, NULL, 1), COUNTERMARK_INVALID_ARGUMENT);
    CHECK_CODE(countermark_artifact_digester_update(digester, (const uint8_t *)bytes, length),
               COUNTERMARK_INVALID_ARGUMENT);
    CHECK_CODE(countermark_artifact_digester_finish(digester, &of, NULL), COUNTERMARK_INVALID_ARGUMENT);
    countermark_artifact_digester_free(digester);
    free(bytes);

    /* A blocklist by an algorithm of which the artifact has no digest cannot be asked. */
    digests[0].bytes = sha256;
    CHECK_CODE(countermark_artifact_from_digests(digests, 1, &of, NULL), COUNTERMARK_DONE);
    countermark_bundle_policy_block(
        policy, TEXT("sha384:000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
                     "000000"));
    CHECK_CODE(countermark_verify_bundle(verifier, of, bundle, policy, NULL, NULL, NULL), COUNTERMARK_INVALID_ARGUMENT);
    countermark_artifact_free(of);
    countermark_bundle_policy_free(policy);
}

/* A text around what a file holds, of which line breaks become spaces. The caller frees it. */
static char *around(const char *before, const char *file, const char *after, size_t *length)
{
    char *text = read_file(testdata, file, length);
    char *whole = malloc(strlen(before) + *length + strlen(after) + 1);
    CHECK(whole != NULL);
    for (size_t at = 0; at < *length; at++) {
        text[at] = text[at] == '\n' ? ' ' : text[at];
    }
    *length = (size_t)sprintf(whole, "%s%s%s", before, text, after);
    free(text);
    return whole;
}

static void check_form(countermark_code code, countermark_bundles *bundles)
{
    countermark_bundle_policy *policy = policy_of_identity();
    CHECK_CODE(code, COUNTERMARK_DONE);
    CHECK(countermark_bundles_count(bundles) == 1);
    CHECK_TEXT(countermark_bundle_unverified_predicate_type(countermark_bundles_get(bundles, 0)),
               "https://docs.pypi.org/attestations/publish/v1");
    CHECK_CODE(countermark_verify_bundles(verifier, artifact, bundles, policy, NULL, NULL, NULL), COUNTERMARK_VERIFIED);
    countermark_bundle_policy_free(policy);
}

static void bundles_come_in_several_forms(void)
{
    size_t length;
    countermark_bundles *bundles;
    countermark_bundle *one;
    countermark_code code;
    char *json = around("", ATTESTATION, "", &length);
    CHECK_CODE(countermark_bundle_from_pep740(json, length, &one, NULL), COUNTERMARK_DONE);
    countermark_bundle_free(one);
    CHECK_CODE(countermark_bundle_from_json(json, length, &one, NULL), COUNTERMARK_MALFORMED_BUNDLE);
    CHECK(one == NULL);
    free(json);
    json = around("{\"version\":1,\"attestation_bundles\":[{\"publisher\":{\"kind\":\"Nobody\"},\"attestations\":[",
                  ATTESTATION, "]}]}", &length);
    code = countermark_bundles_from_pypi_provenance(json, length, &bundles, NULL);
    check_form(code, bundles);
    CHECK_TEXT(countermark_bundles_unverified_publisher(bundles, 0), "{\"kind\":\"Nobody\"}");
    CHECK(countermark_bundles_unverified_publisher(bundles, 1).data == NULL);
    countermark_bundles_free(bundles);
    code = countermark_bundles_from(json, length, &bundles, NULL);
    check_form(code, bundles);
    countermark_bundles_free(bundles);
    free(json);
    json = around("{\"attestations\":[{\"predicateType\":\"https://docs.pypi.org/attestations/publish/v1\",\"bundle\":",
                  BUNDLE, "}]}", &length);
    code = countermark_bundles_from_npm(json, length, &bundles, NULL);
    check_form(code, bundles);
    CHECK(countermark_bundles_unverified_publisher(bundles, 0).data == NULL);
    countermark_bundles_free(bundles);
    free(json);
    json = around("\n", BUNDLE, "\n\n", &length);
    code = countermark_bundles_from_json_lines(json, length, &bundles, NULL);
    check_form(code, bundles);
    countermark_bundles_free(bundles);
    free(json);

    /* One bad line fails the strict reader; the other tells which it is, and reads on. */
    countermark_faults *faults;
    countermark_rejection *why;
    json = around("{}\n", BUNDLE, "\n[]\n", &length);
    CHECK_CODE(countermark_bundles_from_json_lines(json, length, &bundles, &why), COUNTERMARK_MALFORMED_BUNDLE);
    size_t index = 9;
    CHECK(bundles == NULL && countermark_rejection_entry(why, &index) && index == 0);
    CHECK(strstr(countermark_rejection_json(why).data, "\"malformed_bundle\"") != NULL);
    countermark_rejection_free(why);
    CHECK_CODE(countermark_bundles_read_json_lines(json, length, &bundles, &faults, NULL), COUNTERMARK_DONE);
    CHECK(countermark_bundles_count(bundles) == 1 && countermark_faults_count(faults) == 2);
    CHECK(countermark_rejection_entry(countermark_faults_get(faults, 1), &index) && index == 2);
    countermark_faults_free(faults);
    countermark_bundles_free(bundles);
    free(json);

    /* None at all, and none that passes. */
    countermark_bundle_policy *policy = new_policy(COUNTERMARK_SIGNER_BY_CLAIMS);
    countermark_bundle_policy_require(policy, TEXT("certificate_identity"), TEXT("somebody"));
    CHECK_CODE(countermark_bundles_from_json_lines("", 0, &bundles, NULL), COUNTERMARK_DONE);
    CHECK_CODE(countermark_verify_bundles(verifier, artifact, bundles, policy, NULL, NULL, NULL),
               COUNTERMARK_NO_SIGNATURE);
    countermark_bundles_free(bundles);
    json = around("", BUNDLE, "\n", &length);
    char *twice = malloc(2 * length);
    CHECK(twice != NULL);
    memcpy(twice, json, length);
    memcpy(twice + length, json, length);
    CHECK_CODE(countermark_bundles_from(twice, 2 * length, &bundles, NULL), COUNTERMARK_DONE);
    CHECK(countermark_bundles_count(bundles) == 2);
    CHECK_CODE(countermark_verify_bundles(verifier, artifact, bundles, policy, NULL, NULL, &why),
               COUNTERMARK_CLAIMS_MISMATCH);
    CHECK(countermark_rejection_other_count(why) == 1);
    countermark_rejection_free(why);
    countermark_bundles_free(bundles);
    countermark_bundle_policy_free(policy);
    free(twice);
    free(json);
}

static void cosign_has_older_forms(void)
{
    size_t length;
    char *key = read_file(testdata, KEY, &length);
    countermark_bundle *made;
    countermark_cosign_parts parts = {{NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}};
    CHECK_CODE(countermark_bundle_from_cosign_parts(&parts, &made, NULL), COUNTERMARK_INVALID_ARGUMENT);
    parts.signature.data = "TUVV";
    parts.signature.length = 4;
    CHECK_CODE(countermark_bundle_from_cosign_parts(&parts, &made, NULL), COUNTERMARK_DONE);
    CHECK(countermark_bundle_key_hint(made).length == 0 && countermark_bundle_key_hint(made).data != NULL);
    CHECK(countermark_bundle_unverified_predicate_type(made).data == NULL);
    countermark_bundle_free(made);
    parts.certificate.data = "no PEM";
    parts.certificate.length = 6;
    CHECK_CODE(countermark_bundle_from_cosign_parts(&parts, &made, NULL), COUNTERMARK_MALFORMED_BUNDLE);
    parts.certificate.data = key;
    parts.certificate.length = length;
    CHECK_CODE(countermark_bundle_from_cosign_parts(&parts, &made, NULL), COUNTERMARK_DONE);
    countermark_bundle_free(made);
    parts.envelope = parts.signature;
    CHECK_CODE(countermark_bundle_from_cosign_parts(&parts, &made, NULL), COUNTERMARK_INVALID_ARGUMENT);
    parts.envelope.data = NULL;
    CHECK_CODE(countermark_bundle_from_cosign_parts(&parts, &made, NULL), COUNTERMARK_INVALID_ARGUMENT);
    CHECK(made == NULL);
    CHECK_CODE(countermark_bundle_from_cosign(TEXT("{\"base64Signature\":\"TUVV\"}"), &made, NULL), COUNTERMARK_DONE);
    countermark_bundle_free(made);
    free(key);

    countermark_simple_signing *image;
    CHECK_CODE(countermark_simple_signing_from_json(
                   TEXT("{\"critical\":{\"identity\":{\"docker-reference\":\"registry/image\"},\"image\":{"
                        "\"docker-manifest-digest\":"
                        "\"sha256:9bb1add04b1b4e182be6b0b80931593f7a291eb49d69b4fd728a5d4cbcdc4bd3\"},"
                        "\"type\":\"cosign container image signature\"},\"optional\":null}"),
                   &image, NULL),
               COUNTERMARK_DONE);
    CHECK_TEXT(countermark_simple_signing_image_digest(image),
               "sha256:9bb1add04b1b4e182be6b0b80931593f7a291eb49d69b4fd728a5d4cbcdc4bd3");
    CHECK_TEXT(countermark_simple_signing_docker_reference(image), "registry/image");
    countermark_simple_signing_free(image);
}

static void many_requests_do_not_end_each_other(void)
{
    size_t length;
    char *json = around("", BUNDLE, "", &length);
    countermark_bundles *bundles;
    CHECK_CODE(countermark_bundles_from(json, length, &bundles, NULL), COUNTERMARK_DONE);
    free(json);
    countermark_bundle_policy *policy = policy_of_identity(), *faulty = policy_of_identity();
    countermark_bundle_policy_block(faulty, TEXT("nothing"));
    countermark_artifact *other = artifact_of(BY_KEY_ARTIFACT);
    const countermark_bundle_request requests[] = {
        {NULL, bundles, policy},    {artifact, bundles, policy}, {artifact, NULL, policy},   {artifact, bundles, NULL},
        {artifact, bundles, faulty}, {other, bundles, policy},   {artifact, bundles, policy},
    };
    static const uint32_t expected[] = {
        COUNTERMARK_INVALID_ARGUMENT, COUNTERMARK_VERIFIED,          COUNTERMARK_INVALID_ARGUMENT,
        COUNTERMARK_INVALID_ARGUMENT, COUNTERMARK_MALFORMED_POLICY, COUNTERMARK_ARTIFACT_MISMATCH,
        COUNTERMARK_VERIFIED,
    };
    countermark_results *results;
    CHECK_CODE(countermark_verify_many_bundles(verifier, requests, 7, NULL, &results, NULL), COUNTERMARK_DONE);
    countermark_artifact_free(other);
    countermark_bundle_policy_free(faulty);
    countermark_bundle_policy_free(policy);
    countermark_bundles_free(bundles);
    CHECK(countermark_results_count(results) == 7);
    for (size_t at = 0; at < 7; at++) {
        CHECK_CODE(countermark_results_code(results, at), expected[at]);
        const countermark_verified *verified = countermark_results_verified(results, at);
        CHECK((verified != NULL) == (expected[at] == COUNTERMARK_VERIFIED));
        CHECK((countermark_results_rejection(results, at) == NULL) == (verified != NULL));
        CHECK(verified == NULL || countermark_verified_subject_count(verified) == 1);
    }
    CHECK(strstr(countermark_rejection_detail(countermark_results_rejection(results, 2)).data, "requests[2].bundles") !=
          NULL);
    countermark_results_free(results);
    CHECK_CODE(countermark_verify_many_bundles(verifier, NULL, 0, NULL, &results, NULL), COUNTERMARK_DONE);
    CHECK(countermark_results_count(results) == 0);
    countermark_results_free(results);
}

/* A private record whose signed timestamp cannot be read: it adds nothing, which is enough unless more is asked. */
static void signed_timestamps_of_records(void)
{
    size_t length;
    char *text = read_file(testdata, "quickstart/root.pem", &length);
    countermark_verifier *of_records;
    CHECK_CODE(countermark_verifier_from_pem(text, length, &of_records, NULL), COUNTERMARK_DONE);
    free(text);
    countermark_policy *policy;
    text = read_file(testdata, "quickstart/policy.json", &length);
    CHECK_CODE(countermark_policy_from_json(text, length, &policy, NULL), COUNTERMARK_DONE);
    free(text);
    countermark_entries *log, *entries;
    text = read_file(testdata, "quickstart/log.json", &length);
    CHECK_CODE(countermark_entries_from_json(text, length, &log, NULL), COUNTERMARK_DONE);
    free(text);
    countermark_verified *verified;
    CHECK_CODE(countermark_verify(of_records, TEXT(NAME), log, policy, NULL, &verified, NULL), COUNTERMARK_VERIFIED);
    CHECK(countermark_verified_instance(verified).data == NULL && countermark_verified_signed_time_count(verified) == 0);
    CHECK(countermark_verified_predicate_type(verified).data == NULL);

    countermark_entry *entry;
    countermark_timestamp timestamp;
    CHECK_CODE(countermark_entry_new(&entry, NULL), COUNTERMARK_DONE);
    countermark_entry_set_namespace(entry, TEXT(NAMESPACE));
    countermark_entry_set_artifact_name(entry, TEXT(NAME));
    countermark_bytes bytes = countermark_verified_signature(verified);
    countermark_entry_set_signature(entry, bytes.data, bytes.length);
    bytes = countermark_verified_leaf(verified);
    countermark_entry_add_certificate(entry, bytes.data, bytes.length);
    for (size_t at = 0; at < countermark_verified_path_count(verified); at++) {
        bytes = countermark_verified_path_certificate(verified, at);
        countermark_entry_add_certificate(entry, bytes.data, bytes.length);
    }
    CHECK(countermark_verified_timestamp(verified, &timestamp));
    countermark_entry_set_timestamp_unix(entry, timestamp.seconds, timestamp.nanoseconds);
    countermark_entry_set_revoked(entry, false);
    text = read_file(testdata, "timestamps/openssl.tsr", &length);
    CHECK_CODE(countermark_entry_add_signed_timestamp(entry, (const uint8_t *)text, length), COUNTERMARK_DONE);
    CHECK_CODE(countermark_entry_add_signed_timestamp(entry, (const uint8_t *)"no token", 8), COUNTERMARK_DONE);
    free(text);
    CHECK_CODE(countermark_entries_new(&entries, NULL), COUNTERMARK_DONE);
    CHECK_CODE(countermark_entries_add(entries, entry, NULL), COUNTERMARK_DONE);
    countermark_entry_free(entry);
    countermark_verified_free(verified);

    CHECK_CODE(countermark_verify(of_records, TEXT(NAME), entries, policy, NULL, &verified, NULL),
               COUNTERMARK_VERIFIED);
    CHECK_TEXT(countermark_verified_time_voucher(verified), "recorded");
    countermark_verified_free(verified);
    countermark_report *report;
    CHECK_CODE(countermark_examine(of_records, TEXT(NAME), entries, policy, NULL, &report, NULL), COUNTERMARK_DONE);
    CHECK(countermark_report_timestamp_count(report) == 2);
    for (size_t at = 0; at < 2; at++) {
        CHECK(countermark_report_timestamp_fault(report, at).length > 0);
        CHECK(countermark_report_timestamp_authority(report, at).data == NULL);
    }
    CHECK(countermark_report_timestamp_time(report, 0, &timestamp) && timestamp.seconds > 1600000000);
    CHECK(!countermark_report_timestamp_time(report, 1, &timestamp));
    CHECK(countermark_report_timestamp_fault(report, 2).data == NULL);
    countermark_report_free(report);

    CHECK_CODE(countermark_policy_set_time_voucher(policy, COUNTERMARK_TIME_VOUCHER_TIMESTAMP_AUTHORITY),
               COUNTERMARK_DONE);
    CHECK_CODE(countermark_verify(of_records, TEXT(NAME), entries, policy, NULL, NULL, NULL),
               COUNTERMARK_UNVOUCHED_TIME);
    CHECK_CODE(countermark_policy_set_time_voucher(policy, COUNTERMARK_TIME_VOUCHER_RECORDED), COUNTERMARK_DONE);
    CHECK_CODE(countermark_verify(of_records, TEXT(NAME), entries, policy, NULL, NULL, NULL), COUNTERMARK_VERIFIED);
    CHECK_CODE(countermark_policy_set_time_voucher(policy, 0), COUNTERMARK_INVALID_ARGUMENT);
    CHECK_CODE(countermark_verify(of_records, TEXT(NAME), entries, policy, NULL, NULL, NULL),
               COUNTERMARK_INVALID_ARGUMENT);

    /* It judges no bundles for which it trusts nobody's logs, and a root's verifier no records. */
    countermark_bundle_policy *of_bundles = policy_of_identity();
    CHECK(verdict(of_records, of_bundles) != COUNTERMARK_VERIFIED);
    countermark_bundle_policy_free(of_bundles);
    countermark_policy_free(policy);
    text = read_file(testdata, "quickstart/policy.json", &length);
    CHECK_CODE(countermark_policy_from_json(text, length, &policy, NULL), COUNTERMARK_DONE);
    free(text);
    CHECK_CODE(countermark_verify(verifier, TEXT(NAME), log, policy, NULL, NULL, NULL), COUNTERMARK_UNKNOWN_CA);
    countermark_policy_free(policy);
    countermark_entries_free(entries);
    countermark_entries_free(log);
    countermark_verifier_free(of_records);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    testdata = argv[1];
    countermark_trusted_root *root = root_of(PUBLIC_GOOD);
    CHECK_CODE(countermark_verifier_from_trusted_root(root, &verifier, NULL), COUNTERMARK_DONE);
    countermark_trusted_root_free(root);
    bundle = bundle_of(BUNDLE);
    artifact = artifact_of(ARTIFACT);
    a_result_owns_what_it_tells();
    the_callers_time_counts();
    several_roots_are_instances();
    own_anchors_logs_and_timestamp_authorities();
    policies_are_made_field_by_field();
    a_failed_demand_is_remembered();
    policies_that_are_ready_made();
    keys_sign_without_certificates();
    artifacts_are_given_otherwise();
    bundles_come_in_several_forms();
    cosign_has_older_forms();
    many_requests_do_not_end_each_other();
    signed_timestamps_of_records();
    countermark_artifact_free(artifact);
    countermark_bundle_free(bundle);
    countermark_verifier_free(verifier);
    return 0;
}

/* Every function is called with NULLs and zero lengths: never a crash, never a success. */

#include "support.h"

#define REFUSED(call) CHECK_CODE(call, COUNTERMARK_INVALID_ARGUMENT)

static void everything_null(void)
{
    CHECK(countermark_code_name(0).data == NULL);
    CHECK(countermark_code_check(0).data == NULL);
    CHECK(countermark_code_cause(0).data == NULL);
    CHECK(countermark_code_remedy(0).data == NULL);
    REFUSED(countermark_timestamp_from_text(NULL, 0, NULL, NULL));
    REFUSED(countermark_verifier_from_pem(NULL, 0, NULL, NULL));
    countermark_verifier_free(NULL);
    REFUSED(countermark_verifier_builder_new(NULL, 0, NULL, NULL));
    REFUSED(countermark_verifier_builder_new_accepting(NULL, 0, NULL, 0, NULL, NULL));
    REFUSED(countermark_verifier_builder_add_intermediates(NULL, NULL, 0));
    REFUSED(countermark_verifier_builder_distrust(NULL, NULL, 0));
    REFUSED(countermark_verifier_builder_accept_algorithms(NULL, NULL, 0));
    REFUSED(countermark_verifier_builder_set_now_leeway_seconds(NULL, 0));
    REFUSED(countermark_verifier_builder_build(NULL, NULL, NULL));
    countermark_verifier_builder_free(NULL);
    REFUSED(countermark_policy_from_json(NULL, 0, NULL, NULL));
    REFUSED(countermark_policy_new(NULL, 0, NULL, 0, NULL, NULL));
    REFUSED(countermark_policy_require(NULL, NULL, 0, NULL, 0));
    REFUSED(countermark_policy_require_any_of(NULL, NULL, 0, NULL, 0));
    REFUSED(countermark_policy_require_glob(NULL, NULL, 0, NULL, 0));
    REFUSED(countermark_policy_set_max_certificate_lifetime_seconds(NULL, 0));
    REFUSED(countermark_policy_set_revocation_scope(NULL, 0));
    REFUSED(countermark_policy_block(NULL, NULL, 0));
    CHECK(countermark_policy_fault(NULL) == NULL);
    countermark_policy_free(NULL);
    REFUSED(countermark_entry_new(NULL, NULL));
    REFUSED(countermark_entry_set_namespace(NULL, NULL, 0));
    REFUSED(countermark_entry_set_artifact_name(NULL, NULL, 0));
    REFUSED(countermark_entry_set_signature(NULL, NULL, 0));
    REFUSED(countermark_entry_add_certificate(NULL, NULL, 0));
    REFUSED(countermark_entry_add_certificates_pem(NULL, NULL, 0));
    REFUSED(countermark_entry_set_timestamp(NULL, NULL, 0));
    REFUSED(countermark_entry_set_timestamp_unix(NULL, 0, 0));
    REFUSED(countermark_entry_add_provenance(NULL, NULL, 0, NULL, 0));
    REFUSED(countermark_entry_set_revoked(NULL, false));
    REFUSED(countermark_entry_set_blocklisted(NULL, false));
    countermark_entry_free(NULL);
    REFUSED(countermark_entries_new(NULL, NULL));
    REFUSED(countermark_entries_from_json(NULL, 0, NULL, NULL));
    REFUSED(countermark_entries_read_json(NULL, 0, NULL, NULL, NULL));
    REFUSED(countermark_entries_from_endor_labs(NULL, 0, 0, NULL, NULL));
    REFUSED(countermark_entries_read_endor_labs(NULL, 0, 0, NULL, NULL, NULL));
    REFUSED(countermark_entries_add(NULL, NULL, NULL));
    REFUSED(countermark_entries_add_json(NULL, NULL, 0, NULL));
    CHECK(countermark_entries_count(NULL) == 0);
    CHECK(countermark_entries_fault(NULL) == NULL);
    REFUSED(countermark_entries_leave_out_faults(NULL));
    countermark_entries_free(NULL);
    CHECK(countermark_faults_count(NULL) == 0);
    CHECK(countermark_faults_get(NULL, 0) == NULL);
    countermark_faults_free(NULL);
    REFUSED(countermark_verify(NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL));
    REFUSED(countermark_examine(NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL));
    CHECK(countermark_verified_artifact_name(NULL).data == NULL);
    CHECK(countermark_verified_namespace(NULL).data == NULL);
    CHECK(!countermark_verified_entry(NULL, NULL));
    CHECK(countermark_verified_claim(NULL, NULL, 0).data == NULL);
    CHECK(countermark_verified_claim_count(NULL) == 0);
    CHECK(countermark_verified_claim_name(NULL, 0).data == NULL);
    CHECK(countermark_verified_claim_value(NULL, 0).data == NULL);
    CHECK(!countermark_verified_timestamp(NULL, NULL));
    CHECK(countermark_verified_timestamp_text(NULL).data == NULL);
    CHECK(countermark_verified_time_voucher(NULL).data == NULL);
    CHECK(!countermark_verified_validity(NULL, NULL, NULL));
    CHECK(countermark_verified_signature(NULL).data == NULL);
    CHECK(countermark_verified_leaf(NULL).data == NULL);
    CHECK(countermark_verified_path_count(NULL) == 0);
    CHECK(countermark_verified_path_certificate(NULL, 0).data == NULL);
    CHECK(countermark_verified_path_sha256(NULL, 0).data == NULL);
    CHECK(countermark_verified_path_subject(NULL, 0).data == NULL);
    CHECK(countermark_verified_path_origin(NULL, 0).data == NULL);
    CHECK(countermark_verified_warning_count(NULL) == 0);
    CHECK(countermark_verified_warning_name(NULL, 0).data == NULL);
    CHECK(countermark_verified_warning_text(NULL, 0).data == NULL);
    CHECK(countermark_verified_text(NULL).data == NULL);
    CHECK(countermark_verified_json(NULL).data == NULL);
    countermark_verified_free(NULL);
    REFUSED(countermark_rejection_code(NULL));
    CHECK(countermark_rejection_check(NULL).data == NULL);
    CHECK(countermark_rejection_detail(NULL).data == NULL);
    CHECK(countermark_rejection_remedy(NULL).data == NULL);
    CHECK(countermark_rejection_text(NULL).data == NULL);
    CHECK(countermark_rejection_json(NULL).data == NULL);
    CHECK(!countermark_rejection_entry(NULL, NULL));
    CHECK(countermark_rejection_other_count(NULL) == 0);
    CHECK(countermark_rejection_other(NULL, 0) == NULL);
    countermark_rejection_free(NULL);
    REFUSED(countermark_report_verdict(NULL));
    CHECK(!countermark_report_entry(NULL, NULL));
    CHECK(countermark_report_check_count(NULL) == 0);
    CHECK(countermark_report_check_name(NULL, 0).data == NULL);
    CHECK(countermark_report_check_outcome(NULL, 0).data == NULL);
    REFUSED(countermark_report_check_code(NULL, 0));
    CHECK(countermark_report_check_detail(NULL, 0).data == NULL);
    CHECK(countermark_report_other_count(NULL) == 0);
    CHECK(countermark_report_other(NULL, 0) == NULL);
    CHECK(countermark_report_warning_count(NULL) == 0);
    CHECK(countermark_report_warning_name(NULL, 0).data == NULL);
    CHECK(countermark_report_warning_text(NULL, 0).data == NULL);
    CHECK(countermark_report_text(NULL).data == NULL);
    CHECK(countermark_report_json(NULL).data == NULL);
    countermark_report_free(NULL);
    REFUSED(countermark_verify_many(NULL, NULL, 0, NULL, NULL, NULL));
    CHECK(countermark_results_count(NULL) == 0);
    REFUSED(countermark_results_code(NULL, 0));
    CHECK(countermark_results_verified(NULL, 0) == NULL);
    CHECK(countermark_results_rejection(NULL, 0) == NULL);
    countermark_results_free(NULL);
    REFUSED(countermark_message_signature_new(NULL, 0, NULL, NULL));
    REFUSED(countermark_message_signature_add_certificate(NULL, NULL, 0));
    REFUSED(countermark_message_signature_add_certificates_pem(NULL, NULL, 0));
    REFUSED(countermark_message_signature_set_timestamp(NULL, NULL, 0));
    REFUSED(countermark_message_signature_set_timestamp_unix(NULL, 0, 0));
    countermark_message_signature_free(NULL);
    REFUSED(countermark_verify_message(NULL, NULL, 0, NULL, NULL, 0, NULL, NULL, NULL));
    REFUSED(countermark_verify_message_sha256(NULL, NULL, 0, NULL, NULL, 0, NULL, NULL, NULL));
    REFUSED(countermark_verifier_builder_add_timestamp_authority(NULL, NULL, 0, NULL, NULL));
    REFUSED(countermark_policy_set_time_voucher(NULL, 0));
    REFUSED(countermark_entry_add_signed_timestamp(NULL, NULL, 0));
    CHECK(countermark_verified_signed_time_count(NULL) == 0);
    CHECK(!countermark_verified_signed_time(NULL, 0, NULL));
    CHECK(countermark_verified_signed_time_voucher(NULL, 0).data == NULL);
    CHECK(countermark_verified_signed_time_authority(NULL, 0).data == NULL);
    CHECK(countermark_report_timestamp_count(NULL) == 0);
    CHECK(countermark_report_timestamp_authority(NULL, 0).data == NULL);
    CHECK(!countermark_report_timestamp_time(NULL, 0, NULL));
    CHECK(countermark_report_timestamp_fault(NULL, 0).data == NULL);
    REFUSED(countermark_trusted_root_from_json(NULL, 0, NULL, NULL));
    CHECK(countermark_trusted_root_text(NULL).data == NULL);
    countermark_trusted_root_free(NULL);
    REFUSED(countermark_trusted_roots_from_json_lines(NULL, 0, NULL, NULL));
    CHECK(countermark_trusted_roots_count(NULL) == 0);
    CHECK(countermark_trusted_roots_get(NULL, 0) == NULL);
    countermark_trusted_roots_free(NULL);
    REFUSED(countermark_verifier_from_trusted_root(NULL, NULL, NULL));
    REFUSED(countermark_verifier_builder_new_without_anchors(NULL, NULL));
    REFUSED(countermark_verifier_builder_add_trusted_root(NULL, NULL, 0, NULL));
    REFUSED(countermark_verifier_builder_add_log(NULL, 0, NULL, 0, NULL, 0, NULL, NULL, NULL, 0));
    REFUSED(countermark_bundle_policy_from_json(NULL, 0, NULL, NULL));
    REFUSED(countermark_bundle_policy_new(NULL, 0, 0, NULL, NULL));
    REFUSED(countermark_bundle_policy_new_without_issuer(0, NULL, NULL));
    REFUSED(countermark_bundle_policy_for_sigstore(NULL, 0, NULL, 0, NULL, NULL));
    REFUSED(countermark_bundle_policy_for_github(NULL, 0, NULL, NULL));
    REFUSED(countermark_bundle_policy_for_github_enterprise(NULL, 0, NULL, 0, NULL, NULL));
    REFUSED(countermark_bundle_policy_for_github_release(NULL, 0, NULL, NULL));
    REFUSED(countermark_bundle_policy_for_pypi_github(NULL, 0, NULL, 0, NULL, 0, NULL, NULL));
    REFUSED(countermark_bundle_policy_for_pypi_gitlab(NULL, 0, NULL, 0, NULL, 0, NULL, NULL));
    REFUSED(countermark_bundle_policy_for_pypi_google(NULL, 0, NULL, 0, NULL, NULL));
    REFUSED(countermark_bundle_policy_for_pypi_circleci(NULL, 0, NULL, 0, NULL, 0, NULL, NULL));
    REFUSED(countermark_bundle_policy_require(NULL, NULL, 0, NULL, 0));
    REFUSED(countermark_bundle_policy_require_any_of(NULL, NULL, 0, NULL, 0));
    REFUSED(countermark_bundle_policy_require_glob(NULL, NULL, 0, NULL, 0));
    REFUSED(countermark_bundle_policy_set_max_certificate_lifetime_seconds(NULL, 0));
    REFUSED(countermark_bundle_policy_set_certificate_timestamps(NULL, 0));
    REFUSED(countermark_bundle_policy_set_pypi_distribution(NULL, NULL, 0));
    REFUSED(countermark_bundle_policy_set_instance(NULL, NULL, 0));
    REFUSED(countermark_bundle_policy_set_log_entries(NULL, 0));
    REFUSED(countermark_bundle_policy_set_signed_times(NULL, 0));
    REFUSED(countermark_bundle_policy_set_predicate_type(NULL, NULL, 0));
    REFUSED(countermark_bundle_policy_set_subject_name(NULL, NULL, 0));
    REFUSED(countermark_bundle_policy_ignore_unknown_authorities(NULL));
    REFUSED(countermark_bundle_policy_block(NULL, NULL, 0));
    CHECK(countermark_bundle_policy_fault(NULL) == NULL);
    countermark_bundle_policy_free(NULL);
    REFUSED(countermark_key_policy_new(NULL, 0, NULL, NULL));
    REFUSED(countermark_key_policy_from_json(NULL, 0, NULL, NULL));
    REFUSED(countermark_key_policy_from_npm_keys(NULL, 0, NULL, NULL));
    REFUSED(countermark_bundle_from_json(NULL, 0, NULL, NULL));
    REFUSED(countermark_bundle_from_pep740(NULL, 0, NULL, NULL));
    CHECK(countermark_bundle_certificate(NULL).data == NULL);
    CHECK(countermark_bundle_key_hint(NULL).data == NULL);
    CHECK(countermark_bundle_unverified_predicate_type(NULL).data == NULL);
    countermark_bundle_free(NULL);
    REFUSED(countermark_bundles_from(NULL, 0, NULL, NULL));
    REFUSED(countermark_bundles_from_json_lines(NULL, 0, NULL, NULL));
    REFUSED(countermark_bundles_read_json_lines(NULL, 0, NULL, NULL, NULL));
    REFUSED(countermark_bundles_from_npm(NULL, 0, NULL, NULL));
    REFUSED(countermark_bundles_from_pypi_provenance(NULL, 0, NULL, NULL));
    CHECK(countermark_bundles_count(NULL) == 0);
    CHECK(countermark_bundles_get(NULL, 0) == NULL);
    CHECK(countermark_bundles_unverified_publisher(NULL, 0).data == NULL);
    countermark_bundles_free(NULL);
    REFUSED(countermark_bundle_from_cosign(NULL, 0, NULL, NULL));
    REFUSED(countermark_bundle_from_cosign_parts(NULL, NULL, NULL));
    REFUSED(countermark_simple_signing_from_json(NULL, 0, NULL, NULL));
    CHECK(countermark_simple_signing_image_digest(NULL).data == NULL);
    CHECK(countermark_simple_signing_docker_reference(NULL).data == NULL);
    countermark_simple_signing_free(NULL);
    REFUSED(countermark_artifact_from_bytes(NULL, 0, NULL, NULL));
    REFUSED(countermark_artifact_from_digests(NULL, 0, NULL, NULL));
    REFUSED(countermark_artifact_from_name(NULL, 0, NULL, NULL));
    countermark_artifact_free(NULL);
    REFUSED(countermark_artifact_digester_new(NULL, 0, NULL, NULL));
    REFUSED(countermark_artifact_digester_update(NULL, NULL, 0));
    REFUSED(countermark_artifact_digester_finish(NULL, NULL, NULL));
    countermark_artifact_digester_free(NULL);
    REFUSED(countermark_verify_bundle(NULL, NULL, NULL, NULL, NULL, NULL, NULL));
    REFUSED(countermark_examine_bundle(NULL, NULL, NULL, NULL, NULL, NULL, NULL));
    REFUSED(countermark_verify_envelope(NULL, NULL, NULL, NULL, NULL, NULL));
    REFUSED(countermark_verify_bundles(NULL, NULL, NULL, NULL, NULL, NULL, NULL));
    REFUSED(countermark_verify_many_bundles(NULL, NULL, 0, NULL, NULL, NULL));
    CHECK(countermark_verified_instance(NULL).data == NULL);
    CHECK(countermark_verified_key_name(NULL).data == NULL);
    CHECK(countermark_verified_log_entry_count(NULL) == 0);
    CHECK(countermark_verified_log_entry_log(NULL, 0).data == NULL);
    CHECK(!countermark_verified_log_entry_index(NULL, 0, NULL));
    CHECK(!countermark_verified_log_entry_tree_size(NULL, 0, NULL));
    CHECK(countermark_verified_certificate_timestamp_count(NULL) == 0);
    CHECK(countermark_verified_certificate_timestamp_log(NULL, 0).data == NULL);
    CHECK(!countermark_verified_certificate_timestamp_time(NULL, 0, NULL));
    CHECK(countermark_verified_predicate_type(NULL).data == NULL);
    CHECK(countermark_verified_predicate_json(NULL).data == NULL);
    CHECK(countermark_verified_subject_count(NULL) == 0);
    CHECK(countermark_verified_subject_name(NULL, 0).data == NULL);
    CHECK(countermark_verified_subject_uri(NULL, 0).data == NULL);
    CHECK(countermark_verified_subject_digest(NULL, 0, 0).data == NULL);
    CHECK(countermark_verified_envelope_payload_type(NULL).data == NULL);
    CHECK(countermark_verified_envelope_payload(NULL).data == NULL);
    CHECK(countermark_verified_envelope_leaf(NULL).data == NULL);
    CHECK(countermark_verified_envelope_claim(NULL, NULL, 0).data == NULL);
    CHECK(countermark_verified_envelope_instance(NULL).data == NULL);
    CHECK(countermark_verified_envelope_key_name(NULL).data == NULL);
    CHECK(countermark_verified_envelope_json(NULL).data == NULL);
    countermark_verified_envelope_free(NULL);
    REFUSED(countermark_bundle_report_verdict(NULL));
    CHECK(countermark_bundle_report_rejection(NULL) == NULL);
    CHECK(countermark_bundle_report_text(NULL).data == NULL);
    CHECK(countermark_bundle_report_json(NULL).data == NULL);
    countermark_bundle_report_free(NULL);

    countermark_text absent = {NULL, 0};
    CHECK(!countermark_text_equals(absent, NULL, 0));
    CHECK(!countermark_text_equals(absent, NULL, 1));
    CHECK(countermark_version_number() == COUNTERMARK_VERSION_NUMBER);
    CHECK_TEXT(countermark_version(), COUNTERMARK_VERSION);
}

/* The rejection says which argument, and the other output is NULL whatever stood there. */
static void names_the_argument(countermark_code code, countermark_rejection *told, const void *output,
                               const char *argument)
{
    CHECK(code.number == COUNTERMARK_INVALID_ARGUMENT);
    CHECK(output == NULL);
    CHECK_CODE(countermark_rejection_code(told), COUNTERMARK_INVALID_ARGUMENT);
    CHECK_TEXT(countermark_rejection_check(told), "library");
    CHECK(strstr(countermark_rejection_detail(told).data, argument) != NULL);
    countermark_rejection_free(told);
}

/* A place that holds what is no handle, as an uninitialised variable may. */
#define POISON(place) ((place) = (void *)&(place))

static countermark_verifier *verifier;
static countermark_verifier_builder *builder;
static countermark_policy *policy;
static countermark_entry *entry;
static countermark_entries *entries;
static countermark_faults *faults;
static countermark_verified *verified;
static countermark_report *report;
static countermark_results *results;
static countermark_message_signature *signature;
static countermark_trusted_root *root;
static countermark_trusted_roots *roots;
static countermark_bundle_policy *bundle_policy;
static countermark_bundle *bundle;
static countermark_bundles *bundles;
static countermark_simple_signing *signed_image;
static countermark_artifact *artifact;
static countermark_artifact_digester *digester;
static countermark_bundle_report *bundle_report;
static countermark_verified_envelope *envelope;
static countermark_rejection *why;

/* The call fails, for want of this argument, and leaves NULL in its output and the reason in `why`. */
#define CLEARS(output, argument, call)                                                                  \
    do {                                                                                                \
        POISON(output);                                                                                 \
        POISON(why);                                                                                    \
        countermark_code clears_code = (call);                                                          \
        names_the_argument(clears_code, why, output, argument);                                         \
    } while (0)

/* The same for a call that has no output but the reason. */
#define TELLS(argument, call)                                                                           \
    do {                                                                                                \
        POISON(why);                                                                                    \
        countermark_code tells_code = (call);                                                           \
        names_the_argument(tells_code, why, NULL, argument);                                            \
    } while (0)

/* With a list and a record that exist, the other arguments are looked at; a success leaves NULL in `why`. */
static void outputs_of_records_are_cleared(void)
{
    POISON(entries);
    POISON(why);
    CHECK_CODE(countermark_entries_new(&entries, &why), COUNTERMARK_DONE);
    CHECK(why == NULL);
    POISON(entry);
    POISON(why);
    CHECK_CODE(countermark_entry_new(&entry, &why), COUNTERMARK_DONE);
    CHECK(why == NULL);
    TELLS("`entry`", countermark_entries_add(entries, NULL, &why));
    TELLS("`json`", countermark_entries_add_json(entries, NULL, 1, &why));
    CHECK_CODE(countermark_entries_leave_out_faults(entries), COUNTERMARK_DONE);
    POISON(why);
    CHECK_CODE(countermark_entries_add_json(entries, NULL, 0, &why), COUNTERMARK_DONE);
    CHECK(why == NULL);
    countermark_entry_free(entry);
    countermark_entries_free(entries);
}

static void outputs_of_bundles_are_cleared(void)
{
    CLEARS(root, "`json`", countermark_trusted_root_from_json(NULL, 1, &root, &why));
    TELLS("`root`", countermark_trusted_root_from_json(NULL, 1, NULL, &why));
    CLEARS(roots, "`json`", countermark_trusted_roots_from_json_lines(NULL, 1, &roots, &why));
    TELLS("`roots`", countermark_trusted_roots_from_json_lines(NULL, 1, NULL, &why));
    CLEARS(verifier, "`root`", countermark_verifier_from_trusted_root(NULL, &verifier, &why));
    TELLS("`verifier`", countermark_verifier_from_trusted_root(NULL, NULL, &why));
    TELLS("`builder`", countermark_verifier_builder_new_without_anchors(NULL, &why));
    CLEARS(bundle_policy, "`json`", countermark_bundle_policy_from_json(NULL, 1, &bundle_policy, &why));
    TELLS("`policy`", countermark_bundle_policy_from_json(NULL, 1, NULL, &why));
    CLEARS(bundle_policy, "`signer`", countermark_bundle_policy_new(NULL, 0, 0, &bundle_policy, &why));
    TELLS("`policy`", countermark_bundle_policy_new(NULL, 0, 0, NULL, &why));
    CLEARS(bundle_policy, "`signer`", countermark_bundle_policy_new_without_issuer(0, &bundle_policy, &why));
    TELLS("`policy`", countermark_bundle_policy_new_without_issuer(0, NULL, &why));
    CLEARS(bundle_policy, "`identity`", countermark_bundle_policy_for_sigstore(NULL, 1, NULL, 0, &bundle_policy, &why));
    TELLS("`policy`", countermark_bundle_policy_for_sigstore(NULL, 1, NULL, 0, NULL, &why));
    CLEARS(bundle_policy, "`repository`", countermark_bundle_policy_for_github(NULL, 1, &bundle_policy, &why));
    TELLS("`policy`", countermark_bundle_policy_for_github(NULL, 1, NULL, &why));
    CLEARS(bundle_policy, "`enterprise`",
           countermark_bundle_policy_for_github_enterprise(NULL, 1, NULL, 0, &bundle_policy, &why));
    TELLS("`policy`", countermark_bundle_policy_for_github_enterprise(NULL, 1, NULL, 0, NULL, &why));
    CLEARS(bundle_policy, "`repository`", countermark_bundle_policy_for_github_release(NULL, 1, &bundle_policy, &why));
    TELLS("`policy`", countermark_bundle_policy_for_github_release(NULL, 1, NULL, &why));
    CLEARS(bundle_policy, "`repository`",
           countermark_bundle_policy_for_pypi_github(NULL, 1, NULL, 0, NULL, 0, &bundle_policy, &why));
    TELLS("`policy`", countermark_bundle_policy_for_pypi_github(NULL, 1, NULL, 0, NULL, 0, NULL, &why));
    CLEARS(bundle_policy, "`repository`",
           countermark_bundle_policy_for_pypi_gitlab(NULL, 1, NULL, 0, NULL, 0, &bundle_policy, &why));
    TELLS("`policy`", countermark_bundle_policy_for_pypi_gitlab(NULL, 1, NULL, 0, NULL, 0, NULL, &why));
    CLEARS(bundle_policy, "`email`", countermark_bundle_policy_for_pypi_google(NULL, 1, NULL, 0, &bundle_policy, &why));
    TELLS("`policy`", countermark_bundle_policy_for_pypi_google(NULL, 1, NULL, 0, NULL, &why));
    CLEARS(bundle_policy, "`project_id`",
           countermark_bundle_policy_for_pypi_circleci(NULL, 1, NULL, 0, NULL, 0, &bundle_policy, &why));
    TELLS("`policy`", countermark_bundle_policy_for_pypi_circleci(NULL, 1, NULL, 0, NULL, 0, NULL, &why));
    CLEARS(bundle_policy, "`keys`", countermark_key_policy_new(NULL, 1, &bundle_policy, &why));
    TELLS("`policy`", countermark_key_policy_new(NULL, 1, NULL, &why));
    CLEARS(bundle_policy, "`json`", countermark_key_policy_from_json(NULL, 1, &bundle_policy, &why));
    TELLS("`policy`", countermark_key_policy_from_json(NULL, 1, NULL, &why));
    CLEARS(bundle_policy, "`json`", countermark_key_policy_from_npm_keys(NULL, 1, &bundle_policy, &why));
    TELLS("`policy`", countermark_key_policy_from_npm_keys(NULL, 1, NULL, &why));
    CLEARS(bundle, "`json`", countermark_bundle_from_json(NULL, 1, &bundle, &why));
    TELLS("`bundle`", countermark_bundle_from_json(NULL, 1, NULL, &why));
    CLEARS(bundle, "`json`", countermark_bundle_from_pep740(NULL, 1, &bundle, &why));
    TELLS("`bundle`", countermark_bundle_from_pep740(NULL, 1, NULL, &why));
    CLEARS(bundles, "`json`", countermark_bundles_from(NULL, 1, &bundles, &why));
    TELLS("`bundles`", countermark_bundles_from(NULL, 1, NULL, &why));
    CLEARS(bundles, "`json`", countermark_bundles_from_json_lines(NULL, 1, &bundles, &why));
    TELLS("`bundles`", countermark_bundles_from_json_lines(NULL, 1, NULL, &why));
    CLEARS(bundles, "`json`", countermark_bundles_read_json_lines(NULL, 1, &bundles, &faults, &why));
    TELLS("`bundles`", countermark_bundles_read_json_lines(NULL, 1, NULL, &faults, &why));
    CLEARS(bundles, "`json`", countermark_bundles_from_npm(NULL, 1, &bundles, &why));
    TELLS("`bundles`", countermark_bundles_from_npm(NULL, 1, NULL, &why));
    CLEARS(bundles, "`json`", countermark_bundles_from_pypi_provenance(NULL, 1, &bundles, &why));
    TELLS("`bundles`", countermark_bundles_from_pypi_provenance(NULL, 1, NULL, &why));
    CLEARS(bundle, "`json`", countermark_bundle_from_cosign(NULL, 1, &bundle, &why));
    TELLS("`bundle`", countermark_bundle_from_cosign(NULL, 1, NULL, &why));
    CLEARS(bundle, "`parts`", countermark_bundle_from_cosign_parts(NULL, &bundle, &why));
    TELLS("`bundle`", countermark_bundle_from_cosign_parts(NULL, NULL, &why));
    CLEARS(signed_image, "`json`", countermark_simple_signing_from_json(NULL, 1, &signed_image, &why));
    TELLS("`signed_image`", countermark_simple_signing_from_json(NULL, 1, NULL, &why));
    CLEARS(artifact, "`bytes`", countermark_artifact_from_bytes(NULL, 1, &artifact, &why));
    TELLS("`artifact`", countermark_artifact_from_bytes(NULL, 1, NULL, &why));
    CLEARS(artifact, "`digests`", countermark_artifact_from_digests(NULL, 1, &artifact, &why));
    TELLS("`artifact`", countermark_artifact_from_digests(NULL, 1, NULL, &why));
    CLEARS(artifact, "`artifact_name`", countermark_artifact_from_name(NULL, 1, &artifact, &why));
    TELLS("`artifact`", countermark_artifact_from_name(NULL, 1, NULL, &why));
    CLEARS(digester, "`algorithms`", countermark_artifact_digester_new(NULL, 1, &digester, &why));
    TELLS("`digester`", countermark_artifact_digester_new(NULL, 1, NULL, &why));
    CLEARS(artifact, "`digester`", countermark_artifact_digester_finish(NULL, &artifact, &why));
    TELLS("`artifact`", countermark_artifact_digester_finish(NULL, NULL, &why));
    CLEARS(verified, "`verifier`", countermark_verify_bundle(NULL, NULL, NULL, NULL, NULL, &verified, &why));
    TELLS("`verifier`", countermark_verify_bundle(NULL, NULL, NULL, NULL, NULL, NULL, &why));
    CLEARS(bundle_report, "`verifier`", countermark_examine_bundle(NULL, NULL, NULL, NULL, NULL, &bundle_report, &why));
    TELLS("`report`", countermark_examine_bundle(NULL, NULL, NULL, NULL, NULL, NULL, &why));
    CLEARS(envelope, "`verifier`", countermark_verify_envelope(NULL, NULL, NULL, NULL, &envelope, &why));
    TELLS("`verifier`", countermark_verify_envelope(NULL, NULL, NULL, NULL, NULL, &why));
    CLEARS(verified, "`verifier`", countermark_verify_bundles(NULL, NULL, NULL, NULL, NULL, &verified, &why));
    TELLS("`verifier`", countermark_verify_bundles(NULL, NULL, NULL, NULL, NULL, NULL, &why));
    CLEARS(results, "`verifier`", countermark_verify_many_bundles(NULL, NULL, 0, NULL, &results, &why));
    TELLS("`results`", countermark_verify_many_bundles(NULL, NULL, 0, NULL, NULL, &why));
    POISON(faults);
    CLEARS(bundles, "`json`", countermark_bundles_read_json_lines(NULL, 1, &bundles, &faults, &why));
    CHECK(faults == NULL);
    CLEARS(bundles, "`faults`", countermark_bundles_read_json_lines("", 0, &bundles, NULL, &why));
    CLEARS(faults, "`bundles`", countermark_bundles_read_json_lines("", 0, NULL, &faults, &why));
    POISON(builder);
    POISON(why);
    CHECK_CODE(countermark_verifier_builder_new_without_anchors(&builder, &why), COUNTERMARK_DONE);
    CHECK(why == NULL);
    countermark_verifier_builder_free(builder);
}

static void outputs_are_cleared(void)
{
    countermark_timestamp now;
    TELLS("`text`", countermark_timestamp_from_text(NULL, 1, &now, &why));
    TELLS("`timestamp`", countermark_timestamp_from_text(TEXT("2024-03-22T11:25:48Z"), NULL, &why));
    CLEARS(verifier, "`anchors_pem`", countermark_verifier_from_pem(NULL, 1, &verifier, &why));
    TELLS("`verifier`", countermark_verifier_from_pem(NULL, 1, NULL, &why));
    CLEARS(builder, "`anchors_pem`", countermark_verifier_builder_new(NULL, 1, &builder, &why));
    TELLS("`builder`", countermark_verifier_builder_new(NULL, 1, NULL, &why));
    CLEARS(builder, "`accepted`", countermark_verifier_builder_new_accepting(NULL, 1, NULL, 1, &builder, &why));
    CLEARS(builder, "`anchors_pem`", countermark_verifier_builder_new_accepting(NULL, 1, NULL, 0, &builder, &why));
    TELLS("`builder`", countermark_verifier_builder_new_accepting(NULL, 1, NULL, 1, NULL, &why));
    CLEARS(verifier, "`builder`", countermark_verifier_builder_build(NULL, &verifier, &why));
    TELLS("`verifier`", countermark_verifier_builder_build(NULL, NULL, &why));
    CLEARS(policy, "`json`", countermark_policy_from_json(NULL, 1, &policy, &why));
    CLEARS(policy, "`json`", countermark_policy_from_json("", (size_t)-1, &policy, &why));
    TELLS("`policy`", countermark_policy_from_json(NULL, 1, NULL, &why));
    CLEARS(policy, "`namespace_name`", countermark_policy_new(NULL, 1, TEXT(ISSUER), &policy, &why));
    CLEARS(policy, "`certificate_oidc_issuer`", countermark_policy_new(TEXT(NAMESPACE), NULL, 1, &policy, &why));
    TELLS("`policy`", countermark_policy_new(NULL, 1, NULL, 1, NULL, &why));
    TELLS("`entry`", countermark_entry_new(NULL, &why));
    TELLS("`entries`", countermark_entries_new(NULL, &why));
    CLEARS(entries, "`json`", countermark_entries_from_json(NULL, 1, &entries, &why));
    TELLS("`entries`", countermark_entries_from_json(NULL, 1, NULL, &why));
    POISON(faults);
    CLEARS(entries, "`json`", countermark_entries_read_json(NULL, 1, &entries, &faults, &why));
    CHECK(faults == NULL);
    CLEARS(entries, "`faults`", countermark_entries_read_json("", 0, &entries, NULL, &why));
    CLEARS(faults, "`entries`", countermark_entries_read_json("", 0, NULL, &faults, &why));
    CLEARS(entries, "`absent_revoked`", countermark_entries_from_endor_labs("{}", 2, 0, &entries, &why));
    CLEARS(entries, "`json`",
           countermark_entries_from_endor_labs(NULL, 1, COUNTERMARK_ABSENT_REVOKED_IS_MALFORMED, &entries, &why));
    TELLS("`entries`", countermark_entries_from_endor_labs(NULL, 1, 0, NULL, &why));
    POISON(faults);
    CLEARS(entries, "`absent_revoked`", countermark_entries_read_endor_labs("{}", 2, 0, &entries, &faults, &why));
    CHECK(faults == NULL);
    CLEARS(entries, "`faults`", countermark_entries_read_endor_labs("{}", 2, 0, &entries, NULL, &why));
    CLEARS(faults, "`entries`", countermark_entries_read_endor_labs("{}", 2, 0, NULL, &faults, &why));
    TELLS("`entries`", countermark_entries_add(NULL, NULL, &why));
    TELLS("`entries`", countermark_entries_add_json(NULL, "", 0, &why));
    CLEARS(verified, "`verifier`", countermark_verify(NULL, TEXT(NAME), NULL, NULL, NULL, &verified, &why));
    TELLS("`verifier`", countermark_verify(NULL, TEXT(NAME), NULL, NULL, NULL, NULL, &why));
    POISON(verified);
    CHECK_CODE(countermark_verify(NULL, TEXT(NAME), NULL, NULL, NULL, &verified, NULL), COUNTERMARK_INVALID_ARGUMENT);
    CHECK(verified == NULL);
    CLEARS(report, "`verifier`", countermark_examine(NULL, TEXT(NAME), NULL, NULL, NULL, &report, &why));
    TELLS("`report`", countermark_examine(NULL, TEXT(NAME), NULL, NULL, NULL, NULL, &why));
    CLEARS(results, "`verifier`", countermark_verify_many(NULL, NULL, 0, NULL, &results, &why));
    TELLS("`results`", countermark_verify_many(NULL, NULL, 0, NULL, NULL, &why));
    CLEARS(signature, "`signature_der`", countermark_message_signature_new(NULL, 1, &signature, &why));
    TELLS("`signature`", countermark_message_signature_new(NULL, 1, NULL, &why));
    CLEARS(verified, "`verifier`", countermark_verify_message(NULL, NULL, 0, NULL, NULL, 0, NULL, &verified, &why));
    CLEARS(verified, "`verifier`",
           countermark_verify_message_sha256(NULL, NULL, 0, NULL, NULL, 0, NULL, &verified, &why));
    outputs_of_records_are_cleared();
    outputs_of_bundles_are_cleared();
}

static void malformed(countermark_code code, countermark_rejection *told, const void *output, uint32_t expected)
{
    CHECK(code.number == expected);
    CHECK(output == NULL);
    CHECK_CODE(countermark_rejection_code(told), expected);
    CHECK_TEXT(countermark_rejection_check(told), "input");
    CHECK(countermark_rejection_detail(told).length > 0);
    countermark_rejection_free(told);
}

static void zero_lengths(void)
{
    countermark_code code;

    code = countermark_verifier_from_pem(NULL, 0, &verifier, &why);
    malformed(code, why, verifier, COUNTERMARK_MALFORMED_TRUST_ANCHOR);
    code = countermark_verifier_builder_new("", 0, &builder, &why);
    malformed(code, why, builder, COUNTERMARK_MALFORMED_TRUST_ANCHOR);
    code = countermark_policy_from_json(NULL, 0, &policy, &why);
    malformed(code, why, policy, COUNTERMARK_MALFORMED_POLICY);
    code = countermark_policy_new(NULL, 0, TEXT(ISSUER), &policy, &why);
    malformed(code, why, policy, COUNTERMARK_MALFORMED_POLICY);
    code = countermark_policy_new(TEXT(NAMESPACE), NULL, 0, &policy, &why);
    malformed(code, why, policy, COUNTERMARK_MALFORMED_POLICY);
    code = countermark_entries_from_endor_labs(NULL, 0, COUNTERMARK_ABSENT_REVOKED_IS_MALFORMED, &entries, &why);
    malformed(code, why, entries, COUNTERMARK_MALFORMED_ENTRY);
    code = countermark_entries_read_endor_labs(NULL, 0, COUNTERMARK_ABSENT_REVOKED_IS_MALFORMED, &entries,
                                               &faults, &why);
    malformed(code, why, entries, COUNTERMARK_MALFORMED_ENTRY);
    CHECK(faults == NULL);

    /* An empty text of JSON Lines has no records. */
    CHECK_CODE(countermark_entries_from_json(NULL, 0, &entries, &why), COUNTERMARK_DONE);
    CHECK(why == NULL && countermark_entries_count(entries) == 0);
    countermark_entries_free(entries);
    CHECK_CODE(countermark_entries_read_json(NULL, 0, &entries, &faults, NULL), COUNTERMARK_DONE);
    CHECK(countermark_entries_count(entries) == 0 && countermark_faults_count(faults) == 0);
    countermark_faults_free(faults);
    countermark_entries_free(entries);
}

/* What is no text, or another than was meant. */
static const struct hostile {
    const char *data;
    size_t length;
} hostile[] = {
    /* NULL with a length; lengths that are negative numbers, overflows, and larger than any object. */
    {NULL, 1},
    {NULL, (size_t)-1},
    {"x", (size_t)-1},
    {"x", SIZE_MAX / 2 + 1},
    /* UTF-16 of either order with its mark; a byte that is never UTF-8; a surrogate. */
    {TEXT("\xFF\xFE{\0}\0")},
    {TEXT("\xFE\xFF\0{\0}")},
    {TEXT("\xFF")},
    {TEXT("\xED\xA0\x80")},
    /* UTF-8 with a mark; UTF-16 without one; a zero byte; nothing. */
    {TEXT("\xEF\xBB\xBF{}")},
    {TEXT("{\0}\0")},
    {TEXT("a\0b")},
    {NULL, 0},
    {"x", 0},
};

enum { IMPOSSIBLE = 4, NOT_UTF8 = 8, HOSTILE = sizeof hostile / sizeof *hostile };

/* Each of the first `count` is refused with a reason: an impossible one as an argument, by its name; what is not UTF-8 by
 * its name too, unless it is JSON or a name that the reason quotes. */
static void refused(size_t at, countermark_code code, const countermark_rejection *told, const char *argument)
{
    countermark_text detail = countermark_rejection_detail(told);
    CHECK(code.number != COUNTERMARK_DONE && code.number != COUNTERMARK_VERIFIED);
    CHECK(countermark_rejection_code(told).number == code.number);
    CHECK((at < IMPOSSIBLE) == (code.number == COUNTERMARK_INVALID_ARGUMENT));
    CHECK(detail.length > 0);
    if (at < (strcmp(argument, "`json`") == 0 ? IMPOSSIBLE : NOT_UTF8) && strstr(detail.data, argument) == NULL) {
        fprintf(stderr, "text %zu: %s is not named: %s\n", at, argument, detail.data);
        exit(1);
    }
}

/* A call that makes something of the text. */
#define NO_TEXT(count, argument, output, release, call)                                                 \
    for (size_t at = 0; at < (count); at++) {                                                           \
        const char *data = hostile[at].data;                                                            \
        const size_t length = hostile[at].length;                                                       \
        POISON(output);                                                                                 \
        countermark_code no_text_code = (call);                                                         \
        CHECK(output == NULL);                                                                          \
        refused(at, no_text_code, why, argument);                                                       \
        countermark_rejection_free(why);                                                                \
        release(output);                                                                                \
    }

/* A call on a policy, which remembers the failure. */
#define NO_TEXT_OF_POLICY(count, argument, call)                                                        \
    for (size_t at = 0; at < (count); at++) {                                                           \
        const char *data = hostile[at].data;                                                            \
        const size_t length = hostile[at].length;                                                       \
        CHECK_CODE(countermark_policy_new(TEXT(NAMESPACE), TEXT(ISSUER), &policy, NULL), COUNTERMARK_DONE); \
        countermark_code no_text_code = (call);                                                         \
        refused(at, no_text_code, countermark_policy_fault(policy), argument);                          \
        countermark_policy_free(policy);                                                                \
    }

/* A call on a record in the making, whose failure is given when it is added. */
#define NO_TEXT_OF_ENTRY(count, argument, call)                                                         \
    for (size_t at = 0; at < (count); at++) {                                                           \
        const char *data = hostile[at].data;                                                            \
        const size_t length = hostile[at].length;                                                       \
        CHECK_CODE(countermark_entry_new(&entry, NULL), COUNTERMARK_DONE);                              \
        countermark_code no_text_code = (call);                                                         \
        CHECK_CODE(countermark_entries_add(entries, entry, &why), no_text_code.number);                 \
        refused(at, no_text_code, why, argument);                                                       \
        countermark_rejection_free(why);                                                                \
        countermark_entry_free(entry);                                                                  \
    }

static void what_is_no_text_is_refused(void)
{
    NO_TEXT(HOSTILE, "`anchors_pem`", verifier, countermark_verifier_free,
            countermark_verifier_from_pem(data, length, &verifier, &why));
    NO_TEXT(HOSTILE, "`anchors_pem`", builder, countermark_verifier_builder_free,
            countermark_verifier_builder_new(data, length, &builder, &why));
    NO_TEXT(HOSTILE, "`json`", policy, countermark_policy_free,
            countermark_policy_from_json(data, length, &policy, &why));
    NO_TEXT(NOT_UTF8, "`namespace_name`", policy, countermark_policy_free,
            countermark_policy_new(data, length, TEXT(ISSUER), &policy, &why));
    NO_TEXT(NOT_UTF8, "`certificate_oidc_issuer`", policy, countermark_policy_free,
            countermark_policy_new(TEXT(NAMESPACE), data, length, &policy, &why));
    /* No bytes at all are JSON Lines without a record. */
    NO_TEXT(HOSTILE - 2, "`json`", entries, countermark_entries_free,
            countermark_entries_from_json(data, length, &entries, &why));
    NO_TEXT(HOSTILE, "`json`", entries, countermark_entries_free,
            countermark_entries_from_endor_labs(data, length, COUNTERMARK_ABSENT_REVOKED_IS_MALFORMED, &entries,
                                                &why));
    NO_TEXT(HOSTILE, "`json`", root, countermark_trusted_root_free,
            countermark_trusted_root_from_json(data, length, &root, &why));
    NO_TEXT(HOSTILE, "`json`", roots, countermark_trusted_roots_free,
            countermark_trusted_roots_from_json_lines(data, length, &roots, &why));
    NO_TEXT(HOSTILE, "`json`", bundle_policy, countermark_bundle_policy_free,
            countermark_bundle_policy_from_json(data, length, &bundle_policy, &why));
    NO_TEXT(HOSTILE, "`json`", bundle_policy, countermark_bundle_policy_free,
            countermark_key_policy_from_json(data, length, &bundle_policy, &why));
    NO_TEXT(HOSTILE, "`json`", bundle_policy, countermark_bundle_policy_free,
            countermark_key_policy_from_npm_keys(data, length, &bundle_policy, &why));
    NO_TEXT(NOT_UTF8, "`repository`", bundle_policy, countermark_bundle_policy_free,
            countermark_bundle_policy_for_github(data, length, &bundle_policy, &why));
    NO_TEXT(NOT_UTF8, "`identity`", bundle_policy, countermark_bundle_policy_free,
            countermark_bundle_policy_for_sigstore(data, length, TEXT(ISSUER), &bundle_policy, &why));
    NO_TEXT(HOSTILE, "`json`", bundle, countermark_bundle_free,
            countermark_bundle_from_json(data, length, &bundle, &why));
    NO_TEXT(HOSTILE, "`json`", bundle, countermark_bundle_free,
            countermark_bundle_from_pep740(data, length, &bundle, &why));
    NO_TEXT(HOSTILE, "`json`", bundle, countermark_bundle_free,
            countermark_bundle_from_cosign(data, length, &bundle, &why));
    NO_TEXT(HOSTILE, "`json`", bundles, countermark_bundles_free,
            countermark_bundles_from(data, length, &bundles, &why));
    NO_TEXT(HOSTILE, "`json`", bundles, countermark_bundles_free,
            countermark_bundles_from_npm(data, length, &bundles, &why));
    NO_TEXT(HOSTILE, "`json`", bundles, countermark_bundles_free,
            countermark_bundles_from_pypi_provenance(data, length, &bundles, &why));
    /* No bytes at all are JSON Lines without a bundle. */
    NO_TEXT(HOSTILE - 2, "`json`", bundles, countermark_bundles_free,
            countermark_bundles_from_json_lines(data, length, &bundles, &why));
    NO_TEXT(HOSTILE, "`json`", signed_image, countermark_simple_signing_free,
            countermark_simple_signing_from_json(data, length, &signed_image, &why));
    NO_TEXT(NOT_UTF8, "`artifact_name`", artifact, countermark_artifact_free,
            countermark_artifact_from_name(data, length, &artifact, &why));
    NO_TEXT_OF_POLICY(HOSTILE, "`claim`", countermark_policy_require(policy, data, length, TEXT("x")));
    NO_TEXT_OF_POLICY(NOT_UTF8, "`value`",
                      countermark_policy_require(policy, TEXT("source_repository"), data, length));
    NO_TEXT_OF_POLICY(NOT_UTF8, "`pattern`",
                      countermark_policy_require_glob(policy, TEXT("source_repository"), data, length));
    NO_TEXT_OF_POLICY(HOSTILE, "`item`", countermark_policy_block(policy, data, length));
    const countermark_text good = {TEXT("x")};
    for (size_t at = 0; at < NOT_UTF8; at++) {
        const countermark_text values[] = {good, {hostile[at].data, hostile[at].length}};
        CHECK_CODE(countermark_policy_new(TEXT(NAMESPACE), TEXT(ISSUER), &policy, NULL), COUNTERMARK_DONE);
        countermark_code code = countermark_policy_require_any_of(policy, TEXT("source_repository"), values, 2);
        refused(at, code, countermark_policy_fault(policy), "`values[1]`");
        countermark_policy_free(policy);
    }
    CHECK_CODE(countermark_entries_new(&entries, NULL), COUNTERMARK_DONE);
    NO_TEXT_OF_ENTRY(NOT_UTF8, "`namespace_name`", countermark_entry_set_namespace(entry, data, length));
    NO_TEXT_OF_ENTRY(NOT_UTF8, "`artifact_name`", countermark_entry_set_artifact_name(entry, data, length));
    NO_TEXT_OF_ENTRY(HOSTILE, "`certificates_pem`", countermark_entry_add_certificates_pem(entry, data, length));
    NO_TEXT_OF_ENTRY(HOSTILE, "`timestamp`", countermark_entry_set_timestamp(entry, data, length));
    NO_TEXT_OF_ENTRY(NOT_UTF8, "`claim`", countermark_entry_add_provenance(entry, data, length, TEXT("x")));
    NO_TEXT_OF_ENTRY(NOT_UTF8, "`value`",
                     countermark_entry_add_provenance(entry, TEXT("source_repository"), data, length));
    NO_TEXT_OF_ENTRY(IMPOSSIBLE, "`signature_der`",
                     countermark_entry_set_signature(entry, (const uint8_t *)data, length));
    NO_TEXT_OF_ENTRY(IMPOSSIBLE, "`certificate_der`",
                     countermark_entry_add_certificate(entry, (const uint8_t *)data, length));
    countermark_entries_free(entries);
    for (size_t at = 0; at < HOSTILE; at++) {
        countermark_timestamp now = {7, 7};
        POISON(why);
        CHECK_CODE(countermark_timestamp_from_text(hostile[at].data, hostile[at].length, &now, &why),
                   COUNTERMARK_INVALID_ARGUMENT);
        CHECK(strstr(countermark_rejection_detail(why).data, "`text`") != NULL);
        CHECK(now.seconds == 7 && now.nanoseconds == 7);
        countermark_rejection_free(why);
    }
}

/* However long the text is that is quoted, the reason is told. */
static void a_long_text_does_not_hide_the_reason(void)
{
    char text[5000];
    memset(text, '9', sizeof text);
    countermark_timestamp now;
    CHECK_CODE(countermark_timestamp_from_text(text, sizeof text, &now, &why), COUNTERMARK_INVALID_ARGUMENT);
    CHECK(strstr(countermark_rejection_detail(why).data, "RFC 3339") != NULL);
    CHECK(countermark_rejection_detail(why).length < 600);
    countermark_rejection_free(why);
}

int main(void)
{
    everything_null();
    outputs_are_cleared();
    zero_lengths();
    what_is_no_text_is_refused();
    a_long_text_does_not_hide_the_reason();
    return 0;
}

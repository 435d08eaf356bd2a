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

    countermark_text absent = {NULL, 0};
    CHECK(!countermark_text_equals(absent, NULL, 0));
    CHECK(!countermark_text_equals(absent, NULL, 1));
    CHECK(countermark_version_number() == COUNTERMARK_VERSION_NUMBER);
    CHECK_TEXT(countermark_version(), COUNTERMARK_VERSION);
}

/* The rejection says which argument, and the other output is NULL whatever stood there. */
static void names_the_argument(countermark_code code, countermark_rejection *why, const void *output,
                               const char *argument)
{
    CHECK(code.number == COUNTERMARK_INVALID_ARGUMENT);
    CHECK(output == NULL);
    CHECK_CODE(countermark_rejection_code(why), COUNTERMARK_INVALID_ARGUMENT);
    CHECK_TEXT(countermark_rejection_check(why), "library");
    CHECK(strstr(countermark_rejection_detail(why).data, argument) != NULL);
    countermark_rejection_free(why);
}

static void outputs_are_cleared(void)
{
    /* Places that hold what is no handle. */
    countermark_verifier *verifier = (countermark_verifier *)&verifier;
    countermark_policy *policy = (countermark_policy *)&policy;
    countermark_entries *entries = (countermark_entries *)&entries;
    countermark_faults *faults = (countermark_faults *)&faults;
    countermark_verified *verified = (countermark_verified *)&verified;
    countermark_report *report = (countermark_report *)&report;
    countermark_results *results = (countermark_results *)&results;
    countermark_rejection *why = (countermark_rejection *)&why;
    countermark_code code;

    code = countermark_verifier_from_pem(NULL, 1, &verifier, &why);
    names_the_argument(code, why, verifier, "`anchors_pem`");
    code = countermark_policy_from_json(NULL, 1, &policy, &why);
    names_the_argument(code, why, policy, "`json`");
    code = countermark_policy_from_json("", (size_t)-1, &policy, &why);
    names_the_argument(code, why, policy, "`json`");
    code = countermark_entries_from_json(NULL, 1, &entries, &why);
    names_the_argument(code, why, entries, "`json`");
    code = countermark_entries_read_json("", 0, &entries, NULL, &why);
    names_the_argument(code, why, entries, "`faults`");
    code = countermark_entries_read_json("", 0, NULL, &faults, &why);
    names_the_argument(code, why, faults, "`entries`");
    code = countermark_entries_from_endor_labs("{}", 2, 0, &entries, &why);
    names_the_argument(code, why, entries, "`absent_revoked`");
    code = countermark_verify(NULL, TEXT(NAME), NULL, NULL, NULL, &verified, &why);
    names_the_argument(code, why, verified, "`verifier`");
    code = countermark_examine(NULL, TEXT(NAME), NULL, NULL, NULL, &report, &why);
    names_the_argument(code, why, report, "`verifier`");
    code = countermark_verify_message(NULL, NULL, 0, NULL, NULL, 0, NULL, &verified, &why);
    names_the_argument(code, why, verified, "`verifier`");
    code = countermark_verify_many(NULL, NULL, 0, NULL, &results, &why);
    names_the_argument(code, why, results, "`verifier`");
}

static void malformed(countermark_code code, countermark_rejection *why, const void *output, uint32_t expected)
{
    CHECK(code.number == expected);
    CHECK(output == NULL);
    CHECK_CODE(countermark_rejection_code(why), expected);
    CHECK_TEXT(countermark_rejection_check(why), "input");
    CHECK(countermark_rejection_detail(why).length > 0);
    countermark_rejection_free(why);
}

static void zero_lengths(void)
{
    countermark_verifier *verifier;
    countermark_verifier_builder *builder;
    countermark_policy *policy;
    countermark_entries *entries;
    countermark_faults *faults;
    countermark_rejection *why;
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

int main(void)
{
    everything_null();
    outputs_are_cleared();
    zero_lengths();
    return 0;
}

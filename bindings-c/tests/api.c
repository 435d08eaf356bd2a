/* Uses every accessor on every kind of outcome, and what the vectors do not use: field by field, lists, many. */

#include "json.h"
#include "support.h"

static const char *testdata;
static countermark_verifier *verifier;
static countermark_policy *policy;

static countermark_entries *entries_of(const char *file)
{
    size_t length;
    char *text = read_file(testdata, file, &length);
    countermark_entries *entries;
    CHECK_CODE(countermark_entries_from_json(text, length, &entries, NULL), COUNTERMARK_DONE);
    free(text);
    return entries;
}

static countermark_verified *verified_quickstart(void)
{
    countermark_entries *entries = entries_of("quickstart/log.json");
    countermark_verified *verified;
    countermark_rejection *rejection = (countermark_rejection *)&rejection;
    CHECK_CODE(countermark_verify(verifier, TEXT(NAME), entries, policy, NULL, &verified, &rejection),
               COUNTERMARK_VERIFIED);
    CHECK(rejection == NULL);
    countermark_entries_free(entries);
    return verified;
}

static void verified_tells_what_was_established(void)
{
    /* Its entries are freed already. */
    countermark_verified *verified = verified_quickstart();
    size_t index = 99;
    countermark_timestamp timestamp, from, to;
    CHECK_TEXT(countermark_verified_artifact_name(verified), NAME);
    CHECK_TEXT(countermark_verified_namespace(verified), NAMESPACE);
    CHECK(countermark_verified_entry(verified, &index) && index == 0);
    CHECK(!countermark_verified_entry(verified, NULL));
    CHECK_TEXT(countermark_verified_claim(verified, TEXT("source_repository_owner")), "endorlabs");
    CHECK(countermark_verified_claim(verified, TEXT("source_repository_owne")).data == NULL);
    CHECK(countermark_verified_claim(verified, NULL, 0).data == NULL);
    CHECK(countermark_verified_claim(verified, NULL, 5).data == NULL);
    size_t claims = countermark_verified_claim_count(verified);
    CHECK(claims == 9);
    for (size_t claim = 0; claim < claims; claim++) {
        countermark_text name = countermark_verified_claim_name(verified, claim);
        countermark_text value = countermark_verified_claim_value(verified, claim);
        countermark_text found = countermark_verified_claim(verified, name.data, name.length);
        CHECK(name.length > 0 && name.data[name.length] == '\0' && value.data[value.length] == '\0');
        CHECK(countermark_text_equals(found, value.data, value.length));
        CHECK(!countermark_text_equals(found, value.data, value.length - 1));
    }
    CHECK(countermark_verified_claim_name(verified, claims).data == NULL);
    CHECK(countermark_verified_claim_value(verified, claims).data == NULL);
    CHECK(countermark_verified_timestamp(verified, &timestamp));
    CHECK(timestamp.seconds == 1711106748 && timestamp.nanoseconds == 983761494);
    CHECK_TEXT(countermark_verified_timestamp_text(verified), "2024-03-22T11:25:48.983761494Z");
    CHECK_TEXT(countermark_verified_time_voucher(verified), "recorded");
    CHECK(countermark_verified_validity(verified, &from, &to));
    CHECK(from.seconds <= timestamp.seconds && timestamp.seconds <= to.seconds);
    CHECK(!countermark_verified_validity(verified, &from, NULL));
    CHECK(countermark_verified_signature(verified).length > 60);
    CHECK(countermark_verified_leaf(verified).data[0] == 0x30);
    size_t path = countermark_verified_path_count(verified);
    CHECK(path == 2);
    for (size_t authority = 0; authority < path; authority++) {
        CHECK(countermark_verified_path_certificate(verified, authority).data[0] == 0x30);
        CHECK(countermark_verified_path_sha256(verified, authority).length == 32);
        CHECK(countermark_verified_path_subject(verified, authority).length > 0);
    }
    CHECK_TEXT(countermark_verified_path_origin(verified, 0), "entry");
    CHECK_TEXT(countermark_verified_path_origin(verified, 1), "trust_anchor");
    CHECK(countermark_verified_path_certificate(verified, path).data == NULL);
    CHECK(countermark_verified_path_sha256(verified, path).data == NULL);
    CHECK(countermark_verified_path_subject(verified, path).data == NULL);
    CHECK(countermark_verified_path_origin(verified, path).data == NULL);
    CHECK(countermark_verified_warning_count(verified) == 0);
    CHECK(countermark_verified_warning_name(verified, 0).data == NULL);
    CHECK(countermark_verified_warning_text(verified, 0).data == NULL);
    CHECK(strstr(countermark_verified_text(verified).data, "verified: " NAME) != NULL);
    CHECK(strstr(countermark_verified_json(verified).data, "\"verdict\":\"verified\"") != NULL);
    countermark_verified_free(verified);
}

/* A record from columns: what the verified result of its JSON tells, added field by field. */
static void fill(countermark_entry *entry, const countermark_verified *verified, bool revoked)
{
    countermark_bytes signature = countermark_verified_signature(verified);
    countermark_bytes leaf = countermark_verified_leaf(verified);
    countermark_timestamp timestamp;
    CHECK(countermark_verified_timestamp(verified, &timestamp));
    CHECK_CODE(countermark_entry_set_namespace(entry, TEXT(NAMESPACE)), COUNTERMARK_DONE);
    countermark_entry_set_artifact_name(entry, TEXT(NAME));
    countermark_entry_set_signature(entry, signature.data, signature.length);
    countermark_entry_add_certificate(entry, leaf.data, leaf.length);
    for (size_t at = countermark_verified_path_count(verified); at > 0; at--) {
        countermark_bytes authority = countermark_verified_path_certificate(verified, at - 1);
        countermark_entry_add_certificate(entry, authority.data, authority.length);
    }
    countermark_entry_set_timestamp_unix(entry, timestamp.seconds, timestamp.nanoseconds);
    countermark_entry_set_revoked(entry, revoked);
}

static uint32_t verdict(const countermark_entries *entries, const countermark_policy *by)
{
    return countermark_verify(verifier, TEXT(NAME), entries, by, NULL, NULL, NULL).number;
}

static void entries_are_made_field_by_field(void)
{
    countermark_verified *verified = verified_quickstart();
    countermark_entries *entries;
    countermark_entry *entry;
    countermark_rejection *why;
    CHECK_CODE(countermark_entries_new(&entries, NULL), COUNTERMARK_DONE);
    CHECK_CODE(countermark_entry_new(&entry, NULL), COUNTERMARK_DONE);
    CHECK(verdict(entries, policy) == COUNTERMARK_NO_SIGNATURE);

    fill(entry, verified, false);
    countermark_entry_add_provenance(entry, TEXT("source_repository"), TEXT("endorlabs/monorepo"));
    countermark_entry_set_blocklisted(entry, false);
    CHECK_CODE(countermark_entries_add(entries, entry, &why), COUNTERMARK_DONE);
    CHECK(why == NULL && countermark_entries_count(entries) == 1);
    CHECK(verdict(entries, policy) == COUNTERMARK_VERIFIED);

    /* The record in the making is empty again, and what it then holds is judged as well. */
    fill(entry, verified, true);
    CHECK_CODE(countermark_entries_add(entries, entry, NULL), COUNTERMARK_DONE);
    CHECK(verdict(entries, policy) == COUNTERMARK_REVOKED_SIGNATURE);
    countermark_entries_free(entries);

    CHECK_CODE(countermark_entries_new(&entries, NULL), COUNTERMARK_DONE);
    fill(entry, verified, false);
    countermark_entry_set_blocklisted(entry, true);
    CHECK_CODE(countermark_entries_add(entries, entry, NULL), COUNTERMARK_DONE);
    CHECK(verdict(entries, policy) == COUNTERMARK_BLOCKLISTED);
    countermark_entries_free(entries);

    CHECK_CODE(countermark_entries_new(&entries, NULL), COUNTERMARK_DONE);
    fill(entry, verified, false);
    countermark_entry_add_provenance(entry, TEXT("source_repository"), TEXT("endorlabs/other"));
    CHECK_CODE(countermark_entries_add(entries, entry, NULL), COUNTERMARK_DONE);
    CHECK(verdict(entries, policy) == COUNTERMARK_PROVENANCE_MISMATCH);
    countermark_entries_free(entries);

    countermark_entry_free(entry);
    countermark_verified_free(verified);
}

static countermark_entry *bad_entry(int fault)
{
    countermark_entry *entry;
    CHECK_CODE(countermark_entry_new(&entry, NULL), COUNTERMARK_DONE);
    countermark_verified *verified = verified_quickstart();
    if (fault != 0) {
        fill(entry, verified, false);
    }
    countermark_verified_free(verified);
    switch (fault) {
    case 1:
        CHECK_CODE(countermark_entry_set_revoked(entry, true), COUNTERMARK_MALFORMED_ENTRY);
        break;
    case 2:
        CHECK_CODE(countermark_entry_set_timestamp(entry, TEXT("yesterday")), COUNTERMARK_MALFORMED_ENTRY);
        break;
    case 3:
        CHECK_CODE(countermark_entry_add_certificates_pem(entry, TEXT("no PEM")), COUNTERMARK_MALFORMED_ENTRY);
        break;
    case 4:
        CHECK_CODE(countermark_entry_add_provenance(entry, TEXT("\xFF"), TEXT("")), COUNTERMARK_MALFORMED_ENTRY);
        break;
    case 5:
        CHECK_CODE(countermark_entry_set_timestamp_unix(entry, 0, 1000000000), COUNTERMARK_MALFORMED_ENTRY);
        break;
    default:
        break;
    }
    return entry;
}

/* A record that could not be added may have been a revocation: the list is refused until it is left out. */
static void a_failure_to_add_is_remembered(void)
{
    for (int fault = 0; fault <= 5; fault++) {
        countermark_entries *entries = entries_of("quickstart/log.json");
        countermark_entry *entry = bad_entry(fault);
        countermark_rejection *why;
        CHECK(countermark_entries_fault(entries) == NULL);
        CHECK_CODE(countermark_entries_add(entries, entry, &why), COUNTERMARK_MALFORMED_ENTRY);
        CHECK(countermark_rejection_detail(why).length > 0);
        countermark_rejection_free(why);
        CHECK(countermark_entries_count(entries) == 1);
        CHECK_CODE(countermark_rejection_code(countermark_entries_fault(entries)), COUNTERMARK_MALFORMED_ENTRY);
        CHECK(verdict(entries, policy) == COUNTERMARK_MALFORMED_ENTRY);
        CHECK_CODE(countermark_entries_leave_out_faults(entries), COUNTERMARK_DONE);
        CHECK(countermark_entries_fault(entries) == NULL);
        CHECK(verdict(entries, policy) == COUNTERMARK_VERIFIED);
        CHECK_CODE(countermark_entries_add(entries, NULL, NULL), COUNTERMARK_INVALID_ARGUMENT);
        CHECK(verdict(entries, policy) == COUNTERMARK_INVALID_ARGUMENT);
        countermark_entry_free(entry);
        countermark_entries_free(entries);
    }
}

static void a_forgotten_revoked_is_malformed(void)
{
    countermark_entry *entry;
    countermark_entries *entries;
    countermark_rejection *why;
    CHECK_CODE(countermark_entry_new(&entry, NULL), COUNTERMARK_DONE);
    CHECK_CODE(countermark_entries_new(&entries, NULL), COUNTERMARK_DONE);
    countermark_entry_set_namespace(entry, TEXT(NAMESPACE));
    countermark_entry_set_artifact_name(entry, TEXT(NAME));
    countermark_entry_set_signature(entry, (const uint8_t *)"x", 1);
    countermark_entry_add_certificate(entry, (const uint8_t *)"x", 1);
    countermark_entry_set_timestamp(entry, TEXT("2024-03-22T11:25:48Z"));
    CHECK_CODE(countermark_entries_add(entries, entry, &why), COUNTERMARK_MALFORMED_ENTRY);
    CHECK_TEXT(countermark_rejection_detail(why), "`revoked` is not set");
    countermark_rejection_free(why);
    countermark_entries_free(entries);
    countermark_entry_free(entry);
}

static void pem_is_read_where_der_is_meant(void)
{
    size_t length, position = 0;
    char *log = read_file(testdata, "quickstart/log.json", &length);
    json array = {log, length};
    char *pem = json_text(json_member(json_item(array, &position), "certificate"), &length);
    countermark_verified *verified = verified_quickstart();
    countermark_bytes signature = countermark_verified_signature(verified);
    countermark_timestamp timestamp;
    CHECK(countermark_verified_timestamp(verified, &timestamp));
    countermark_entry *entry;
    countermark_entries *entries;
    countermark_rejection *why;
    CHECK_CODE(countermark_entry_new(&entry, NULL), COUNTERMARK_DONE);
    CHECK_CODE(countermark_entries_new(&entries, NULL), COUNTERMARK_DONE);
    countermark_entry_set_namespace(entry, TEXT(NAMESPACE));
    countermark_entry_set_artifact_name(entry, TEXT(NAME));
    countermark_entry_set_signature(entry, signature.data, signature.length);
    countermark_entry_add_certificate(entry, (const uint8_t *)pem, length);
    countermark_entry_set_timestamp_unix(entry, timestamp.seconds, timestamp.nanoseconds);
    countermark_entry_set_revoked(entry, false);
    CHECK_CODE(countermark_entries_add(entries, entry, &why), COUNTERMARK_DONE);
    CHECK(verdict(entries, policy) == COUNTERMARK_VERIFIED);
    countermark_entries_free(entries);
    countermark_entry_free(entry);
    countermark_verified_free(verified);
    free(pem);
    free(log);
}

static void records_are_read_one_by_one(void)
{
    size_t length, index = 99;
    char *log = read_file(testdata, "quickstart/log.json", &length);
    size_t position = 0;
    json array = {log, length};
    json record = json_item(array, &position);
    char *text = malloc(2 * length + 100);
    CHECK(text != NULL);
    int written = sprintf(text, "[{\"namespace\": 1}, %.*s, {\"revokd\": true}]", (int)record.length, record.data);
    countermark_entries *entries;
    countermark_faults *faults;
    countermark_rejection *why;
    CHECK_CODE(countermark_entries_read_json(text, (size_t)written, &entries, &faults, &why), COUNTERMARK_DONE);
    CHECK(why == NULL && countermark_entries_count(entries) == 1 && countermark_faults_count(faults) == 2);
    CHECK(verdict(entries, policy) == COUNTERMARK_VERIFIED);
    CHECK(countermark_rejection_entry(countermark_faults_get(faults, 1), &index) && index == 2);
    CHECK_CODE(countermark_rejection_code(countermark_faults_get(faults, 0)), COUNTERMARK_MALFORMED_ENTRY);
    CHECK(countermark_faults_get(faults, 2) == NULL);
    countermark_faults_free(faults);

    /* All or none, and remembered. */
    CHECK_CODE(countermark_entries_add_json(entries, log, length, &why), COUNTERMARK_DONE);
    CHECK(countermark_entries_count(entries) == 2);
    CHECK_CODE(countermark_entries_add_json(entries, text, (size_t)written, &why), COUNTERMARK_MALFORMED_ENTRY);
    CHECK(countermark_rejection_entry(why, &index) && index == 0);
    CHECK(strncmp(countermark_rejection_text(why).data, "malformed_entry: record 0: ", 27) == 0);
    CHECK(strstr(countermark_rejection_json(why).data, "\"entry\":0") != NULL);
    countermark_rejection_free(why);
    CHECK(countermark_entries_count(entries) == 2 && verdict(entries, policy) == COUNTERMARK_MALFORMED_ENTRY);
    countermark_entries_free(entries);

    CHECK_CODE(countermark_entries_from_json(text, (size_t)written, &entries, &why), COUNTERMARK_MALFORMED_ENTRY);
    CHECK(entries == NULL);
    countermark_rejection_free(why);
    free(text);
    free(log);
}

static void endor_labs_records_are_read(void)
{
    size_t length;
    char *log = read_file(testdata, "quickstart/log.json", &length);
    char *text = malloc(length + 1000);
    CHECK(text != NULL);
    size_t position = 0;
    json array = {log, length};
    json record = json_item(array, &position);
    json certificate = json_member(record, "certificate");
    json signature = json_member(record, "signature");
    json timestamp = json_member(record, "timestamp");
    const char *const revoked[] = {"", ", \"revoked\": false", ", \"revoked\": true"};
    const uint32_t strict = COUNTERMARK_ABSENT_REVOKED_IS_MALFORMED;
    const uint32_t lenient = COUNTERMARK_ABSENT_REVOKED_MEANS_FALSE;
    const uint32_t expected[] = {COUNTERMARK_MALFORMED_ENTRY, COUNTERMARK_VERIFIED, COUNTERMARK_REVOKED_SIGNATURE};
    for (int at = 0; at < 3; at++) {
        int written = sprintf(
            text,
            "{\"list\": {\"objects\": [{\"tenant_meta\": {\"namespace\": \"" NAMESPACE "\"}, \"spec\": "
            "{\"artifact_name\": \"" NAME "\", \"certificate\": %.*s, \"signature\": %.*s, \"timestamp\": %.*s%s}}]}}",
            (int)certificate.length, certificate.data, (int)signature.length, signature.data,
            (int)timestamp.length, timestamp.data, revoked[at]);
        countermark_entries *entries;
        countermark_faults *faults;
        countermark_code code =
            countermark_entries_from_endor_labs(text, (size_t)written, strict, &entries, NULL);
        CHECK((entries == NULL ? code.number : verdict(entries, policy)) == expected[at]);
        countermark_entries_free(entries);
        CHECK_CODE(countermark_entries_from_endor_labs(text, (size_t)written, lenient, &entries, NULL),
                   COUNTERMARK_DONE);
        CHECK(verdict(entries, policy) == (at == 0 ? COUNTERMARK_VERIFIED : expected[at]));
        countermark_entries_free(entries);
        CHECK_CODE(countermark_entries_read_endor_labs(text, (size_t)written, strict, &entries, &faults, NULL),
                   COUNTERMARK_DONE);
        CHECK(countermark_entries_count(entries) == (at == 0 ? 0 : 1));
        CHECK(countermark_faults_count(faults) == (at == 0 ? 1 : 0));
        countermark_faults_free(faults);
        countermark_entries_free(entries);
    }
    free(text);
    free(log);
}

static countermark_policy *new_policy(void)
{
    countermark_policy *made;
    countermark_rejection *why;
    CHECK_CODE(countermark_policy_new(TEXT(NAMESPACE), TEXT(ISSUER), &made, &why), COUNTERMARK_DONE);
    CHECK(why == NULL && countermark_policy_fault(made) == NULL);
    return made;
}

static void policies_are_made_field_by_field(void)
{
    countermark_entries *entries = entries_of("quickstart/log.json");
    countermark_policy *made = new_policy();
    const countermark_text refs[] = {{TEXT("refs/heads/main")}, {TEXT("refs/tags/v1.6.216")}};
    CHECK_CODE(countermark_policy_require(made, TEXT("source_repository"), TEXT("endorlabs/monorepo")),
               COUNTERMARK_DONE);
    CHECK_CODE(countermark_policy_require_any_of(made, TEXT("source_repository_ref"), refs, 2), COUNTERMARK_DONE);
    CHECK_CODE(countermark_policy_require_glob(made, TEXT("build_config_name"), TEXT("Rel*")), COUNTERMARK_DONE);
    CHECK_CODE(countermark_policy_set_revocation_scope(made, COUNTERMARK_REVOCATION_SCOPE_ENTRY), COUNTERMARK_DONE);
    CHECK_CODE(countermark_policy_set_revocation_scope(made, COUNTERMARK_REVOCATION_SCOPE_ARTIFACT),
               COUNTERMARK_DONE);
    CHECK(verdict(entries, made) == COUNTERMARK_VERIFIED);
    CHECK_CODE(countermark_policy_block(made, TEXT("other@sha256:"
                                                   "0000000000000000000000000000000000000000000000000000000000000000")),
               COUNTERMARK_DONE);
    CHECK(verdict(entries, made) == COUNTERMARK_VERIFIED);
    CHECK_CODE(countermark_policy_block(made, TEXT(NAME)), COUNTERMARK_DONE);
    CHECK(verdict(entries, made) == COUNTERMARK_BLOCKLISTED);
    countermark_policy_free(made);

    made = new_policy();
    CHECK_CODE(countermark_policy_require(made, TEXT("source_repository"), TEXT("endorlabs/monorepo\0")),
               COUNTERMARK_DONE);
    CHECK(verdict(entries, made) == COUNTERMARK_CLAIMS_MISMATCH);
    countermark_policy_free(made);

    made = new_policy();
    CHECK_CODE(countermark_policy_set_max_certificate_lifetime_seconds(made, 1), COUNTERMARK_DONE);
    CHECK(verdict(entries, made) == COUNTERMARK_LIFETIME_TOO_LONG);
    countermark_policy_free(made);
    countermark_entries_free(entries);
}

/* The list with the records of another file, their name's `from` made `to`, which is as long. */
static countermark_entries *with_renamed(const char *file, const char *from, const char *to)
{
    size_t length;
    countermark_entries *entries = entries_of("quickstart/log.json");
    char *text = read_file(testdata, file, &length);
    for (char *at = strstr(text, from); at != NULL; at = strstr(at, from)) {
        memcpy(at, to, strlen(to));
    }
    CHECK_CODE(countermark_entries_add_json(entries, text, length, NULL), COUNTERMARK_DONE);
    free(text);
    return entries;
}

/* A revoked record of the same digest under another name counts where the policy says so, and under no other digest. */
static void a_revocation_reaches_as_far_as_the_policy_says(void)
{
    const uint32_t scopes[] = {COUNTERMARK_REVOCATION_SCOPE_ARTIFACT, COUNTERMARK_REVOCATION_SCOPE_ENTRY,
                               COUNTERMARK_REVOCATION_SCOPE_DIGEST};
    countermark_entries *mirror = with_renamed("quickstart/revoked.json", "registry/image@", "registry/other@");
    countermark_entries *other = with_renamed("quickstart/revoked.json", "image@sha256:cec8", "other@sha256:cec9");
    for (int at = 0; at < 3; at++) {
        countermark_policy *made = new_policy();
        CHECK_CODE(countermark_policy_set_revocation_scope(made, scopes[at]), COUNTERMARK_DONE);
        CHECK(verdict(mirror, made) == (at == 2 ? COUNTERMARK_REVOKED_SIGNATURE : COUNTERMARK_VERIFIED));
        CHECK(verdict(other, made) == COUNTERMARK_VERIFIED);
        CHECK_CODE(countermark_policy_set_revocation_scope(made, COUNTERMARK_REVOCATION_SCOPE_DIGEST + 1),
                   COUNTERMARK_INVALID_ARGUMENT);
        CHECK(verdict(other, made) == COUNTERMARK_INVALID_ARGUMENT);
        countermark_policy_free(made);
    }
    countermark_entries_free(mirror);
    countermark_entries_free(other);
}

/* A demand that could not be added: whoever verifies with the policy is refused, whatever was added later. */
static void a_policys_failure_is_remembered(void)
{
    countermark_entries *entries = entries_of("quickstart/log.json");
    for (int fault = 0; fault < 8; fault++) {
        countermark_policy *made = new_policy();
        uint32_t expected = COUNTERMARK_MALFORMED_POLICY;
        countermark_code code = {0};
        switch (fault) {
        case 0:
            code = countermark_policy_require(made, TEXT("source_repo"), TEXT("x"));
            break;
        case 1:
            code = countermark_policy_require(made, TEXT("source_repository"), TEXT("\xC0\x80"));
            break;
        case 2:
            code = countermark_policy_require_any_of(made, TEXT("source_repository"), NULL, 0);
            break;
        case 3:
            code = countermark_policy_require_glob(made, TEXT("source_repository"), TEXT("**/x"));
            break;
        case 4:
            code = countermark_policy_set_max_certificate_lifetime_seconds(made, 0);
            break;
        case 5:
            code = countermark_policy_block(made, TEXT("sha256:abc"));
            break;
        case 6:
            code = countermark_policy_set_revocation_scope(made, 0);
            expected = COUNTERMARK_INVALID_ARGUMENT;
            break;
        default:
            code = countermark_policy_require(made, NULL, 5, TEXT("x"));
            expected = COUNTERMARK_INVALID_ARGUMENT;
        }
        CHECK(code.number == expected);
        CHECK_CODE(countermark_rejection_code(countermark_policy_fault(made)), expected);
        CHECK_CODE(countermark_policy_require(made, TEXT("source_repository"), TEXT("endorlabs/monorepo")), expected);
        CHECK(verdict(entries, made) == expected);
        countermark_policy_free(made);
    }
    countermark_entries_free(entries);
}

static void a_verifiers_failure_is_remembered(void)
{
    size_t length;
    char *pem = read_file(testdata, "quickstart/root.pem", &length);
    const uint32_t of_p384[] = {COUNTERMARK_ECDSA_P384_SHA384, COUNTERMARK_ECDSA_P384_SHA256};
    const uint32_t of_p256[] = {COUNTERMARK_ECDSA_P256_SHA256, COUNTERMARK_ECDSA_P256_SHA384};
    const uint32_t unknown[] = {0};
    countermark_verifier_builder *builder;
    countermark_verifier *built;
    countermark_rejection *why;
    countermark_entries *entries = entries_of("quickstart/log.json");
    for (int accepted = 0; accepted < 2; accepted++) {
        CHECK_CODE(countermark_verifier_builder_new(pem, length, &builder, NULL), COUNTERMARK_DONE);
        CHECK_CODE(countermark_verifier_builder_accept_algorithms(builder, accepted ? of_p256 : of_p384, 2),
                   COUNTERMARK_DONE);
        CHECK_CODE(countermark_verifier_builder_build(builder, &built, NULL), COUNTERMARK_DONE);
        CHECK_CODE(countermark_verify(built, TEXT(NAME), entries, policy, NULL, NULL, NULL),
                   accepted ? COUNTERMARK_VERIFIED : COUNTERMARK_UNKNOWN_CA);
        countermark_verifier_free(built);
        /* It is empty now. */
        CHECK_CODE(countermark_verifier_builder_build(builder, &built, NULL), COUNTERMARK_INVALID_ARGUMENT);
        CHECK(built == NULL);
        countermark_verifier_builder_free(builder);
    }
    /* Anchors are read for the algorithms that are accepted: the root is of P-256. */
    for (int accepted = 0; accepted < 2; accepted++) {
        const uint32_t *algorithms = accepted ? of_p256 : of_p384;
        CHECK_CODE(countermark_verifier_builder_new_accepting(pem, length, algorithms, 2, &builder, NULL),
                   accepted ? COUNTERMARK_DONE : COUNTERMARK_MALFORMED_TRUST_ANCHOR);
        if (!accepted) {
            continue;
        }
        CHECK_CODE(countermark_verifier_builder_build(builder, &built, NULL), COUNTERMARK_DONE);
        CHECK_CODE(countermark_verify(built, TEXT(NAME), entries, policy, NULL, NULL, NULL), COUNTERMARK_VERIFIED);
        countermark_verifier_free(built);
        countermark_verifier_builder_free(builder);
    }
    CHECK_CODE(countermark_verifier_builder_new_accepting(pem, length, unknown, 1, &builder, NULL),
               COUNTERMARK_INVALID_ARGUMENT);
    for (int fault = 0; fault < 3; fault++) {
        CHECK_CODE(countermark_verifier_builder_new(pem, length, &builder, NULL), COUNTERMARK_DONE);
        countermark_code code =
            fault == 0   ? countermark_verifier_builder_distrust(builder, TEXT("not hex"))
            : fault == 1 ? countermark_verifier_builder_add_intermediates(builder, TEXT("\xFF"))
                         : countermark_verifier_builder_accept_algorithms(builder, unknown, 1);
        uint32_t expected = fault == 2 ? COUNTERMARK_INVALID_ARGUMENT : COUNTERMARK_MALFORMED_TRUST_ANCHOR;
        CHECK(code.number == expected);
        CHECK_CODE(countermark_verifier_builder_build(builder, &built, &why), expected);
        CHECK(built == NULL);
        CHECK_CODE(countermark_rejection_code(why), expected);
        countermark_rejection_free(why);
        countermark_verifier_builder_free(builder);
    }
    countermark_entries_free(entries);
    free(pem);
}

static void a_rejection_tells_why(void)
{
    countermark_entries *entries = entries_of("quickstart/late.json");
    countermark_verified *verified = (countermark_verified *)&verified;
    countermark_rejection *why;
    size_t index = 99;
    CHECK_CODE(countermark_verify(verifier, TEXT(NAME), entries, policy, NULL, &verified, &why),
               COUNTERMARK_TIME_MISMATCH);
    CHECK(verified == NULL);
    countermark_entries_free(entries);
    CHECK_CODE(countermark_rejection_code(why), COUNTERMARK_TIME_MISMATCH);
    CHECK_TEXT(countermark_rejection_check(why), "timestamp");
    CHECK(strstr(countermark_rejection_detail(why).data, "signed at 2024-") != NULL);
    countermark_text remedy = countermark_code_remedy(COUNTERMARK_TIME_MISMATCH);
    CHECK(countermark_text_equals(countermark_rejection_remedy(why), remedy.data, remedy.length));
    CHECK(strncmp(countermark_rejection_text(why).data, "time_mismatch: ", 15) == 0);
    CHECK(strstr(countermark_rejection_json(why).data, "\"number\":61") != NULL);
    CHECK(countermark_rejection_entry(why, &index) && index == 0);
    CHECK(!countermark_rejection_entry(why, NULL));
    CHECK(countermark_rejection_other_count(why) == 0 && countermark_rejection_other(why, 0) == NULL);
    countermark_rejection_free(why);

    /* Not about one entry; the index is left alone. */
    entries = entries_of("quickstart/revoked.json");
    index = 99;
    CHECK_CODE(countermark_verify(verifier, TEXT(NAME), entries, policy, NULL, NULL, &why),
               COUNTERMARK_REVOKED_SIGNATURE);
    if (!countermark_rejection_entry(why, &index)) {
        CHECK(index == 99);
    }
    countermark_rejection_free(why);
    CHECK_CODE(countermark_verify(verifier, TEXT("image:latest"), entries, policy, NULL, NULL, &why),
               COUNTERMARK_MALFORMED_NAME);
    CHECK(!countermark_rejection_entry(why, &index));
    countermark_rejection_free(why);
    CHECK_CODE(countermark_verify(verifier, TEXT("\xFF" NAME), entries, policy, NULL, NULL, NULL),
               COUNTERMARK_MALFORMED_NAME);
    countermark_entries_free(entries);
}

static void other_candidates_are_told(void)
{
    size_t length, index = 99;
    countermark_entries *entries = entries_of("quickstart/late.json");
    char *text = read_file(testdata, "quickstart/edited-ref.json", &length);
    CHECK_CODE(countermark_entries_add_json(entries, text, length, NULL), COUNTERMARK_DONE);
    free(text);
    countermark_rejection *why;
    CHECK_CODE(countermark_verify(verifier, TEXT(NAME), entries, policy, NULL, NULL, &why),
               COUNTERMARK_TIME_MISMATCH);
    CHECK(countermark_rejection_other_count(why) == 1 && countermark_rejection_other(why, 1) == NULL);
    const countermark_rejection *other = countermark_rejection_other(why, 0);
    CHECK_CODE(countermark_rejection_code(other), COUNTERMARK_PROVENANCE_MISMATCH);
    CHECK(countermark_rejection_entry(other, &index) && index == 1);
    countermark_rejection_free(why);

    countermark_report *report;
    CHECK_CODE(countermark_examine(verifier, TEXT(NAME), entries, policy, NULL, &report, NULL), COUNTERMARK_DONE);
    CHECK(countermark_report_other_count(report) == 1 && countermark_report_other(report, 1) == NULL);
    CHECK_CODE(countermark_rejection_code(countermark_report_other(report, 0)), COUNTERMARK_PROVENANCE_MISMATCH);
    countermark_report_free(report);
    countermark_entries_free(entries);
}

static void a_report_tells_every_check(void)
{
    countermark_entries *entries = entries_of("quickstart/late.json");
    countermark_policy *unconstrained = new_policy();
    countermark_report *report;
    size_t index = 99, failed = 0;
    CHECK_CODE(countermark_examine(verifier, TEXT(NAME), entries, unconstrained, NULL, &report, NULL),
               COUNTERMARK_DONE);
    CHECK_CODE(countermark_report_verdict(report), COUNTERMARK_TIME_MISMATCH);
    CHECK(countermark_report_entry(report, &index) && index == 0);
    size_t checks = countermark_report_check_count(report);
    CHECK(checks == 10);
    for (size_t check = 0; check < checks; check++) {
        CHECK(countermark_report_check_name(report, check).length > 0);
        countermark_code code = countermark_report_check_code(report, check);
        countermark_text detail = countermark_report_check_detail(report, check);
        if (countermark_text_equals(countermark_report_check_outcome(report, check), TEXT("failed"))) {
            CHECK_TEXT(countermark_report_check_name(report, check), "timestamp");
            CHECK(code.number == COUNTERMARK_TIME_MISMATCH && detail.length > 0);
            failed++;
        } else {
            CHECK(code.number == 0 && detail.data == NULL);
        }
    }
    CHECK(failed == 1);
    CHECK(countermark_report_check_name(report, checks).data == NULL);
    CHECK(countermark_report_check_outcome(report, checks).data == NULL);
    CHECK_CODE(countermark_report_check_code(report, checks), COUNTERMARK_INVALID_ARGUMENT);
    CHECK(countermark_report_warning_count(report) == 1);
    CHECK_TEXT(countermark_report_warning_name(report, 0), "signer_unconstrained");
    CHECK(countermark_report_warning_text(report, 0).length > 20);
    CHECK(countermark_report_warning_name(report, 1).data == NULL);
    CHECK(strstr(countermark_report_text(report).data, "FAILED  time_mismatch") != NULL);
    CHECK(strstr(countermark_report_json(report).data, "\"verdict\":\"time_mismatch\"") != NULL);
    countermark_report_free(report);
    countermark_entries_free(entries);

    CHECK_CODE(countermark_entries_new(&entries, NULL), COUNTERMARK_DONE);
    CHECK_CODE(countermark_examine(verifier, TEXT(NAME), entries, policy, NULL, &report, NULL), COUNTERMARK_DONE);
    CHECK_CODE(countermark_report_verdict(report), COUNTERMARK_NO_SIGNATURE);
    CHECK(!countermark_report_entry(report, &index));
    countermark_report_free(report);
    countermark_entries_free(entries);

    entries = entries_of("quickstart/log.json");
    CHECK_CODE(countermark_examine(verifier, TEXT(NAME), entries, policy, NULL, &report, NULL), COUNTERMARK_DONE);
    CHECK_CODE(countermark_report_verdict(report), COUNTERMARK_VERIFIED);
    countermark_report_free(report);
    countermark_verified *verified;
    CHECK_CODE(countermark_verify(verifier, TEXT(NAME), entries, unconstrained, NULL, &verified, NULL),
               COUNTERMARK_VERIFIED);
    CHECK(countermark_verified_warning_count(verified) == 1);
    CHECK_TEXT(countermark_verified_warning_name(verified, 0), "signer_unconstrained");
    CHECK(countermark_verified_warning_text(verified, 0).length > 20);
    countermark_verified_free(verified);
    countermark_entries_free(entries);
    countermark_policy_free(unconstrained);
}

static void the_callers_time_is_heeded(void)
{
    countermark_entries *entries = entries_of("quickstart/log.json");
    countermark_timestamp now;
    countermark_rejection *why;
    CHECK_CODE(countermark_timestamp_from_text(TEXT("2024-03-22T11:25:48.983761494Z"), &now, &why), COUNTERMARK_DONE);
    CHECK(why == NULL);
    CHECK_CODE(countermark_verify(verifier, TEXT(NAME), entries, policy, &now, NULL, NULL), COUNTERMARK_VERIFIED);
    now.nanoseconds--;
    CHECK_CODE(countermark_verify(verifier, TEXT(NAME), entries, policy, &now, NULL, NULL),
               COUNTERMARK_TIME_MISMATCH);
    now.nanoseconds = 1000000000;
    CHECK_CODE(countermark_verify(verifier, TEXT(NAME), entries, policy, &now, NULL, NULL),
               COUNTERMARK_INVALID_ARGUMENT);
    now.nanoseconds = 7;
    CHECK_CODE(countermark_timestamp_from_text(TEXT("now"), &now, &why), COUNTERMARK_INVALID_ARGUMENT);
    CHECK(now.nanoseconds == 7 && strstr(countermark_rejection_detail(why).data, "RFC 3339") != NULL);
    countermark_rejection_free(why);
    countermark_entries_free(entries);
}

static countermark_code build_with_leeway(uint32_t seconds, countermark_verifier **built)
{
    size_t length;
    char *pem = read_file(testdata, "quickstart/root.pem", &length);
    countermark_verifier_builder *builder = NULL;
    CHECK_CODE(countermark_verifier_builder_new(pem, length, &builder, NULL), COUNTERMARK_DONE);
    countermark_code code = countermark_verifier_builder_set_now_leeway_seconds(builder, seconds);
    CHECK_CODE(countermark_verifier_builder_build(builder, built, NULL), code.number);
    countermark_verifier_builder_free(builder);
    free(pem);
    return code;
}

/* The call succeeds, and leaves NULL where a reason would stand, whatever stood there. */
#define NO_REASON(call, expected)                                                                       \
    do {                                                                                                \
        countermark_rejection *why = (countermark_rejection *)&why;                                     \
        CHECK_CODE(call, expected);                                                                     \
        CHECK(why == NULL);                                                                             \
    } while (0)

static void a_success_leaves_no_reason(void)
{
    size_t pem_length, log_length;
    char *pem = read_file(testdata, "quickstart/root.pem", &pem_length);
    char *log = read_file(testdata, "quickstart/log.json", &log_length);
    const uint32_t of_p256[] = {COUNTERMARK_ECDSA_P256_SHA256};
    const char *const none = "{\"list\": {\"objects\": []}}";
    const uint32_t strict = COUNTERMARK_ABSENT_REVOKED_IS_MALFORMED;
    countermark_verifier *built = NULL;
    countermark_verifier_builder *builder = NULL;
    countermark_policy *made = NULL;
    countermark_entries *entries = NULL;
    countermark_faults *faults = NULL;
    countermark_verified *verified = NULL;
    countermark_report *report = NULL;
    countermark_results *results = NULL;
    countermark_entry *entry = NULL;
    countermark_timestamp now = {0, 0};

    NO_REASON(countermark_timestamp_from_text(TEXT("2024-03-22T11:25:49Z"), &now, &why), COUNTERMARK_DONE);
    NO_REASON(countermark_verifier_from_pem(pem, pem_length, &built, &why), COUNTERMARK_DONE);
    countermark_verifier_free(built);
    NO_REASON(countermark_verifier_builder_new(pem, pem_length, &builder, &why), COUNTERMARK_DONE);
    countermark_verifier_builder_free(builder);
    NO_REASON(countermark_verifier_builder_new_accepting(pem, pem_length, of_p256, 1, &builder, &why), COUNTERMARK_DONE);
    NO_REASON(countermark_verifier_builder_build(builder, &built, &why), COUNTERMARK_DONE);
    countermark_verifier_builder_free(builder);
    NO_REASON(countermark_policy_from_json(TEXT("{\"namespace\": \"" NAMESPACE
                                                "\", \"certificate_oidc_issuer\": \"" ISSUER "\"}"),
                                           &made, &why),
              COUNTERMARK_DONE);
    NO_REASON(countermark_entries_from_endor_labs(none, strlen(none), strict, &entries, &why), COUNTERMARK_DONE);
    countermark_entries_free(entries);
    NO_REASON(countermark_entries_read_endor_labs(none, strlen(none), strict, &entries, &faults, &why),
              COUNTERMARK_DONE);
    countermark_entries_free(entries);
    countermark_faults_free(faults);
    NO_REASON(countermark_entries_read_json(log, log_length, &entries, &faults, &why), COUNTERMARK_DONE);
    countermark_entries_free(entries);
    countermark_faults_free(faults);
    NO_REASON(countermark_entries_from_json(log, log_length, &entries, &why), COUNTERMARK_DONE);
    NO_REASON(countermark_verify(built, TEXT(NAME), entries, made, &now, &verified, &why), COUNTERMARK_VERIFIED);
    NO_REASON(countermark_examine(built, TEXT(NAME), entries, made, &now, &report, &why), COUNTERMARK_DONE);
    const countermark_request request = {TEXT(NAME), entries, made};
    NO_REASON(countermark_verify_many(built, &request, 1, &now, &results, &why), COUNTERMARK_DONE);
    NO_REASON(countermark_entry_new(&entry, &why), COUNTERMARK_DONE);
    fill(entry, verified, false);
    NO_REASON(countermark_entries_add(entries, entry, &why), COUNTERMARK_DONE);
    NO_REASON(countermark_entries_add_json(entries, log, log_length, &why), COUNTERMARK_DONE);

    countermark_entry_free(entry);
    countermark_results_free(results);
    countermark_report_free(report);
    countermark_verified_free(verified);
    countermark_entries_free(entries);
    countermark_policy_free(made);
    countermark_verifier_free(built);
    free(log);
    free(pem);
}

/* It counts in every call that takes `now`, and where there is no `now` nothing changes. */
static void the_leeway_is_added_to_the_callers_time(void)
{
    countermark_entries *entries = entries_of("quickstart/log.json");
    /* The record is five seconds newer, to the nanosecond. */
    const countermark_timestamp now = {1711106743, 983761494}, earlier = {1711106743, 983761493};
    const countermark_timestamp *times[] = {&now, &earlier, NULL};
    const countermark_request request = {TEXT(NAME), entries, policy};
    for (uint32_t leeway = 4; leeway <= 5; leeway++) {
        countermark_verifier *lenient = NULL;
        CHECK_CODE(build_with_leeway(leeway, &lenient), COUNTERMARK_DONE);
        for (int at = 0; at < 3; at++) {
            uint32_t expected = at == 2 || (at == 0 && leeway == 5) ? COUNTERMARK_VERIFIED : COUNTERMARK_TIME_MISMATCH;
            countermark_results *results = NULL;
            countermark_report *report = NULL;
            CHECK_CODE(countermark_verify(lenient, TEXT(NAME), entries, policy, times[at], NULL, NULL), expected);
            CHECK_CODE(countermark_examine(lenient, TEXT(NAME), entries, policy, times[at], &report, NULL),
                       COUNTERMARK_DONE);
            CHECK_CODE(countermark_report_verdict(report), expected);
            CHECK_CODE(countermark_verify_many(lenient, &request, 1, times[at], &results, NULL), COUNTERMARK_DONE);
            CHECK_CODE(countermark_results_code(results, 0), expected);
            countermark_results_free(results);
            countermark_report_free(report);
        }
        countermark_verifier_free(lenient);
    }
    const uint32_t leeways[] = {0, 86400, 86401, (uint32_t)-1};
    for (int at = 0; at < 4; at++) {
        countermark_verifier *built = NULL;
        CHECK_CODE(build_with_leeway(leeways[at], &built),
                   at < 2 ? COUNTERMARK_DONE : COUNTERMARK_INVALID_ARGUMENT);
        CHECK((built == NULL) == (at >= 2));
        countermark_verifier_free(built);
    }
    countermark_entries_free(entries);
}

/* One request that is impossible has its own result, which names it, and ends nothing else. */
static void a_bad_request_ends_nothing_else(void)
{
    countermark_entries *good = entries_of("quickstart/log.json");
    countermark_entries *faulty = entries_of("quickstart/log.json");
    countermark_policy *misspelt = new_policy();
    countermark_policy_require(misspelt, TEXT("source_repo"), TEXT("x"));
    CHECK_CODE(countermark_entries_add_json(faulty, TEXT("{}"), NULL), COUNTERMARK_MALFORMED_ENTRY);
    const countermark_request requests[] = {
        {TEXT(NAME), good, policy},      {NULL, 5, good, policy}, {"x", (size_t)-1, good, policy},
        {NULL, 0, good, policy},         {TEXT("\xFF"), good, policy}, {TEXT(NAME), NULL, policy},
        {TEXT(NAME), good, NULL},        {TEXT(NAME), faulty, policy}, {TEXT(NAME), good, misspelt},
        {TEXT(NAME), good, policy},
    };
    const struct {
        uint32_t code;
        const char *names;
    } expected[] = {
        {COUNTERMARK_VERIFIED, NULL},
        {COUNTERMARK_INVALID_ARGUMENT, "`requests[1].artifact_name`"},
        {COUNTERMARK_INVALID_ARGUMENT, "`requests[2].artifact_name`"},
        {COUNTERMARK_MALFORMED_NAME, ""},
        {COUNTERMARK_MALFORMED_NAME, "`requests[4].artifact_name`"},
        {COUNTERMARK_INVALID_ARGUMENT, "`requests[5].entries`"},
        {COUNTERMARK_INVALID_ARGUMENT, "`requests[6].policy`"},
        {COUNTERMARK_MALFORMED_ENTRY, ""},
        {COUNTERMARK_MALFORMED_POLICY, "source_repo"},
        {COUNTERMARK_VERIFIED, NULL},
    };
    enum { COUNT = sizeof requests / sizeof *requests };
    countermark_results *results = NULL;
    CHECK_CODE(countermark_verify_many(verifier, requests, COUNT, NULL, &results, NULL), COUNTERMARK_DONE);
    for (size_t at = 0; at < COUNT; at++) {
        const countermark_rejection *rejection = countermark_results_rejection(results, at);
        CHECK_CODE(countermark_results_code(results, at), expected[at].code);
        CHECK((rejection == NULL) == (expected[at].names == NULL));
        CHECK(rejection == NULL || strstr(countermark_rejection_detail(rejection).data, expected[at].names) != NULL);
    }
    countermark_results_free(results);
    countermark_policy_free(misspelt);
    countermark_entries_free(faulty);
    countermark_entries_free(good);
}

static void many_are_answered_in_their_order(void)
{
    enum { COUNT = 100 };
    countermark_entries *good = entries_of("quickstart/log.json");
    countermark_entries *revoked = entries_of("quickstart/revoked.json");
    countermark_request requests[COUNT];
    const uint32_t expected[] = {COUNTERMARK_VERIFIED, COUNTERMARK_REVOKED_SIGNATURE, COUNTERMARK_MALFORMED_NAME,
                                 COUNTERMARK_INVALID_ARGUMENT};
    for (size_t index = 0; index < COUNT; index++) {
        const countermark_request request = {
            index % 4 == 2 ? "image:latest" : NAME, index % 4 == 2 ? 12 : sizeof NAME - 1,
            index % 4 == 1 ? revoked : index % 4 == 3 ? NULL : good, policy};
        requests[index] = request;
    }
    countermark_results *results;
    CHECK_CODE(countermark_verify_many(verifier, requests, COUNT, NULL, &results, NULL), COUNTERMARK_DONE);
    countermark_entries_free(good);
    countermark_entries_free(revoked);
    CHECK(countermark_results_count(results) == COUNT);
    for (size_t index = 0; index < COUNT; index++) {
        const countermark_verified *verified = countermark_results_verified(results, index);
        const countermark_rejection *rejection = countermark_results_rejection(results, index);
        CHECK_CODE(countermark_results_code(results, index), expected[index % 4]);
        CHECK((verified != NULL) == (index % 4 == 0) && (rejection == NULL) == (index % 4 == 0));
        if (rejection != NULL) {
            CHECK_CODE(countermark_rejection_code(rejection), expected[index % 4]);
        } else {
            CHECK_TEXT(countermark_verified_artifact_name(verified), NAME);
        }
    }
    CHECK_CODE(countermark_results_code(results, COUNT), COUNTERMARK_INVALID_ARGUMENT);
    CHECK(countermark_results_verified(results, COUNT) == NULL);
    CHECK(countermark_results_rejection(results, COUNT) == NULL);
    countermark_results_free(results);
    CHECK_CODE(countermark_verify_many(verifier, NULL, 0, NULL, &results, NULL), COUNTERMARK_DONE);
    CHECK(countermark_results_count(results) == 0);
    countermark_results_free(results);
}

static void codes_are_told_of(void)
{
    size_t known = 0;
    for (uint32_t number = 0; number < 300; number++) {
        countermark_text name = countermark_code_name(number);
        if (number == COUNTERMARK_DONE) {
            CHECK_TEXT(name, "done");
        } else if (name.data != NULL) {
            CHECK(countermark_code_check(number).length > 0);
            CHECK(countermark_code_cause(number).length > 0);
            CHECK(countermark_code_remedy(number).length > 0);
            known++;
        } else {
            CHECK(countermark_code_check(number).data == NULL);
        }
    }
    CHECK(known == 31);
    CHECK_TEXT(countermark_code_name(COUNTERMARK_VERIFIED), "verified");
    CHECK(countermark_version_number() == COUNTERMARK_VERSION_NUMBER);
    CHECK_TEXT(countermark_version(), COUNTERMARK_VERSION);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    testdata = argv[1];
    size_t length;
    char *text = read_file(testdata, "quickstart/root.pem", &length);
    CHECK_CODE(countermark_verifier_from_pem(text, length, &verifier, NULL), COUNTERMARK_DONE);
    free(text);
    text = read_file(testdata, "quickstart/policy.json", &length);
    CHECK_CODE(countermark_policy_from_json(text, length, &policy, NULL), COUNTERMARK_DONE);
    free(text);

    verified_tells_what_was_established();
    entries_are_made_field_by_field();
    a_failure_to_add_is_remembered();
    a_forgotten_revoked_is_malformed();
    pem_is_read_where_der_is_meant();
    records_are_read_one_by_one();
    endor_labs_records_are_read();
    policies_are_made_field_by_field();
    a_policys_failure_is_remembered();
    a_verifiers_failure_is_remembered();
    a_rejection_tells_why();
    other_candidates_are_told();
    a_report_tells_every_check();
    the_callers_time_is_heeded();
    a_success_leaves_no_reason();
    the_leeway_is_added_to_the_callers_time();
    a_revocation_reaches_as_far_as_the_policy_says();
    a_bad_request_ends_nothing_else();
    many_are_answered_in_their_order();
    codes_are_told_of();

    countermark_policy_free(policy);
    countermark_verifier_free(verifier);
    return 0;
}

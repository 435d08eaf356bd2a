/* Verifies a real message of the public Sigstore instance, and others that differ from it. */

#include "json.h"
#include "support.h"

static uint8_t *base64(json string, size_t *length)
{
    const char *digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t text_length;
    char *text = json_text(string, &text_length);
    uint8_t *bytes = malloc(text_length + 1);
    CHECK(bytes != NULL);
    unsigned bits = 0, held = 0;
    *length = 0;
    for (size_t at = 0; at < text_length && text[at] != '='; at++) {
        const char *digit = strchr(digits, text[at]);
        CHECK(digit != NULL && text[at] != '\0');
        bits = (bits << 6) | (unsigned)(digit - digits);
        held += 6;
        if (held >= 8) {
            held -= 8;
            bytes[(*length)++] = (uint8_t)(bits >> held);
            bits &= (1u << held) - 1;
        }
    }
    free(text);
    return bytes;
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    json file;
    char *bytes = read_file(argv[1], "sigstore/messages.json", &file.length);
    file.data = bytes;
    json cases = json_member(file, "cases"), found = {NULL, 0};
    size_t position = 0, length, chain_length;
    for (int at = 0; at <= 1; at++) {
        found = json_item(cases, &position);
    }

    countermark_verifier *verifier;
    char *anchors = json_text(json_member(file, "trust_anchors"), &length);
    CHECK_CODE(countermark_verifier_from_pem(anchors, length, &verifier, NULL), COUNTERMARK_DONE);
    free(anchors);

    countermark_policy *policy, *unconstrained;
    CHECK_CODE(countermark_policy_new(TEXT("unused"), TEXT(ISSUER), &policy, NULL), COUNTERMARK_DONE);
    countermark_policy_set_max_certificate_lifetime_seconds(policy, 600);
    countermark_policy_require(policy, TEXT("source_repository_ref"), TEXT("refs/heads/main"));
    CHECK_CODE(countermark_policy_new(TEXT("unused"), TEXT(ISSUER), &unconstrained, NULL), COUNTERMARK_DONE);
    countermark_policy_set_max_certificate_lifetime_seconds(unconstrained, 600);

    uint8_t *der = base64(json_member(found, "signature"), &length);
    countermark_message_signature *signature;
    CHECK_CODE(countermark_message_signature_new(der, length, &signature, NULL), COUNTERMARK_DONE);
    char *pem = json_text(json_member(found, "certificate"), &chain_length);
    countermark_message_signature_add_certificates_pem(signature, pem, chain_length);
    free(pem);
    pem = json_text(json_member(found, "intermediates"), &chain_length);
    countermark_message_signature_add_certificates_pem(signature, pem, chain_length);
    free(pem);
    size_t time_length;
    char *time = json_text(json_member(found, "timestamp"), &time_length);
    countermark_message_signature_set_timestamp(signature, time, time_length);

    size_t message_length;
    uint8_t *message = base64(json_member(found, "message"), &message_length);
    const uint32_t by_claims = COUNTERMARK_SIGNER_BY_CLAIMS, any = COUNTERMARK_ANY_SIGNER_OF_ISSUER;
    countermark_verified *verified;
    countermark_rejection *why;
    CHECK_CODE(countermark_verify_message(verifier, message, message_length, signature, policy, by_claims, NULL,
                                          &verified, &why),
               COUNTERMARK_VERIFIED);
    CHECK(why == NULL);
    size_t index = 99;
    CHECK(!countermark_verified_entry(verified, &index) && index == 99);
    CHECK(countermark_verified_artifact_name(verified).data == NULL);
    CHECK(countermark_verified_namespace(verified).data == NULL);
    CHECK_TEXT(countermark_verified_claim(verified, TEXT("source_repository_ref")), "refs/heads/main");
    CHECK(strstr(countermark_verified_text(verified).data, "verified: the message") != NULL);

    /* By its certificates in DER and a time in seconds. */
    countermark_message_signature *of_fields;
    countermark_timestamp timestamp;
    CHECK(countermark_verified_timestamp(verified, &timestamp));
    CHECK_CODE(countermark_message_signature_new(der, length, &of_fields, NULL), COUNTERMARK_DONE);
    countermark_bytes certificate = countermark_verified_leaf(verified);
    countermark_message_signature_add_certificate(of_fields, certificate.data, certificate.length);
    certificate = countermark_verified_path_certificate(verified, 0);
    countermark_message_signature_add_certificate(of_fields, certificate.data, certificate.length);
    countermark_message_signature_set_timestamp_unix(of_fields, timestamp.seconds, timestamp.nanoseconds);
    CHECK_CODE(countermark_verify_message(verifier, message, message_length, of_fields, policy, by_claims, NULL, NULL,
                                          NULL),
               COUNTERMARK_VERIFIED);
    countermark_verified_free(verified);

    /* Another message; a caller's time before the signature's; a digest of another length, and of another message. */
    CHECK_CODE(countermark_verify_message(verifier, message, message_length - 1, signature, policy, by_claims, NULL,
                                          &verified, &why),
               COUNTERMARK_INVALID_SIGNATURE);
    CHECK(verified == NULL);
    CHECK_TEXT(countermark_rejection_check(why), "signature");
    countermark_rejection_free(why);
    timestamp.seconds--;
    CHECK_CODE(countermark_verify_message(verifier, message, message_length, signature, policy, by_claims, &timestamp,
                                          NULL, NULL),
               COUNTERMARK_TIME_MISMATCH);
    countermark_verifier *lenient = NULL;
    countermark_verifier_builder *builder = NULL;
    size_t anchors_length;
    anchors = json_text(json_member(file, "trust_anchors"), &anchors_length);
    CHECK_CODE(countermark_verifier_builder_new(anchors, anchors_length, &builder, NULL), COUNTERMARK_DONE);
    CHECK_CODE(countermark_verifier_builder_set_now_leeway_seconds(builder, 1), COUNTERMARK_DONE);
    CHECK_CODE(countermark_verifier_builder_build(builder, &lenient, NULL), COUNTERMARK_DONE);
    CHECK_CODE(countermark_verify_message(lenient, message, message_length, signature, policy, by_claims, &timestamp,
                                          NULL, NULL),
               COUNTERMARK_VERIFIED);
    countermark_verifier_builder_free(builder);
    countermark_verifier_free(lenient);
    free(anchors);
    CHECK_CODE(countermark_verify_message_sha256(verifier, message, 31, signature, policy, by_claims, NULL, NULL, NULL),
               COUNTERMARK_INVALID_ARGUMENT);
    CHECK_CODE(countermark_verify_message_sha256(verifier, message, 32, signature, policy, by_claims, NULL, NULL, NULL),
               COUNTERMARK_INVALID_SIGNATURE);

    /* Who signs must be said. */
    CHECK_CODE(countermark_verify_message(verifier, message, message_length, signature, unconstrained, by_claims, NULL,
                                          NULL, NULL),
               COUNTERMARK_MALFORMED_POLICY);
    CHECK_CODE(countermark_verify_message(verifier, message, message_length, signature, unconstrained, any, NULL,
                                          &verified, NULL),
               COUNTERMARK_VERIFIED);
    CHECK_TEXT(countermark_verified_warning_name(verified, 0), "signer_unconstrained");
    countermark_verified_free(verified);
    for (uint32_t number = 3; number != 1; number = number == 3 ? 0 : 1) {
        CHECK_CODE(countermark_verify_message(verifier, message, message_length, signature, policy, number, NULL, NULL,
                                              NULL),
                   COUNTERMARK_INVALID_ARGUMENT);
    }

    /* An artifact's name is no message. */
    CHECK_CODE(countermark_verify_message(verifier, (const uint8_t *)NAME, sizeof NAME - 1, signature, policy,
                                          by_claims, NULL, NULL, NULL),
               COUNTERMARK_MALFORMED_MESSAGE);

    /* A failure is remembered; so is what is missing. */
    CHECK_CODE(countermark_message_signature_set_timestamp(signature, time, time_length), COUNTERMARK_MALFORMED_ENTRY);
    CHECK_CODE(countermark_verify_message(verifier, message, message_length, signature, policy, by_claims, NULL, NULL,
                                          NULL),
               COUNTERMARK_MALFORMED_ENTRY);
    countermark_message_signature_free(signature);
    CHECK_CODE(countermark_message_signature_new(der, length, &signature, NULL), COUNTERMARK_DONE);
    CHECK_CODE(countermark_verify_message(verifier, message, message_length, signature, policy, by_claims, NULL, NULL,
                                          NULL),
               COUNTERMARK_MALFORMED_ENTRY);

    countermark_message_signature_free(of_fields);
    countermark_message_signature_free(signature);
    countermark_policy_free(unconstrained);
    countermark_policy_free(policy);
    countermark_verifier_free(verifier);
    free(message);
    free(time);
    free(der);
    free(bytes);
    return 0;
}

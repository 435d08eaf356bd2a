/* Runs every vector of the directories that are named, and of the one that COUNTERMARK_VECTORS names. */

#define _POSIX_C_SOURCE 200809L

#include "json.h"
#include "support.h"

#include <dirent.h>

/* The vectors that the project has at least. */
#define KNOWN_VECTORS 107

static json required(json vector, const char *member)
{
    json value = json_member(vector, member);
    CHECK(value.data != NULL);
    return value;
}

static countermark_code make_verifier(json vector, countermark_verifier **verifier)
{
    size_t length;
    char *pem = json_text(required(vector, "trust_anchors"), &length);
    countermark_verifier_builder *builder;
    countermark_code code = countermark_verifier_builder_new(pem, length, &builder, NULL);
    free(pem);
    *verifier = NULL;
    if (code.number != COUNTERMARK_DONE) {
        CHECK(builder == NULL);
        return code;
    }
    json intermediates = json_member(vector, "intermediates");
    if (intermediates.data != NULL) {
        pem = json_text(intermediates, &length);
        countermark_verifier_builder_add_intermediates(builder, pem, length);
        free(pem);
    }
    json distrusted = json_member(vector, "distrusted");
    size_t position = 0;
    while (distrusted.data != NULL) {
        json item = json_item(distrusted, &position);
        if (item.data == NULL) {
            break;
        }
        char *digest = json_text(item, &length);
        countermark_verifier_builder_distrust(builder, digest, length);
        free(digest);
    }
    code = countermark_verifier_builder_build(builder, verifier, NULL);
    countermark_verifier_builder_free(builder);
    return code;
}

/* What the library says through its header; examine and verify_many must agree with verify. */
static countermark_code judge(
    json vector, const countermark_verifier *verifier, const countermark_policy *policy,
    const countermark_entries *entries)
{
    countermark_timestamp timestamp, *now = NULL;
    size_t length;
    json now_json = json_member(vector, "now");
    if (now_json.data != NULL) {
        char *text = json_text(now_json, &length);
        CHECK_CODE(countermark_timestamp_from_text(text, length, &timestamp, NULL), COUNTERMARK_DONE);
        free(text);
        now = &timestamp;
    }
    char *name = json_text(required(vector, "artifact_name"), &length);
    countermark_verified *verified;
    countermark_rejection *rejection;
    countermark_code code =
        countermark_verify(verifier, name, length, entries, policy, now, &verified, &rejection);
    CHECK((code.number == COUNTERMARK_VERIFIED) == (verified != NULL));
    CHECK((code.number == COUNTERMARK_VERIFIED) == (rejection == NULL));

    countermark_request request = {name, length, entries, policy};
    countermark_results *results;
    CHECK_CODE(countermark_verify_many(verifier, &request, 1, now, &results, NULL), COUNTERMARK_DONE);
    CHECK_CODE(countermark_results_code(results, 0), code.number);

    countermark_report *report;
    countermark_code examined =
        countermark_examine(verifier, name, length, entries, policy, now, &report, NULL);
    if (examined.number == COUNTERMARK_DONE) {
        CHECK_CODE(countermark_report_verdict(report), code.number);
    } else {
        CHECK(examined.number == code.number && report == NULL);
    }
    countermark_report_free(report);
    countermark_results_free(results);
    countermark_rejection_free(rejection);
    countermark_verified_free(verified);
    free(name);
    return code;
}

/* Builds everything in the stated order; the first that is malformed gives the code. */
static countermark_code run(json vector)
{
    countermark_verifier *verifier;
    countermark_policy *policy = NULL;
    countermark_entries *entries = NULL;
    countermark_code code = make_verifier(vector, &verifier);
    if (code.number == COUNTERMARK_DONE) {
        json text = required(vector, "policy");
        code = countermark_policy_from_json(text.data, text.length, &policy, NULL);
    }
    if (code.number == COUNTERMARK_DONE) {
        json text = required(vector, "entries");
        code = countermark_entries_from_json(text.data, text.length, &entries, NULL);
    }
    if (code.number == COUNTERMARK_DONE) {
        code = judge(vector, verifier, policy, entries);
    }
    countermark_entries_free(entries);
    countermark_policy_free(policy);
    countermark_verifier_free(verifier);
    return code;
}

static size_t run_directory(const char *directory, size_t *failures)
{
    size_t count = 0;
    DIR *files = opendir(directory);
    if (files == NULL) {
        perror(directory);
        exit(1);
    }
    struct dirent *file;
    while ((file = readdir(files)) != NULL) {
        size_t name_length = strlen(file->d_name);
        if (name_length < 5 || strcmp(file->d_name + name_length - 5, ".json") != 0) {
            continue;
        }
        json vector;
        char *bytes = read_file(directory, file->d_name, &vector.length);
        vector.data = bytes;
        size_t expected_length;
        char *expected = json_text(required(vector, "expected"), &expected_length);
        countermark_text outcome = countermark_code_name(run(vector).number);
        if (!countermark_text_equals(outcome, expected, expected_length)) {
            fprintf(stderr, "%s: expected %.*s, got %s\n", file->d_name, (int)expected_length, expected,
                    outcome.data == NULL ? "no code" : outcome.data);
            (*failures)++;
        }
        free(expected);
        free(bytes);
        count++;
    }
    closedir(files);
    return count;
}

int main(int argc, char **argv)
{
    size_t failures = 0;
    CHECK(argc == 2);
    size_t count = run_directory(argv[1], &failures);
    CHECK(count >= KNOWN_VECTORS);
    const char *more = getenv("COUNTERMARK_VECTORS");
    if (more != NULL && more[0] != '\0') {
        size_t of_environment = run_directory(more, &failures);
        CHECK(of_environment > 0);
        count += of_environment;
    }
    printf("%zu vectors, %zu failed\n", count, failures);
    return failures == 0 ? 0 : 1;
}

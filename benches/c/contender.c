/*
 * The C contender.
 *
 *   contender DIRECTORY         answers requests as src/serve.rs says
 *   contender DIRECTORY CASE    verifies one case and ends: 0 if it is verified
 */

#define _POSIX_C_SOURCE 200809L

#include <countermark.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void fail(const char *what)
{
    fprintf(stderr, "contender: %s\n", what);
    exit(2);
}

/* A file's bytes; empty if there is no such file. */
static char *read_file(const char *directory, const char *name, const char *file, size_t *length)
{
    char path[4096];
    if (snprintf(path, sizeof path, "%s/%s/%s", directory, name, file) >= (int)sizeof path) {
        fail("the path is too long");
    }
    FILE *stream = fopen(path, "rb");
    char *bytes = NULL;
    *length = 0;
    if (stream == NULL) {
        return NULL;
    }
    if (fseek(stream, 0, SEEK_END) == 0) {
        long size = ftell(stream);
        rewind(stream);
        bytes = size < 0 ? NULL : malloc((size_t)size + 1);
        if (bytes != NULL) {
            *length = fread(bytes, 1, (size_t)size, stream);
            bytes[*length] = '\0';
        }
    }
    if (bytes == NULL) {
        fail(path);
    }
    fclose(stream);
    return bytes;
}

static void check(countermark_code code)
{
    if (code.number != COUNTERMARK_DONE) {
        fail("the material is malformed");
    }
}

struct material {
    countermark_verifier *verifier;
    countermark_policy *policy;
    countermark_entries *entries;
    countermark_message_signature *signature;
    char *entries_json, *policy_json, *name, *message;
    size_t entries_json_length, policy_json_length, name_length, message_length;
    countermark_request *requests;
    size_t request_count;
};

static void read_material(struct material *material, const char *directory, const char *name)
{
    size_t anchors_length, intermediates_length, length;
    char *anchors = read_file(directory, name, "anchors.pem", &anchors_length);
    char *intermediates = read_file(directory, name, "intermediates.pem", &intermediates_length);
    countermark_verifier_builder *builder;
    memset(material, 0, sizeof *material);
    check(countermark_verifier_builder_new(anchors, anchors_length, &builder, NULL));
    if (intermediates_length > 0) {
        check(countermark_verifier_builder_add_intermediates(builder, intermediates, intermediates_length));
    }
    check(countermark_verifier_builder_build(builder, &material->verifier, NULL));
    countermark_verifier_builder_free(builder);
    material->policy_json = read_file(directory, name, "policy.json", &material->policy_json_length);
    check(countermark_policy_from_json(
        material->policy_json, material->policy_json_length, &material->policy, NULL));
    material->name = read_file(directory, name, "name.txt", &material->name_length);
    material->entries_json = read_file(directory, name, "entries.json", &material->entries_json_length);
    if (material->entries_json != NULL) {
        check(countermark_entries_from_json(
            material->entries_json, material->entries_json_length, &material->entries, NULL));
    }
    material->message = read_file(directory, name, "message", &material->message_length);
    if (material->message != NULL) {
        char *signature = read_file(directory, name, "signature.der", &length);
        check(countermark_message_signature_new((uint8_t *)signature, length, &material->signature, NULL));
        char *leaf = read_file(directory, name, "leaf.pem", &length);
        check(countermark_message_signature_add_certificates_pem(material->signature, leaf, length));
        char *timestamp = read_file(directory, name, "timestamp.txt", &length);
        check(countermark_message_signature_set_timestamp(material->signature, timestamp, length));
        free(timestamp);
        free(leaf);
        free(signature);
    }
    free(intermediates);
    free(anchors);
}

/* What is measured must do what it is there for. */
static void check_outcome(const struct material *material, const char *directory, const char *name)
{
    size_t length;
    char *expected = read_file(directory, name, "expected.txt", &length);
    if (expected != NULL) {
        countermark_rejection *why;
        uint32_t code = countermark_verify(
            material->verifier, material->name, material->name_length, material->entries, material->policy,
            NULL, NULL, &why).number;
        countermark_text outcome = countermark_code_name(code);
        bool is_expected = code == COUNTERMARK_VERIFIED
            ? strcmp(expected, "verified") == 0
            : countermark_text_equals(outcome, expected, length);
        if (!is_expected) {
            fail("another outcome than expected");
        }
        countermark_rejection_free(why);
        free(expected);
    }
}

static uint32_t verify(const struct material *material)
{
    countermark_verified *verified;
    countermark_rejection *why;
    uint32_t code = countermark_verify(
        material->verifier, material->name, material->name_length, material->entries, material->policy, NULL,
        &verified, &why).number;
    countermark_verified_free(verified);
    countermark_rejection_free(why);
    return code;
}

static void run_verify(const struct material *material)
{
    verify(material);
}

static void run_verify_message(const struct material *material)
{
    countermark_verified *verified;
    uint32_t code = countermark_verify_message(
        material->verifier, (uint8_t *)material->message, material->message_length, material->signature,
        material->policy, COUNTERMARK_SIGNER_BY_CLAIMS, NULL, &verified, NULL).number;
    if (code != COUNTERMARK_VERIFIED) {
        fail("the message was refused");
    }
    countermark_verified_free(verified);
}

/* Each artifact with an entry list of its own, as a log that is searched would give them. */
static void read_requests(struct material *material, const char *directory, const char *name)
{
    size_t names_length, lines_length;
    char *names = read_file(directory, name, "names.txt", &names_length);
    char *lines = read_file(directory, name, "entries.jsonl", &lines_length);
    if (names == NULL || lines == NULL) {
        return;
    }
    for (size_t index = 0; index < names_length; index++) {
        material->request_count += names[index] == '\n';
    }
    material->requests = calloc(material->request_count, sizeof *material->requests);
    if (material->requests == NULL) {
        fail("there is no memory");
    }
    char *artifact = names, *line = lines;
    for (size_t index = 0; index < material->request_count; index++) {
        countermark_request *request = &material->requests[index];
        size_t line_length = strcspn(line, "\n");
        countermark_entries *entries;
        check(countermark_entries_from_json(line, line_length, &entries, NULL));
        line += line_length + 1;
        request->artifact_name = artifact;
        request->artifact_name_length = strcspn(artifact, "\n");
        artifact += request->artifact_name_length + 1;
        request->entries = entries;
        request->policy = material->policy;
    }
    /* The names are kept, since the requests point to them. */
    free(lines);
}

static void run_verify_many(const struct material *material)
{
    countermark_results *results;
    check(countermark_verify_many(
        material->verifier, material->requests, material->request_count, NULL, &results, NULL));
    for (size_t index = 0; index < material->request_count; index++) {
        if (countermark_results_code(results, index).number != COUNTERMARK_VERIFIED) {
            fail("an entry of the log was refused");
        }
    }
    countermark_results_free(results);
}

static void run_examine(const struct material *material)
{
    countermark_report *report;
    check(countermark_examine(
        material->verifier, material->name, material->name_length, material->entries, material->policy, NULL,
        &report, NULL));
    countermark_report_free(report);
}

static void run_read_entry(const struct material *material)
{
    countermark_entries *entries;
    check(countermark_entries_from_json(
        material->entries_json, material->entries_json_length, &entries, NULL));
    countermark_entries_free(entries);
}

static void run_read_policy(const struct material *material)
{
    countermark_policy *policy;
    check(countermark_policy_from_json(material->policy_json, material->policy_json_length, &policy, NULL));
    countermark_policy_free(policy);
}

struct action {
    const char *name;
    void (*run)(const struct material *material);
};

static const struct action actions[] = {
    { "verify", run_verify },
    { "verify-message", run_verify_message },
    { "verify-many", run_verify_many },
    { "examine", run_examine },
    { "read-entry", run_read_entry },
    { "read-policy", run_read_policy },
};

/* Cases are read once and kept. */
struct held {
    char name[64];
    struct material material;
};

static struct material *hold(const char *directory, const char *name)
{
    static struct held all[64];
    static size_t count;
    for (size_t index = 0; index < count; index++) {
        if (strcmp(all[index].name, name) == 0) {
            return &all[index].material;
        }
    }
    if (count == sizeof all / sizeof *all || strlen(name) >= sizeof all->name) {
        fail("too many cases");
    }
    strcpy(all[count].name, name);
    read_material(&all[count].material, directory, name);
    check_outcome(&all[count].material, directory, name);
    read_requests(&all[count].material, directory, name);
    return &all[count++].material;
}

static uint64_t nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void serve(const char *directory)
{
    #ifdef __clang__
    printf("compiled by %s\n", __VERSION__);
#else
    printf("compiled by GCC %s\n", __VERSION__);
#endif
    fflush(stdout);
    unsigned long iterations;
    char action[64], name[64];
    while (scanf("%lu %63s %63s", &iterations, action, name) == 3) {
        const struct action *found = NULL;
        for (size_t index = 0; index < sizeof actions / sizeof *actions; index++) {
            if (strcmp(actions[index].name, action) == 0) {
                found = &actions[index];
            }
        }
        if (found == NULL) {
            fail("there is no such case");
        }
        const struct material *material = hold(directory, name);
        uint64_t start = nanoseconds();
        for (unsigned long iteration = 0; iteration < iterations; iteration++) {
            found->run(material);
        }
        printf("%llu\n", (unsigned long long)(nanoseconds() - start));
        fflush(stdout);
    }
}

int main(int argc, char **argv)
{
    if (argc == 3) {
        struct material material;
        read_material(&material, argv[1], argv[2]);
        return verify(&material) == COUNTERMARK_VERIFIED ? 0 : 1;
    }
    if (argc != 2) {
        fail("usage: contender DIRECTORY [CASE]");
    }
    serve(argv[1]);
    return 0;
}

/*
 * Verifies a file by a Sigstore bundle, for what GitHub Actions built from a repository: prints what was established or why
 * it was refused, then the report. Exits 0 (verified), 1 (refused) or 2 (it could not be judged).
 *
 *   verify_bundle trusted_root.json bundle.json file owner/name
 */

#include <countermark.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct file {
    char *bytes;
    size_t length;
};

/* Reads a whole file, which the caller frees, or says why not. */
static bool read_file(const char *path, struct file *file)
{
    FILE *stream = fopen(path, "rb");
    size_t capacity = 0;
    bool good = stream != NULL;
    while (good && file->length == capacity) {
        capacity = capacity == 0 ? 1 << 16 : 2 * capacity;
        char *larger = realloc(file->bytes, capacity);
        good = larger != NULL;
        if (good) {
            file->bytes = larger;
            file->length += fread(larger + file->length, 1, capacity - file->length, stream);
            good = !ferror(stream);
        }
    }
    if (!good) {
        perror(path);
    }
    if (stream != NULL) {
        fclose(stream);
    }
    return good;
}

/* Makes an artifact of a file, read in pieces, so that it may be of any size. */
static countermark_code digest_file(const char *path, countermark_artifact **artifact, countermark_rejection **why)
{
    static unsigned char piece[1 << 16];
    countermark_artifact_digester *digester = NULL;
    countermark_code code = countermark_artifact_digester_new(NULL, 0, &digester, why);
    if (code.number != COUNTERMARK_DONE) {
        return code;
    }
    FILE *stream = fopen(path, "rb");
    size_t length = 1;
    while (stream != NULL && length > 0) {
        length = fread(piece, 1, sizeof piece, stream);
        countermark_artifact_digester_update(digester, piece, length);
    }
    if (stream == NULL || ferror(stream)) {
        perror(path);
        code.number = COUNTERMARK_INVALID_ARGUMENT;
    } else {
        code = countermark_artifact_digester_finish(digester, artifact, why);
    }
    if (stream != NULL) {
        fclose(stream);
    }
    countermark_artifact_digester_free(digester);
    return code;
}

/* The exit status. What a call is given to write to is NULL before the first call, and freed after the last. */
static int verify(struct file trusted_root, struct file json, const char *path, const char *repository)
{
    countermark_trusted_root *root = NULL;
    countermark_verifier *verifier = NULL;
    countermark_bundle *bundle = NULL;
    countermark_bundle_policy *policy = NULL;
    countermark_artifact *artifact = NULL;
    countermark_verified *verified = NULL;
    countermark_rejection *why = NULL;

    countermark_code code = countermark_trusted_root_from_json(trusted_root.bytes, trusted_root.length, &root, &why);
    if (code.number == COUNTERMARK_DONE) {
        code = countermark_verifier_from_trusted_root(root, &verifier, &why);
    }
    if (code.number == COUNTERMARK_DONE) {
        code = countermark_bundle_from_json(json.bytes, json.length, &bundle, &why);
    }
    if (code.number == COUNTERMARK_DONE) {
        code = countermark_bundle_policy_for_github(repository, strlen(repository), &policy, &why);
    }
    if (code.number == COUNTERMARK_DONE) {
        code = digest_file(path, &artifact, &why);
    }
    if (code.number == COUNTERMARK_DONE) {
        code = countermark_verify_bundle(verifier, artifact, bundle, policy, NULL, &verified, &why);
    }

    if (code.number == COUNTERMARK_VERIFIED) {
        printf("%s\n", countermark_verified_text(verified).data);
    } else if (why != NULL) {
        fprintf(stderr, "%s\n", countermark_rejection_text(why).data);
    }
    countermark_verified_free(verified);
    countermark_rejection_free(why);

    int status = code.number == COUNTERMARK_VERIFIED ? 0 : 2;
    if (code.number != COUNTERMARK_VERIFIED && code.number < COUNTERMARK_MALFORMED_TRUST_ANCHOR) {
        status = 1;
    }
    if (status != 2) {
        countermark_bundle_report *report = NULL;
        code = countermark_examine_bundle(verifier, artifact, bundle, policy, NULL, &report, NULL);
        if (code.number == COUNTERMARK_DONE) {
            printf("\n%s\n", countermark_bundle_report_text(report).data);
        }
        countermark_bundle_report_free(report);
    }
    countermark_artifact_free(artifact);
    countermark_bundle_policy_free(policy);
    countermark_bundle_free(bundle);
    countermark_verifier_free(verifier);
    countermark_trusted_root_free(root);
    return status;
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: %s trusted_root.json bundle.json file owner/name\n", argv[0]);
        return 2;
    }
    struct file root = {NULL, 0}, bundle = {NULL, 0};
    int status = 2;
    if (read_file(argv[1], &root) && read_file(argv[2], &bundle)) {
        status = verify(root, bundle, argv[3], argv[4]);
    }
    free(bundle.bytes);
    free(root.bytes);
    return status;
}

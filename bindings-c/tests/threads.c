/* One verifier, one policy, one list of entries and one result are used from many threads at once. */

#include "support.h"

#include <pthread.h>

#define THREADS 8
#define ROUNDS 5

struct shared {
    countermark_verifier *verifier;
    countermark_policy *policy;
    countermark_entries *entries;
    countermark_entries *revoked;
    countermark_verified *verified;
    countermark_rejection *refused;
};

static void *verify(void *argument)
{
    const struct shared *shared = argument;
    /* The first to ask has it written, and everybody is lent the same text. */
    countermark_text json = countermark_verified_json(shared->verified);
    CHECK(json.length > 0);
    CHECK_TEXT(countermark_verified_artifact_name(shared->verified), NAME);
    CHECK(strncmp(countermark_rejection_text(shared->refused).data, "revoked_signature: ", 19) == 0);
    CHECK_TEXT(countermark_rejection_check(shared->refused), "revocation");
    for (int round = 0; round < ROUNDS; round++) {
        countermark_verified *verified;
        countermark_rejection *rejection;
        CHECK_CODE(countermark_verify(shared->verifier, TEXT(NAME), shared->entries, shared->policy, NULL,
                                      &verified, NULL),
                   COUNTERMARK_VERIFIED);
        CHECK_TEXT(countermark_verified_artifact_name(verified), NAME);
        CHECK_CODE(countermark_verify(shared->verifier, TEXT(NAME), shared->revoked, shared->policy, NULL,
                                      NULL, &rejection),
                   COUNTERMARK_REVOKED_SIGNATURE);
        CHECK_TEXT(countermark_rejection_check(rejection), "revocation");
        countermark_verified_free(verified);
        countermark_rejection_free(rejection);
    }
    return (void *)json.data;
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    struct shared shared;
    size_t length;
    char *text = read_file(argv[1], "quickstart/root.pem", &length);
    CHECK_CODE(countermark_verifier_from_pem(text, length, &shared.verifier, NULL), COUNTERMARK_DONE);
    free(text);
    text = read_file(argv[1], "quickstart/policy.json", &length);
    CHECK_CODE(countermark_policy_from_json(text, length, &shared.policy, NULL), COUNTERMARK_DONE);
    free(text);
    text = read_file(argv[1], "quickstart/log.json", &length);
    CHECK_CODE(countermark_entries_from_json(text, length, &shared.entries, NULL), COUNTERMARK_DONE);
    free(text);
    text = read_file(argv[1], "quickstart/revoked.json", &length);
    CHECK_CODE(countermark_entries_from_json(text, length, &shared.revoked, NULL), COUNTERMARK_DONE);
    free(text);

    CHECK_CODE(countermark_verify(shared.verifier, TEXT(NAME), shared.entries, shared.policy, NULL, &shared.verified,
                                  NULL),
               COUNTERMARK_VERIFIED);
    CHECK_CODE(countermark_verify(shared.verifier, TEXT(NAME), shared.revoked, shared.policy, NULL, NULL,
                                  &shared.refused),
               COUNTERMARK_REVOKED_SIGNATURE);
    pthread_t threads[THREADS];
    for (int index = 0; index < THREADS; index++) {
        CHECK(pthread_create(&threads[index], NULL, verify, &shared) == 0);
    }
    for (int index = 0; index < THREADS; index++) {
        void *json;
        CHECK(pthread_join(threads[index], &json) == 0);
        CHECK(json == countermark_verified_json(shared.verified).data);
    }

    countermark_rejection_free(shared.refused);
    countermark_verified_free(shared.verified);
    countermark_entries_free(shared.revoked);
    countermark_entries_free(shared.entries);
    countermark_policy_free(shared.policy);
    countermark_verifier_free(shared.verifier);
    printf("%d threads\n", THREADS);
    return 0;
}

/* What verifying many artifacts holds: each request's own result, and no copy of the list that the requests share. The
 * linker leads every allocation through here (--wrap). */

#include "support.h"

#include <malloc.h>

enum { RECORDS = 1000, REQUESTS = 1000 };

static size_t held, most_held;

static void *counted(void *block)
{
    size_t now = __atomic_add_fetch(&held, malloc_usable_size(block), __ATOMIC_RELAXED);
    size_t most = __atomic_load_n(&most_held, __ATOMIC_RELAXED);
    while (most < now &&
           !__atomic_compare_exchange_n(&most_held, &most, now, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
    }
    return block;
}

static void *uncounted(void *block)
{
    __atomic_sub_fetch(&held, malloc_usable_size(block), __ATOMIC_RELAXED);
    return block;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
int __real_posix_memalign(void **block, size_t alignment, size_t size);
void __real_free(void *block);

void *__wrap_malloc(size_t size)
{
    return counted(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
    return counted(__real_calloc(count, size));
}

void *__wrap_realloc(void *block, size_t size)
{
    return counted(__real_realloc(uncounted(block), size));
}

int __wrap_posix_memalign(void **block, size_t alignment, size_t size)
{
    int failure = __real_posix_memalign(block, alignment, size);
    if (failure == 0) {
        counted(*block);
    }
    return failure;
}

void __wrap_free(void *block)
{
    __real_free(uncounted(block));
}

/* The one record of a file and as many others as make RECORDS, of other names. */
static countermark_entries *log_with(const char *testdata, const char *file)
{
    size_t length;
    char *text = read_file(testdata, file, &length);
    countermark_entries *entries = NULL;
    CHECK_CODE(countermark_entries_new(&entries, NULL), COUNTERMARK_DONE);
    CHECK_CODE(countermark_entries_add_json(entries, text, length, NULL), COUNTERMARK_DONE);
    char *name = strstr(text, "registry/image@");
    CHECK(name != NULL);
    for (int at = 1; at < RECORDS; at++) {
        char other[16];
        CHECK(snprintf(other, sizeof other, "registry/o%04d", at) == 14);
        memcpy(name, other, 14);
        CHECK_CODE(countermark_entries_add_json(entries, text, length, NULL), COUNTERMARK_DONE);
    }
    free(text);
    return entries;
}

static void verify_many(const char *testdata, const countermark_verifier *verifier, const countermark_policy *policy,
                        const char *file, uint32_t expected, size_t most_of_one)
{
    countermark_entries *entries = log_with(testdata, file);
    countermark_request *requests = malloc(REQUESTS * sizeof *requests);
    CHECK(requests != NULL && countermark_entries_count(entries) == RECORDS);
    for (size_t at = 0; at < REQUESTS; at++) {
        const countermark_request request = {TEXT(NAME), entries, policy};
        requests[at] = request;
    }
    const size_t before = held;
    most_held = before;
    countermark_results *results = NULL;
    CHECK_CODE(countermark_verify_many(verifier, requests, REQUESTS, NULL, &results, NULL), COUNTERMARK_DONE);
    const size_t on_the_way = (most_held - before) / REQUESTS, kept = (held - before) / REQUESTS;
    printf("%s: %zu bytes a request on the way, %zu kept\n", file, on_the_way, kept);
    CHECK_CODE(countermark_results_code(results, 0), expected);
    CHECK_CODE(countermark_results_code(results, REQUESTS - 1), expected);
    CHECK(on_the_way < 2 * most_of_one && kept < most_of_one);
    countermark_results_free(results);
    free(requests);
    countermark_entries_free(entries);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    countermark_verifier *verifier = NULL;
    countermark_policy *policy = NULL;
    size_t length;
    char *text = read_file(argv[1], "quickstart/root.pem", &length);
    CHECK_CODE(countermark_verifier_from_pem(text, length, &verifier, NULL), COUNTERMARK_DONE);
    free(text);
    text = read_file(argv[1], "quickstart/policy.json", &length);
    CHECK_CODE(countermark_policy_from_json(text, length, &policy, NULL), COUNTERMARK_DONE);
    free(text);

    verify_many(argv[1], verifier, policy, "quickstart/log.json", COUNTERMARK_VERIFIED, 6000);
    verify_many(argv[1], verifier, policy, "quickstart/late.json", COUNTERMARK_TIME_MISMATCH, 1000);

    countermark_policy_free(policy);
    countermark_verifier_free(verifier);
    return 0;
}

/* What the tests share. */

#ifndef SUPPORT_H
#define SUPPORT_H

#include <countermark.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME "registry/image@sha256:cec83ad230502a3cc1bec3edd228669625ca652b9b34ed7aece69711f86454be"
#define NAMESPACE "example-ns"
#define ISSUER "https://token.actions.githubusercontent.com"

/* A literal as the two arguments that a text is. */
#define TEXT(literal) (literal), (sizeof(literal) - 1)

#define CHECK(condition)                                                                                \
    do {                                                                                                \
        if (!(condition)) {                                                                             \
            fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #condition);                    \
            exit(1);                                                                                    \
        }                                                                                               \
    } while (0)

#define CHECK_CODE(call, expected)                                                                      \
    do {                                                                                                \
        countermark_code check_code = (call);                                                           \
        if (check_code.number != (expected)) {                                                          \
            fprintf(stderr, "%s:%d: %s gives %u\n", __FILE__, __LINE__, #call, check_code.number);     \
            exit(1);                                                                                    \
        }                                                                                               \
    } while (0)

#define CHECK_TEXT(text, expected) CHECK(countermark_text_equals((text), TEXT(expected)))

/* A whole file, with a zero byte after it. The caller frees it. */
static inline char *read_file(const char *directory, const char *name, size_t *length)
{
    char path[4096];
    CHECK(snprintf(path, sizeof path, "%s/%s", directory, name) < (int)sizeof path);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    CHECK(fseek(file, 0, SEEK_END) == 0);
    long size = ftell(file);
    CHECK(size >= 0);
    rewind(file);
    char *bytes = malloc((size_t)size + 1);
    CHECK(bytes != NULL);
    CHECK(fread(bytes, 1, (size_t)size, file) == (size_t)size);
    fclose(file);
    bytes[size] = '\0';
    *length = (size_t)size;
    return bytes;
}

#endif

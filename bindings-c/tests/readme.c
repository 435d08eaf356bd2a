/* The README's lines of C, which the Makefile cuts out of it, as a program with the arguments of examples/verify.c. */

#include <countermark.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct file {
    char *bytes;
    size_t length;
};

static struct file read_file(const char *path)
{
    enum { LARGEST = 1 << 20 };
    struct file file = {(char *)malloc(LARGEST), 0};
    FILE *stream = fopen(path, "rb");
    if (file.bytes == NULL || stream == NULL) {
        perror(path);
        exit(2);
    }
    file.length = fread(file.bytes, 1, LARGEST, stream);
    fclose(stream);
    return file;
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        return 2;
    }
    struct file anchors = read_file(argv[1]), log = read_file(argv[2]), json = read_file(argv[3]);
    const char *name = argv[4];

#include "readme.inc"

    free(json.bytes);
    free(log.bytes);
    free(anchors.bytes);
    if (code.number == COUNTERMARK_VERIFIED) {
        return 0;
    }
    return code.number < COUNTERMARK_MALFORMED_TRUST_ANCHOR ? 1 : 2;
}

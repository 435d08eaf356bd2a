#include "json.h"
#include "support.h"

static size_t skip_space(json text, size_t at)
{
    while (at < text.length && strchr(" \t\r\n", text.data[at]) != NULL) {
        at++;
    }
    return at;
}

static char byte_at(json text, size_t at)
{
    CHECK(at < text.length);
    return text.data[at];
}

/* The end of the string that begins at `at`. */
static size_t skip_string(json text, size_t at)
{
    CHECK(byte_at(text, at) == '"');
    at++;
    while (byte_at(text, at) != '"') {
        at += byte_at(text, at) == '\\' ? 2 : 1;
    }
    return at + 1;
}

/* The end of the value that begins at `at`. */
static size_t skip_value(json text, size_t at)
{
    size_t depth = 0;
    do {
        switch (byte_at(text, at)) {
        case '"':
            at = skip_string(text, at);
            break;
        case '[':
        case '{':
            depth++;
            at++;
            break;
        case ']':
        case '}':
            depth--;
            at++;
            break;
        default:
            if (depth > 0) {
                at++;
            } else {
                while (at < text.length && strchr(",]} \t\r\n", text.data[at]) == NULL) {
                    at++;
                }
            }
        }
    } while (depth > 0);
    return at;
}

json json_member(json object, const char *name)
{
    json found = {NULL, 0};
    size_t at = skip_space(object, 0);
    CHECK(byte_at(object, at) == '{');
    at = skip_space(object, at + 1);
    while (byte_at(object, at) != '}') {
        size_t key = at;
        at = skip_string(object, at);
        json written = {object.data + key, at - key};
        size_t key_length;
        char *key_text = json_text(written, &key_length);
        at = skip_space(object, at);
        CHECK(byte_at(object, at) == ':');
        at = skip_space(object, at + 1);
        size_t value = at;
        at = skip_value(object, at);
        if (key_length == strlen(name) && memcmp(key_text, name, key_length) == 0) {
            CHECK(found.data == NULL);
            found.data = object.data + value;
            found.length = at - value;
        }
        free(key_text);
        at = skip_space(object, at);
        if (byte_at(object, at) == ',') {
            at = skip_space(object, at + 1);
        }
    }
    CHECK(skip_space(object, at + 1) == object.length);
    return found;
}

json json_item(json array, size_t *position)
{
    json none = {NULL, 0};
    size_t at = skip_space(array, *position);
    if (*position == 0) {
        CHECK(byte_at(array, at) == '[');
        at = skip_space(array, at + 1);
    } else if (byte_at(array, at) == ',') {
        at = skip_space(array, at + 1);
    }
    if (byte_at(array, at) == ']') {
        return none;
    }
    *position = skip_value(array, at);
    json item = {array.data + at, *position - at};
    return item;
}

static unsigned hex_digits(json string, size_t at)
{
    unsigned number = 0;
    for (size_t digit = 0; digit < 4; digit++) {
        const char *digits = "0123456789abcdef";
        char lower = (char)(byte_at(string, at + digit) | 0x20);
        const char *found = strchr(digits, lower);
        CHECK(found != NULL && lower != '\0');
        number = number * 16 + (unsigned)(found - digits);
    }
    return number;
}

static size_t write_utf8(char *to, unsigned character)
{
    if (character < 0x80) {
        to[0] = (char)character;
        return 1;
    }
    size_t bytes = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    for (size_t at = bytes - 1; at > 0; at--) {
        to[at] = (char)(0x80 | (character & 0x3F));
        character >>= 6;
    }
    to[0] = (char)((0xF0 << (4 - bytes)) | character);
    return bytes;
}

char *json_text(json string, size_t *length)
{
    CHECK(byte_at(string, 0) == '"' && skip_string(string, 0) == string.length);
    char *text = malloc(string.length);
    CHECK(text != NULL);
    *length = 0;
    for (size_t at = 1; at + 1 < string.length;) {
        char byte = string.data[at++];
        if (byte != '\\') {
            text[(*length)++] = byte;
            continue;
        }
        char escaped = string.data[at++];
        if (escaped != 'u') {
            const char *written = "\"\\/bfnrt";
            const char *meant = "\"\\/\b\f\n\r\t";
            const char *found = strchr(written, escaped);
            CHECK(found != NULL && escaped != '\0');
            text[(*length)++] = meant[found - written];
            continue;
        }
        unsigned character = hex_digits(string, at);
        at += 4;
        if (character >= 0xD800 && character < 0xDC00) {
            CHECK(byte_at(string, at) == '\\' && byte_at(string, at + 1) == 'u');
            unsigned low = hex_digits(string, at + 2);
            CHECK(low >= 0xDC00 && low < 0xE000);
            character = 0x10000 + ((character - 0xD800) << 10) + (low - 0xDC00);
            at += 6;
        }
        *length += write_utf8(text + *length, character);
    }
    return text;
}

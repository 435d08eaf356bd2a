/*
 * As much JSON as the vectors need: the members of one object, each as the text that stands there, so that what the
 * library is to refuse (a repeated key, a wrong type) reaches it unchanged.
 */

#ifndef JSON_H
#define JSON_H

#include <stddef.h>

typedef struct json {
    const char *data;
    size_t length;
} json;

/* The JSON of an object's member; data is NULL if there is none. Ends the program if the text is no object. */
json json_member(json object, const char *name);

/* The items of an array, one after the other: begins with *position 0, and gives data NULL after the last. */
json json_item(json array, size_t *position);

/* The text that a JSON string stands for. The caller frees it. */
char *json_text(json string, size_t *length);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/embed/squeeze.h"

#include <stdbool.h>
#include <string.h>

/* The end of a comment that begins a line here and has nothing behind it; NULL for all else. */
static const char *lone_comment(const char *at)
{
    if (strncmp(at, "/*", 2) != 0)
        return NULL;
    const char *end = strstr(at, "*/");
    if (!end || end[2] != '\n')
        return NULL;
    for (const char *p = at; p < end; p++)
        if (!strncmp(p, "SPDX", 4) || !strncmp(p, "CDATA", 5) || !strncmp(p, "]]>", 3))
            return NULL;
    return end + 3;
}

static bool joins(char c)
{
    return c && strchr("=(){}[],;:?<>&|!*+-%", c);
}

/* "a - -b" and "a + ++b" need their blanks. */
static bool idle(char before, char after)
{
    bool signs = (before == '+' || before == '-') && (after == '+' || after == '-');
    return !signs && (joins(before) || joins(after));
}

/* Copies one line without its idle blanks; returns where the copy ends. */
static char *copy_line(char *to, const char *line, size_t size)
{
    bool plain = !memchr(line, '/', size) && !memchr(line, '`', size);
    char quote = 0, *start = to;
    for (size_t i = 0; i < size; i++) {
        char c = line[i];
        if (quote) {
            if (c == '\\' && i + 1 < size)
                *to++ = line[i++];
            else if (c == quote)
                quote = 0;
            *to++ = line[i];
            continue;
        }
        if (c == '\'' || c == '"')
            quote = c;
        if (plain && c == ' ' && to > start && i + 1 < size && idle(to[-1], line[i + 1]))
            continue;
        *to++ = c;
    }
    return to;
}

size_t mt_squeeze_script(char *text)
{
    char *to = text;
    for (const char *at = text; *at;) {
        at += strspn(at, " \n");
        const char *behind = lone_comment(at);
        if (behind) {
            at = behind;
            continue;
        }
        size_t size = strcspn(at, "\n");
        to = copy_line(to, at, size);
        at += size;
        if (*at)
            *to++ = *at++;
    }
    *to = '\0';
    return (size_t)(to - text);
}

size_t mt_squeeze_style(char *text)
{
    char *to = text;
    for (const char *at = text; *at;) {
        const char *behind = at == text || at[-1] == '\n' ? lone_comment(at) : NULL;
        if (behind)
            at = behind;
        else if (*at == '\n' && to > text && strchr(";{},", to[-1]))
            at++;
        else
            *to++ = *at++;
    }
    *to = '\0';
    return (size_t)(to - text);
}

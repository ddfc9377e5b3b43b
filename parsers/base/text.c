/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void mt_text_clear(struct mt_text *t)
{
    free(t->data);
    *t = (struct mt_text){0};
}

static void reserve(struct mt_text *t, size_t more)
{
    if (more >= SIZE_MAX - t->size - 1)
        mt_out_of_memory();
    size_t need = t->size + more + 1;
    if (need <= t->capacity)
        return;
    size_t capacity = t->capacity ? t->capacity : 256;
    while (capacity < need)
        capacity = capacity > SIZE_MAX / 2 ? need : capacity * 2;
    char *data = realloc(t->data, capacity);
    if (!data)
        mt_out_of_memory();
    t->data = data;
    t->capacity = capacity;
}

void mt_text_bytes(struct mt_text *t, const void *bytes, size_t size)
{
    reserve(t, size);
    if (size)
        memcpy(t->data + t->size, bytes, size);
    t->size += size;
    t->data[t->size] = '\0';
}

void mt_text_add(struct mt_text *t, const char *text)
{
    mt_text_bytes(t, text, strlen(text));
}

void mt_text_span(struct mt_text *t, struct mt_span s)
{
    mt_text_bytes(t, s.data, s.size);
}

void mt_text_byte(struct mt_text *t, char c)
{
    mt_text_bytes(t, &c, 1);
}

void mt_text_u64(struct mt_text *t, uint64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + value % 10);
    while (value /= 10);
    mt_text_bytes(t, digits + at, sizeof digits - at);
}

void mt_text_i64(struct mt_text *t, int64_t value)
{
    if (value < 0)
        mt_text_byte(t, '-');
    mt_text_u64(t, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void mt_text_printf(struct mt_text *t, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (size > 0) {
        reserve(t, (size_t)size);
        vsnprintf(t->data + t->size, (size_t)size + 1, fmt, again);
        t->size += (size_t)size;
    }
    va_end(again);
}

struct mt_span mt_text_view(const struct mt_text *t)
{
    return (struct mt_span){(const unsigned char *)(t->data ? t->data : ""), t->size};
}

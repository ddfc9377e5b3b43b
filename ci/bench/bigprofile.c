/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bigprofile SAMPLES SEED: writes a heap profile (profile.proto, not compressed) shaped like a
 * large service's: a call tree 8 to 48 frames deep, a twelfth as many functions as samples, some
 * inlined. The structure depends on SAMPLES only, SEED changes one value in ten and the time.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bytes {
    unsigned char *data;
    size_t size, capacity;
};

static void put(struct bytes *b, const void *data, size_t size)
{
    if (b->size + size > b->capacity) {
        b->capacity = (b->size + size) * 2;
        b->data = realloc(b->data, b->capacity);
        if (!b->data)
            exit(70);
    }
    memcpy(b->data + b->size, data, size);
    b->size += size;
}

static void put_varint(struct bytes *b, uint64_t v)
{
    unsigned char digits[10];
    size_t n = 0;
    do {
        digits[n++] = (unsigned char)((v & 0x7f) | (v >= 0x80 ? 0x80 : 0));
        v >>= 7;
    } while (v);
    put(b, digits, n);
}

static void put_number(struct bytes *b, unsigned field, uint64_t v)
{
    put_varint(b, field << 3);
    put_varint(b, v);
}

static void put_bytes(struct bytes *b, unsigned field, const void *data, size_t size)
{
    put_varint(b, field << 3 | 2);
    put_varint(b, size);
    put(b, data, size);
}

static uint64_t state = 42;

static uint64_t below(uint64_t n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % n;
}

static struct bytes strings; /* as fields of the profile */
static uint64_t n_strings;

static uint64_t string(const char *text)
{
    put_bytes(&strings, 6, text, strlen(text));
    return n_strings++;
}

static void put_type(struct bytes *out, unsigned field, uint64_t type, uint64_t unit)
{
    struct bytes m = {0};
    put_number(&m, 1, type);
    put_number(&m, 2, unit);
    put_bytes(out, field, m.data, m.size);
    free(m.data);
}

static void put_functions(struct bytes *out, uint64_t n)
{
    struct bytes m = {0};
    char text[96];
    for (uint64_t i = 1; i <= n; i++) {
        m.size = 0;
        snprintf(text, sizeof text, "example.com/shop/internal/pkg%03d.(*Type%02d).Method%d",
                 (int)(i % 211), (int)(i % 37), (int)i);
        uint64_t name = string(text);
        snprintf(text, sizeof text, "example.com/shop/internal/pkg%03d/file%d.go", (int)(i % 211),
                 (int)(i % 13));
        put_number(&m, 1, i);
        put_number(&m, 2, name);
        put_number(&m, 3, name);
        put_number(&m, 4, string(text));
        put_bytes(out, 5, m.data, m.size);
    }
    free(m.data);
}

static void put_locations(struct bytes *out, uint64_t n, uint64_t n_functions)
{
    struct bytes m = {0}, line = {0};
    for (uint64_t i = 1; i <= n; i++) {
        m.size = 0;
        put_number(&m, 1, i);
        put_number(&m, 3, 0x400000 + i * 16);
        for (uint64_t k = 0; k <= i % 3 / 2; k++) {
            line.size = 0;
            put_number(&line, 1, 1 + (i * 7 + k) % n_functions);
            put_number(&line, 2, 10 + i % 900);
            put_bytes(&m, 4, line.data, line.size);
        }
        put_bytes(out, 4, m.data, m.size);
    }
    free(m.data);
    free(line.data);
}

enum { DEEPEST = 48 };

/* Each stack keeps some frames of the one before and goes on from there. */
static size_t next_stack(uint64_t *stack, size_t size, uint64_t n_locations)
{
    size_t depth = 8 + (size_t)below(DEEPEST - 8), keep = (size_t)below(9 + size / 2);
    if (keep < size)
        size = keep;
    while (size < depth) {
        uint64_t parent = size ? stack[size - 1] : 0;
        uint64_t pick = parent * 2654435761u + size * 40503 + below(1 + below(4)) * 97;
        stack[size++] = 1 + pick % n_locations;
    }
    return size;
}

static void put_samples(struct bytes *out, uint64_t n, uint64_t n_locations, uint64_t seed,
                        uint64_t label)
{
    uint64_t stack[DEEPEST];
    size_t size = 0;
    struct bytes m = {0}, inner = {0};
    for (uint64_t i = 0; i < n; i++) {
        size = next_stack(stack, size, n_locations);
        uint64_t count = 1 + below(2000), block = 16u << below(10), inuse = count / 10;
        if ((i * 2654435761u + seed * 40503) % 10 == 0)
            inuse += inuse / 50 + seed % 3;
        m.size = inner.size = 0;
        for (size_t k = size; k-- > 0;)
            put_varint(&inner, stack[k]);
        put_bytes(&m, 1, inner.data, inner.size);
        inner.size = 0;
        put_varint(&inner, count);
        put_varint(&inner, count * block);
        put_varint(&inner, inuse);
        put_varint(&inner, inuse * block);
        put_bytes(&m, 2, inner.data, inner.size);
        inner.size = 0;
        put_number(&inner, 1, label);
        put_number(&inner, 3, block);
        put_bytes(&m, 3, inner.data, inner.size);
        put_bytes(out, 2, m.data, m.size);
    }
    free(m.data);
    free(inner.data);
}

int main(int argc, char **argv)
{
    uint64_t samples = argc > 1 ? strtoull(argv[1], NULL, 10) : 100000;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    uint64_t n_functions = samples / 12 + 50, n_locations = samples / 4 + 100;
    struct bytes out = {0};
    string("");
    uint64_t count = string("count"), bytes = string("bytes");
    static const char *const types[] = {"alloc_objects", "alloc_space", "inuse_objects",
                                        "inuse_space"};
    for (int i = 0; i < 4; i++)
        put_type(&out, 1, string(types[i]), i % 2 ? bytes : count);
    put_functions(&out, n_functions);
    put_locations(&out, n_locations, n_functions);
    put_samples(&out, samples, n_locations, seed, bytes);
    put_type(&out, 11, string("space"), bytes);
    put_number(&out, 9, 1780000000000000000u + seed * 30000000000u);
    put_number(&out, 12, 524288);
    put(&out, strings.data, strings.size);
    fwrite(out.data, 1, out.size, stdout);
    free(out.data);
    free(strings.data);
    return fflush(stdout) == 0 ? 0 : 4;
}

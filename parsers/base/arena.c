/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* mremap, MADV_HUGEPAGE */
#include "parsers/base/arena.h"

#include "parsers/base/err.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    ALIGNMENT = 16,
    HEADER = 2 * ALIGNMENT,
    FIRST_BLOCK = 16 << 10,
    MAPPED_STEP = 2 << 20, /* mappings consist of huge pages where the kernel has them */
    LARGEST_BLOCK = MAPPED_STEP - HEADER, /* fills one */
    MAPPED_LEAST = LARGEST_BLOCK /* such a block is a mapping: it grows without being copied */
};

struct mt_arena_block {
    struct mt_arena_block *older, *newer;
    size_t size; /* payload bytes; bit 0: mapped */
};

static char *payload(struct mt_arena_block *block)
{
    return (char *)block + HEADER;
}

_Static_assert(sizeof(struct mt_arena_block) <= HEADER, "block header fits its slot");
_Static_assert(MAPPED_LEAST >= LARGEST_BLOCK, "what is as large stands at a block's begin");

void mt_arena_init(struct mt_arena *a)
{
    *a = (struct mt_arena){0};
}

static bool is_mapped(const struct mt_arena_block *block)
{
#ifdef MT_ARENA_PASSTHROUGH
    (void)block; /* never: and sizes are odd as they come */
    return false;
#else
    return block->size & 1;
#endif
}

static size_t mapped_size(size_t payload_size)
{
    return (payload_size + HEADER + MAPPED_STEP - 1) / MAPPED_STEP * MAPPED_STEP;
}

void mt_arena_clear(struct mt_arena *a)
{
    struct mt_arena_block *block = a->blocks;
    while (block) {
        struct mt_arena_block *older = block->older;
        if (is_mapped(block))
            munmap(block, mapped_size(block->size & ~(size_t)1));
        else
            free(block);
        block = older;
    }
    mt_arena_init(a);
}

#ifndef MT_ARENA_PASSTHROUGH
/* size is a multiple of ALIGNMENT. */
static struct mt_arena_block *map_block(size_t size)
{
    size_t all = mapped_size(size);
    struct mt_arena_block *block =
        mmap(NULL, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED)
        mt_out_of_memory();
    madvise(block, all, MADV_HUGEPAGE);
    block->size = size | 1;
    return block;
}

/* Lets the mapped block of `old`, an array of MAPPED_LEAST bytes at least, grow to size bytes of
 * payload. NULL: it is no such block. */
static void *grow_mapped(struct mt_arena *a, void *old, size_t size)
{
    struct mt_arena_block *block = (struct mt_arena_block *)((char *)old - HEADER);
    if (!is_mapped(block))
        return NULL;
    size_t all = mapped_size(size);
    block = mremap(block, mapped_size(block->size & ~(size_t)1), all, MREMAP_MAYMOVE);
    if (block == MAP_FAILED)
        mt_out_of_memory();
    madvise(block, all, MADV_HUGEPAGE);
    block->size = size | 1;
    if (block->older)
        block->older->newer = block;
    if (block->newer) {
        block->newer->older = block;
    } else {
        a->blocks = block;
        a->next = a->end = payload(block) + size;
    }
    return payload(block);
}
#endif

static struct mt_arena_block *new_block(size_t size)
{
    if (size > SIZE_MAX - HEADER - MAPPED_STEP)
        mt_out_of_memory();
#ifndef MT_ARENA_PASSTHROUGH
    if (size >= MAPPED_LEAST && size % ALIGNMENT == 0)
        return map_block(size);
#endif
    struct mt_arena_block *block = calloc(1, size + HEADER);
    if (!block)
        mt_out_of_memory();
    block->size = size;
    return block;
}

/* A block of its own, behind the newest, so that the newest keeps its free part. */
static void *take_alone(struct mt_arena *a, size_t bytes)
{
    struct mt_arena_block *block = new_block(bytes);
    if (a->blocks) {
        block->newer = a->blocks;
        block->older = a->blocks->older;
        if (block->older)
            block->older->newer = block;
        a->blocks->older = block;
    } else {
        a->blocks = block;
        a->next = a->end = payload(block) + bytes;
    }
    return payload(block);
}

void *mt_arena_take(struct mt_arena *a, size_t count, size_t size)
{
    if (size && count > (SIZE_MAX - ALIGNMENT) / size)
        mt_out_of_memory();
    size_t bytes = count * size;
    a->taken_bytes += bytes;
#ifdef MT_ARENA_PASSTHROUGH
    return take_alone(a, bytes);
#else
    size_t rounded = (bytes + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (rounded > (size_t)(a->end - a->next)) {
        size_t grown = a->blocks ? a->blocks->size * 2 : FIRST_BLOCK;
        if (grown > LARGEST_BLOCK)
            grown = LARGEST_BLOCK;
        if (rounded > grown / 4)
            return take_alone(a, rounded);
        struct mt_arena_block *block = new_block(grown);
        block->older = a->blocks;
        if (a->blocks)
            a->blocks->newer = block;
        a->blocks = block;
        a->next = payload(block);
        a->end = a->next + grown;
    }
    void *taken = a->next;
    a->next += rounded;
    return taken;
#endif
}

void *mt_arena_grow(struct mt_arena *a, void *old, size_t old_count, size_t new_count, size_t size)
{
    if (size && new_count > (SIZE_MAX - ALIGNMENT) / size)
        mt_out_of_memory();
#ifndef MT_ARENA_PASSTHROUGH
    size_t old_bytes = (old_count * size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    size_t new_bytes = (new_count * size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (old && old_bytes && (char *)old + old_bytes == a->next &&
        new_bytes - old_bytes <= (size_t)(a->end - a->next)) {
        a->next += new_bytes - old_bytes;
        a->taken_bytes += (new_count - old_count) * size;
        return old;
    }
    void *moved = old && old_bytes >= MAPPED_LEAST && new_bytes > old_bytes
                      ? grow_mapped(a, old, new_bytes)
                      : NULL;
    if (moved) {
        a->taken_bytes += (new_count - old_count) * size;
        return moved;
    }
#endif
    void *grown = mt_arena_take(a, new_count, size);
    if (old && old_count)
        memcpy(grown, old, old_count * size);
    return grown;
}

char *mt_arena_copy(struct mt_arena *a, const void *bytes, size_t size)
{
    char *copy = mt_arena_take(a, size + 1, 1);
    if (size)
        memcpy(copy, bytes, size);
    return copy;
}

char *mt_arena_printf(struct mt_arena *a, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    size_t length = size > 0 ? (size_t)size : 0;
    char *text = mt_arena_take(a, length + 1, 1);
    vsnprintf(text, length + 1, fmt, again);
    va_end(again);
    return text;
}

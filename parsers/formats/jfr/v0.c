/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/jfr/v0.h"

#include "parsers/base/arena.h"

/* Texts have a 16-bit length in front. */
static struct mt_span take_text(struct mt_cursor *in)
{
    return mt_cur_bytes(in, mt_cur_u16be(in));
}

static void skip_texts(struct mt_cursor *in, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        take_text(in);
}

/* Structures of events and constants, which we do not look into. */
static void skip_structures(struct mt_cursor *in)
{
    enum { TRANSITION_AND_TYPE = 2, CONTENT_STRUCTURE_SPARE = 12, LEAST = 20 };
    size_t structures = mt_cur_count(in, mt_cur_u32be(in), sizeof(uint32_t));
    for (size_t i = 0; i < structures && mt_cur_ok(in); i++) {
        size_t values = mt_cur_count(in, mt_cur_u32be(in), LEAST);
        for (size_t k = 0; k < values && mt_cur_ok(in); k++) {
            skip_texts(in, 3);
            mt_cur_skip(in, TRANSITION_AND_TYPE + CONTENT_STRUCTURE_SPARE);
        }
    }
}

static void read_event_types(struct mt_arena *arena, struct mt_cursor *in,
                             struct mt_jfr_v0_names *names)
{
    enum { FLAGS = 4, STRUCTURE_AND_SPARE = 8, LEAST = 22 };
    size_t types = mt_cur_count(in, mt_cur_u32be(in), LEAST);
    for (size_t i = 0; i < types; i++) {
        struct mt_jfr_v0_type type = {.id = mt_cur_u32be(in)};
        skip_texts(in, 2);
        type.path = take_text(in);
        mt_cur_skip(in, FLAGS + STRUCTURE_AND_SPARE);
        if (!mt_cur_ok(in))
            return;
        MT_RESERVE(arena, names->types, names->count, names->capacity);
        names->types[names->count++] = type;
    }
}

static void skip_content_types(struct mt_cursor *in)
{
    enum { TYPE_AND_STRUCTURE = 5, LEAST = 15 };
    size_t types = mt_cur_count(in, mt_cur_u32be(in), LEAST);
    for (size_t i = 0; i < types && mt_cur_ok(in); i++) {
        mt_cur_u32be(in);
        skip_texts(in, 2);
        mt_cur_skip(in, TYPE_AND_STRUCTURE);
    }
}

void mt_jfr_v0_read_names(struct mt_arena *arena, struct mt_span body,
                          struct mt_jfr_v0_names *names)
{
    enum { LEAST = 26 };
    struct mt_err err = {0};
    struct mt_cursor in = mt_cur_over(body, &err);
    size_t producers = mt_cur_count(&in, mt_cur_u32be(&in), LEAST);
    for (size_t i = 0; i < producers && mt_cur_ok(&in); i++) {
        mt_cur_u32be(&in);
        skip_texts(&in, 3);
        size_t relations = mt_cur_count(&in, mt_cur_u32be(&in), sizeof(uint16_t));
        for (size_t k = 0; k < relations && mt_cur_ok(&in); k++)
            take_text(&in);
        skip_structures(&in);
        read_event_types(arena, &in, names);
        skip_content_types(&in);
    }
    int64_t start_ms = (int64_t)mt_cur_u64be(&in), end_ms = (int64_t)mt_cur_u64be(&in);
    if (mt_cur_ok(&in)) {
        names->start_ms = start_ms;
        names->end_ms = end_ms;
    }
}

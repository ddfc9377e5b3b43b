/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The frame an engineer can change: from the leaf, the first of the service's own code; where there
 * is none, the outermost that is not runtime.
 */
#include "report/analysis/symbols.h"

static bool is_runtime(const struct mt_symbols *s, uint32_t function)
{
    return mt_symbol_origin(s, function) == MT_ORIGIN_RUNTIME;
}

static bool passes_blame(const struct mt_symbols *s, uint32_t function)
{
    return is_runtime(s, function) || mt_symbol_marked(s, function, MT_SYMBOL_SYNC);
}

void mt_blame_open(struct mt_blame_table *t, struct mt_arena *arena, const struct mt_symbols *s,
                   const struct mt_profile *p, const unsigned *patterns)
{
    *t = (struct mt_blame_table){.symbols = s, .profile = p};
    t->own = MT_NEW_N(arena, uint32_t, p->n_locations);
    t->outer = MT_NEW_N(arena, uint32_t, p->n_locations);
    t->blocks = MT_NEW_N(arena, uint32_t, p->n_locations);
    t->capture = MT_NEW_N(arena, uint32_t, p->n_locations);
    t->patterns = MT_NEW_N(arena, unsigned, p->n_locations);
    for (size_t l = 0; l < p->n_locations; l++) {
        t->own[l] = t->outer[l] = t->blocks[l] = t->capture[l] = MT_NO_INDEX;
        const struct mt_location *at = &p->locations[l];
        for (uint32_t i = at->first_line; i < at->first_line + at->n_lines; i++) {
            if (p->lines[i].function == MT_NO_INDEX)
                continue;
            uint32_t function = p->functions[p->lines[i].function].name;
            if (t->own[l] == MT_NO_INDEX && mt_symbol_origin(s, function) == MT_ORIGIN_APP)
                t->own[l] = i;
            if (t->blocks[l] == MT_NO_INDEX && !passes_blame(s, function))
                t->blocks[l] = i;
            if (t->capture[l] == MT_NO_INDEX && mt_symbol_marked(s, function, MT_SYMBOL_CAPTURE))
                t->capture[l] = i;
            if (!is_runtime(s, function))
                t->outer[l] = i;
            if (patterns && function < s->n)
                t->patterns[l] |= patterns[function];
        }
    }
}

struct mt_blame mt_blame_sample(const struct mt_blame_table *t, const struct mt_sample *sample)
{
    struct mt_blame b = {MT_NO_INDEX, false, false, MT_NO_INDEX, MT_NO_INDEX, false, 0};
    uint32_t any = MT_NO_INDEX, capture = MT_NO_INDEX;
    for (uint32_t i = 0; i < sample->n_frames; i++) {
        uint32_t l = t->profile->frames[sample->first_frame + i];
        if (b.line == MT_NO_INDEX) {
            b.patterns |= t->patterns[l];
            b.below = b.below || (t->own[l] == MT_NO_INDEX && t->outer[l] != MT_NO_INDEX);
        }
        if (b.line == MT_NO_INDEX)
            b.line = t->own[l];
        if (b.blocks == MT_NO_INDEX)
            b.blocks = t->blocks[l];
        if (t->capture[l] != MT_NO_INDEX)
            capture = t->capture[l];
        if (t->outer[l] != MT_NO_INDEX)
            b.root = t->outer[l];
        if (any == MT_NO_INDEX && t->profile->locations[l].n_lines)
            any = t->profile->locations[l].first_line;
    }
    b.own = b.line != MT_NO_INDEX;
    b.capture = capture != MT_NO_INDEX;
    if (b.capture) {
        b.line = capture;
        b.own = false;
    } else if (!b.own) {
        b.line = b.root != MT_NO_INDEX ? b.root : any;
    }
    return b;
}

struct mt_blame mt_blame_goroutine(const struct mt_symbols *s, const struct mt_goroutine_dump *d,
                                   const struct mt_goroutine *g, const unsigned *patterns)
{
    struct mt_blame b = {MT_NO_INDEX, false, false, MT_NO_INDEX, MT_NO_INDEX, false, 0};
    uint32_t capture = MT_NO_INDEX;
    for (uint32_t i = 0; i < g->n_frames; i++) {
        uint32_t at = (uint32_t)(g->first_frame + i), function = d->frames[at].function;
        if (b.line == MT_NO_INDEX && patterns && function < s->n)
            b.patterns |= patterns[function];
        if (b.line == MT_NO_INDEX && mt_symbol_origin(s, function) == MT_ORIGIN_APP)
            b.line = at;
        if (b.blocks == MT_NO_INDEX && !passes_blame(s, function))
            b.blocks = at;
        if (mt_symbol_marked(s, function, MT_SYMBOL_CAPTURE))
            capture = at;
        if (!is_runtime(s, function))
            b.root = at;
    }
    b.own = b.line != MT_NO_INDEX;
    b.capture = capture != MT_NO_INDEX;
    if (b.capture) {
        b.line = capture;
        b.own = false;
    } else if (!b.own) {
        b.line = b.root != MT_NO_INDEX || !g->n_frames ? b.root : (uint32_t)g->first_frame;
    }
    return b;
}

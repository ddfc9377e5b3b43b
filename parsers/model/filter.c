/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each expression is matched once against every function and mapping; locations and samples are
 * then decided by flags.
 */
#include "parsers/model/filter.h"

#include "parsers/base/pattern.h"
#include "parsers/model/prune.h"
#include "parsers/model/tag_filter.h"

#include <string.h>

enum word { FOCUS, IGNORE, HIDE, SHOW, SHOW_FROM, PRUNE_FROM, WORDS };

struct mt_filter {
    struct mt_pattern *patterns[WORDS]; /* NULL: not given */
    struct mt_tag_filter *tagfocus, *tagignore;
    const char *sample_index, *trim_path;
};

static bool given(const char *text)
{
    return text && *text;
}

static const char *kept(struct mt_arena *a, const char *text)
{
    struct mt_span s = mt_span_of(text);
    return s.size ? mt_arena_copy(a, s.data, s.size) : NULL;
}

/* Puts the word's name in front of what the compiler says. */
static void name_word(struct mt_err *err, const struct mt_err *inner, const char *name)
{
    mt_fail(err, MT_ERR_USAGE, inner->offset, "--%s: %.120s", name, inner->what);
}

static bool compile(struct mt_arena *a, struct mt_filter *f, const struct mt_filter_words *w,
                    struct mt_err *err)
{
    const struct {
        const char *name, *text;
    } words[WORDS] = {{"focus", w->focus},         {"ignore", w->ignore},
                      {"hide", w->hide},           {"show", w->show},
                      {"show-from", w->show_from}, {"prune-from", w->prune_from}};
    struct mt_err inner = {0};
    for (int i = 0; i < WORDS; i++) {
        if (!given(words[i].text))
            continue;
        f->patterns[i] = mt_pattern_compile(mt_span_of(words[i].text), &inner);
        if (!f->patterns[i]) {
            name_word(err, &inner, words[i].name);
            return false;
        }
    }
    if (given(w->tagfocus) &&
        !(f->tagfocus = mt_tag_filter_new(a, mt_span_of(w->tagfocus), &inner))) {
        name_word(err, &inner, "tagfocus");
        return false;
    }
    if (given(w->tagignore) &&
        !(f->tagignore = mt_tag_filter_new(a, mt_span_of(w->tagignore), &inner))) {
        name_word(err, &inner, "tagignore");
        return false;
    }
    return true;
}

struct mt_filter *mt_filter_new(struct mt_arena *a, const struct mt_filter_words *words,
                                struct mt_err *err)
{
    struct mt_filter *f = MT_NEW(a, struct mt_filter);
    f->sample_index = kept(a, words->sample_index);
    f->trim_path = kept(a, words->trim_path);
    if (compile(a, f, words, err))
        return f;
    mt_filter_release(f);
    return NULL;
}

void mt_filter_release(struct mt_filter *f)
{
    if (!f)
        return;
    for (int i = 0; i < WORDS; i++)
        mt_pattern_free(f->patterns[i]);
    mt_tag_filter_release(f->tagfocus);
    mt_tag_filter_release(f->tagignore);
}

static bool changes_stacks(const struct mt_filter *f)
{
    for (int i = 0; i < WORDS; i++)
        if (f->patterns[i])
            return true;
    return f->tagfocus || f->tagignore;
}

bool mt_filter_does_nothing(const struct mt_filter *f)
{
    return !f || (!changes_stacks(f) && !f->sample_index && !f->trim_path);
}

/* ---- what matches ---- */

struct work {
    struct mt_arena *a;
    const struct mt_strings *s;
    const struct mt_filter *f;
    struct mt_profile p; /* the result; its locations, lines and samples are ours to change */
    bool *functions[WORDS], *mappings[WORDS];
};

static bool *match_functions(struct work *w, int word)
{
    bool *hit = MT_NEW_N(w->a, bool, w->p.n_functions + 1);
    for (size_t i = 0; i < w->p.n_functions; i++) {
        const struct mt_function *f = &w->p.functions[i];
        struct mt_span name = mt_string(w->s, f->name);
        if (word == PRUNE_FROM)
            hit[i] = name.size &&
                     mt_pattern_matches(w->f->patterns[word], mt_function_simple_name(name));
        else
            hit[i] = mt_pattern_matches(w->f->patterns[word], name) ||
                     mt_pattern_matches(w->f->patterns[word], mt_string(w->s, f->file));
    }
    return hit;
}

static void match_all(struct work *w)
{
    for (int word = 0; word < WORDS; word++) {
        if (!w->f->patterns[word])
            continue;
        w->functions[word] = match_functions(w, word);
        w->mappings[word] = MT_NEW_N(w->a, bool, w->p.n_mappings + 1);
        for (size_t i = 0; i < w->p.n_mappings; i++)
            w->mappings[word][i] =
                mt_pattern_matches(w->f->patterns[word], mt_string(w->s, w->p.mappings[i].file));
    }
}

static bool line_matches(const struct work *w, int word, const struct mt_line *line)
{
    return line->function != MT_NO_INDEX && w->functions[word][line->function];
}

static bool mapping_matches(const struct work *w, int word, const struct mt_location *l)
{
    return l->mapping != MT_NO_INDEX && w->mappings[word][l->mapping];
}

static bool location_matches(const struct work *w, int word, const struct mt_location *l)
{
    for (uint32_t i = 0; i < l->n_lines; i++)
        if (line_matches(w, word, &w->p.lines[l->first_line + i]))
            return true;
    return mapping_matches(w, word, l);
}

/* Keeps the lines that match (or those that do not), within the location's own stretch. */
static void keep_lines(struct work *w, int word, bool matching, struct mt_location *l)
{
    uint32_t kept_lines = 0;
    struct mt_line *lines = w->p.lines + l->first_line;
    for (uint32_t i = 0; i < l->n_lines; i++)
        if (line_matches(w, word, &lines[i]) == matching)
            lines[kept_lines++] = lines[i];
    l->n_lines = kept_lines;
}

/* ---- focus, ignore, hide, show ---- */

enum fate { NEUTRAL, FOCUSED, IGNORED, HIDDEN = 4 };

static unsigned judge_location(struct work *w, struct mt_location *l)
{
    const struct mt_filter *f = w->f;
    unsigned fate = NEUTRAL;
    if (f->patterns[IGNORE] && location_matches(w, IGNORE, l))
        fate = IGNORED;
    else if (!f->patterns[FOCUS] || location_matches(w, FOCUS, l))
        fate = FOCUSED;
    if (f->patterns[HIDE] && location_matches(w, HIDE, l)) {
        if (mapping_matches(w, HIDE, l))
            l->n_lines = 0;
        else
            keep_lines(w, HIDE, false, l);
        if (!l->n_lines)
            fate |= HIDDEN;
    }
    if (f->patterns[SHOW]) {
        if (!mapping_matches(w, SHOW, l))
            keep_lines(w, SHOW, true, l);
        if (!l->n_lines)
            fate |= HIDDEN;
    }
    return fate;
}

static bool focused_and_not_ignored(const struct mt_profile *p, const struct mt_sample *s,
                                    const unsigned char *fates)
{
    bool focused = false;
    for (uint32_t i = 0; i < s->n_frames; i++) {
        unsigned fate = fates[p->frames[s->first_frame + i]] & 3u;
        if (fate == IGNORED)
            return false;
        focused |= fate == FOCUSED;
    }
    return focused;
}

/* Takes the hidden locations out; false when none is left. */
static bool drop_hidden(struct mt_profile *p, struct mt_sample *s, const unsigned char *fates)
{
    uint32_t n = 0;
    uint32_t *frames = p->frames + s->first_frame;
    for (uint32_t i = 0; i < s->n_frames; i++)
        if (!(fates[frames[i]] & HIDDEN))
            frames[n++] = frames[i];
    s->n_frames = n;
    return n > 0;
}

static void keep_sample(struct mt_profile *p, size_t from, size_t *n)
{
    p->samples[*n] = p->samples[from];
    if (p->n_types)
        memmove(p->values + *n * p->n_types, p->values + from * p->n_types,
                p->n_types * sizeof *p->values);
    ++*n;
}

static void filter_by_name(struct work *w)
{
    struct mt_profile *p = &w->p;
    unsigned char *fates = MT_NEW_N(w->a, unsigned char, p->n_locations + 1);
    unsigned any = 0;
    size_t n = 0;
    for (size_t i = 0; i < p->n_locations; i++)
        any |= fates[i] = (unsigned char)judge_location(w, &p->locations[i]);
    for (size_t i = 0; i < p->n_samples; i++)
        if (focused_and_not_ignored(p, &p->samples[i], fates) &&
            (!(any & HIDDEN) || drop_hidden(p, &p->samples[i], fates)))
            keep_sample(p, i, &n);
    p->n_samples = n;
}

/* ---- show-from, tags, prune-from ---- */

/* Cuts what is called from outside of the outermost match. */
static bool shows_from(struct work *w, struct mt_location *l)
{
    if (mapping_matches(w, SHOW_FROM, l))
        return true;
    for (uint32_t i = l->n_lines; i-- > 0;)
        if (line_matches(w, SHOW_FROM, &w->p.lines[l->first_line + i])) {
            l->n_lines = i + 1;
            return true;
        }
    return false;
}

static void filter_show_from(struct work *w)
{
    struct mt_profile *p = &w->p;
    bool *from = MT_NEW_N(w->a, bool, p->n_locations + 1);
    size_t n = 0;
    for (size_t i = 0; i < p->n_locations; i++)
        from[i] = shows_from(w, &p->locations[i]);
    for (size_t i = 0; i < p->n_samples; i++) {
        struct mt_sample *s = &p->samples[i];
        uint32_t keep = s->n_frames;
        while (keep > 0 && !from[p->frames[s->first_frame + keep - 1]])
            keep--;
        s->n_frames = keep;
        if (keep)
            keep_sample(p, i, &n);
    }
    p->n_samples = n;
}

static void filter_by_tag(struct work *w)
{
    struct mt_profile *p = &w->p;
    const bool *focus =
        w->f->tagfocus ? mt_tag_filter_samples(w->f->tagfocus, w->a, w->s, p) : NULL;
    const bool *ignore =
        w->f->tagignore ? mt_tag_filter_samples(w->f->tagignore, w->a, w->s, p) : NULL;
    size_t n = 0;
    for (size_t i = 0; i < p->n_samples; i++)
        if ((!focus || focus[i]) && !(ignore && ignore[i]))
            keep_sample(p, i, &n);
    p->n_samples = n;
}

/* Cuts what a match calls, the match itself stays. */
static bool prunes_from(struct work *w, struct mt_location *l)
{
    for (uint32_t i = 0; i < l->n_lines; i++)
        if (line_matches(w, PRUNE_FROM, &w->p.lines[l->first_line + i])) {
            l->first_line += i;
            l->n_lines -= i;
            return true;
        }
    return false;
}

static void filter_prune_from(struct work *w)
{
    struct mt_profile *p = &w->p;
    bool *from = MT_NEW_N(w->a, bool, p->n_locations + 1);
    for (size_t i = 0; i < p->n_locations; i++)
        from[i] = prunes_from(w, &p->locations[i]);
    for (size_t i = 0; i < p->n_samples; i++) {
        struct mt_sample *s = &p->samples[i];
        uint32_t leaf = 0;
        while (leaf < s->n_frames && !from[p->frames[s->first_frame + leaf]])
            leaf++;
        if (leaf == s->n_frames)
            continue;
        s->first_frame += leaf;
        s->n_frames -= leaf;
    }
}

/* ---- the whole ---- */

static void *copied(struct mt_arena *a, const void *items, size_t n, size_t size)
{
    void *copy = mt_arena_take(a, n + 1, size);
    if (n)
        memcpy(copy, items, n * size);
    return copy;
}

static void filter_stacks(struct work *w)
{
    struct mt_profile *p = &w->p;
    const struct mt_filter *f = w->f;
    p->drop_frames = p->keep_frames = 0;
    p->locations = copied(w->a, p->locations, p->n_locations, sizeof *p->locations);
    p->lines = copied(w->a, p->lines, p->n_lines, sizeof *p->lines);
    p->samples = copied(w->a, p->samples, p->n_samples, sizeof *p->samples);
    p->values = copied(w->a, p->values, p->n_samples * p->n_types, sizeof *p->values);
    p->frames = copied(w->a, p->frames, p->n_frames, sizeof *p->frames);
    match_all(w);
    if (f->patterns[FOCUS] || f->patterns[IGNORE] || f->patterns[HIDE] || f->patterns[SHOW])
        filter_by_name(w);
    if (f->patterns[SHOW_FROM])
        filter_show_from(w);
    if (f->tagfocus || f->tagignore)
        filter_by_tag(w);
    if (f->patterns[PRUNE_FROM])
        filter_prune_from(w);
}

static void choose_type(struct mt_profile *p, const struct mt_strings *s, const char *text)
{
    struct mt_span word = mt_span_of(text), plain = word;
    uint64_t number;
    if (mt_span_u64(word, &number)) {
        if (number < p->n_types)
            p->default_index = (uint32_t)number;
        return;
    }
    mt_span_take(&plain, "inuse_");
    for (size_t i = 0; i < p->n_types; i++) {
        struct mt_span type = mt_string(s, p->types[i].type);
        if (mt_span_equal(type, word) || mt_span_equal(type, plain)) {
            p->default_index = (uint32_t)i;
            return;
        }
    }
}

static struct mt_span trimmed(struct mt_span file, struct mt_span prefixes)
{
    struct mt_span prefix;
    while (mt_span_split(&prefixes, ':', &prefix)) {
        bool slash = mt_span_ends(prefix, "/");
        struct mt_span front = mt_span_sub(file, 0, prefix.size);
        if (!mt_span_equal(front, prefix))
            continue;
        struct mt_span rest = mt_span_from(file, prefix.size);
        if (slash || mt_span_take(&rest, "/"))
            return rest;
    }
    return file;
}

static void trim_paths(struct mt_arena *a, struct mt_strings *s, struct mt_profile *p,
                       const char *prefixes)
{
    p->functions = copied(a, p->functions, p->n_functions, sizeof *p->functions);
    for (size_t i = 0; i < p->n_functions; i++) {
        struct mt_span file = mt_string(s, p->functions[i].file);
        p->functions[i].file = mt_intern(s, trimmed(file, mt_span_of(prefixes)));
    }
}

struct mt_profile mt_profile_filtered(struct mt_arena *a, struct mt_strings *s,
                                      const struct mt_profile *p, const struct mt_filter *f)
{
    struct work w = {.a = a, .s = s, .f = f, .p = *p};
    if (mt_filter_does_nothing(f))
        return w.p;
    if (changes_stacks(f)) {
        w.p = mt_profile_pruned(a, s, p);
        filter_stacks(&w);
    }
    if (f->sample_index)
        choose_type(&w.p, s, f->sample_index);
    if (f->trim_path)
        trim_paths(a, s, &w.p, f->trim_path);
    return w.p;
}

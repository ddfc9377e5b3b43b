/* SPDX-License-Identifier: Apache-2.0 */
/* Files are read side by side, each with a string table of its own; the join moves them to one. */
#include "parsers/model/capture.h"

#include <string.h>

struct map {
    const uint32_t *to;
    size_t count;
};

/* An id past the table reads as the empty string, as mt_string has it. */
static void move(const struct map *m, uint32_t *id)
{
    *id = *id < m->count ? m->to[*id] : 0;
}

static void move_labels(const struct map *m, struct mt_label *labels, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        move(m, &labels[i].key);
        move(m, &labels[i].text);
        move(m, &labels[i].unit);
    }
}

static void move_profile(const struct map *m, struct mt_profile *p)
{
    move(m, &p->period_type.type);
    move(m, &p->period_type.unit);
    move(m, &p->default_type);
    move(m, &p->drop_frames);
    move(m, &p->keep_frames);
    move(m, &p->doc_url);
    for (size_t i = 0; i < p->n_types; i++) {
        move(m, &p->types[i].type);
        move(m, &p->types[i].unit);
    }
    for (size_t i = 0; i < p->n_mappings; i++) {
        move(m, &p->mappings[i].file);
        move(m, &p->mappings[i].build_id);
    }
    for (size_t i = 0; i < p->n_functions; i++) {
        move(m, &p->functions[i].name);
        move(m, &p->functions[i].system_name);
        move(m, &p->functions[i].file);
    }
    for (size_t i = 0; i < p->n_comments; i++)
        move(m, &p->comments[i]);
    move_labels(m, p->labels, p->n_labels);
}

static void *copied(struct mt_arena *a, const void *items, size_t n, size_t size)
{
    void *copy = mt_arena_take(a, n + 1, size);
    if (n)
        memcpy(copy, items, n * size);
    return copy;
}

struct mt_profile mt_profile_translate(struct mt_arena *a, const struct mt_profile *p,
                                       const struct mt_strings *from, struct mt_strings *to)
{
    uint32_t *ids = MT_NEW_N(a, uint32_t, from->count + 1);
    for (uint32_t id = 0; id < from->count; id++)
        ids[id] = mt_intern(to, from->items[id]);
    struct mt_profile out = *p;
    out.types = copied(a, p->types, p->n_types, sizeof *p->types);
    out.mappings = copied(a, p->mappings, p->n_mappings, sizeof *p->mappings);
    out.functions = copied(a, p->functions, p->n_functions, sizeof *p->functions);
    out.comments = copied(a, p->comments, p->n_comments, sizeof *p->comments);
    out.labels = copied(a, p->labels, p->n_labels, sizeof *p->labels);
    move_profile(&(struct map){ids, from->count}, &out);
    return out;
}

static void move_frame(const struct map *m, struct mt_dump_frame *frame)
{
    move(m, &frame->function);
    move(m, &frame->file);
}

static void move_dump(const struct map *m, struct mt_goroutine_dump *d)
{
    for (size_t i = 0; i < d->n_goroutines; i++) {
        move(m, &d->goroutines[i].state);
        move_frame(m, &d->goroutines[i].created_by);
    }
    for (size_t i = 0; i < d->n_frames; i++)
        move_frame(m, &d->frames[i]);
    move_labels(m, d->labels, d->n_labels);
}

static void move_trace(const struct map *m, struct mt_trace *t)
{
    move(m, &t->go_version);
    for (size_t i = 0; i < t->n_sites; i++) {
        struct mt_trace_site *site = &t->sites[i];
        move(m, &site->creator);
        move(m, &site->creator_file);
        move(m, &site->start_function);
        move(m, &site->wait_reason);
        move(m, &site->wait_function);
        move(m, &site->wait_file);
    }
    for (size_t i = 0; i < t->n_blocks; i++) {
        move(m, &t->blocks[i].reason);
        move(m, &t->blocks[i].function);
    }
    for (size_t i = 0; i < t->n_syscalls; i++) {
        move(m, &t->syscalls[i].reason);
        move(m, &t->syscalls[i].function);
    }
    for (size_t i = 0; i < t->n_stops; i++)
        move(m, &t->stops[i].reason);
    for (size_t i = 0; i < t->n_regions; i++)
        move(m, &t->regions[i].name);
    for (size_t i = 0; i < t->n_logs; i++) {
        move(m, &t->logs[i].category);
        move(m, &t->logs[i].message);
    }
}

static void move_manifest(const struct map *m, struct mt_manifest *manifest)
{
    move(m, &manifest->service);
    move(m, &manifest->build);
    move(m, &manifest->go_version);
    move(m, &manifest->module);
    for (size_t i = 0; i < manifest->n_labels; i++) {
        move(m, &manifest->labels[i].key);
        move(m, &manifest->labels[i].value);
    }
    for (size_t i = 0; i < manifest->n_offsets; i++)
        move(m, &manifest->offsets[i].path);
}

void mt_capture_rebase(struct mt_capture *c, struct mt_strings *bundle_strings)
{
    struct mt_arena scratch = {0};
    uint32_t *to = MT_NEW_N(&scratch, uint32_t, c->strings->count);
    struct map m = {to, c->strings->count};
    for (size_t id = 0; id < m.count; id++)
        to[id] = mt_intern(bundle_strings, mt_string(c->strings, (uint32_t)id));
    for (size_t i = 0; i < c->n_profiles; i++)
        move_profile(&m, &c->profiles[i]);
    move(&m, &c->go_version);
    for (size_t i = 0; i < c->n_tables; i++)
        move(&m, &c->tables[i].origin);
    for (size_t i = 0; i < c->n_gc_logs; i++) {
        move(&m, &c->gc_logs[i].collector);
        for (size_t k = 0; k < c->gc_logs[i].n_cycles; k++)
            move(&m, &c->gc_logs[i].cycles[k].cause);
    }
    for (size_t i = 0; i < c->n_dumps; i++)
        move_dump(&m, &c->dumps[i]);
    if (c->trace)
        move_trace(&m, c->trace);
    for (size_t i = 0; i < c->n_requests; i++) {
        move(&m, &c->requests[i].name);
        move(&m, &c->requests[i].kind);
        move(&m, &c->requests[i].service);
    }
    if (c->manifest)
        move_manifest(&m, c->manifest);
    c->strings = bundle_strings;
    mt_arena_clear(&scratch);
}

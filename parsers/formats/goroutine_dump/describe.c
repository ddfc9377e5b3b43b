/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/goroutine_dump/describe.h"

#include <stdlib.h>

struct state_count {
    struct mt_span state;
    uint64_t n;
};

static int most_first(const void *left, const void *right)
{
    const struct state_count *a = left, *b = right;
    if (a->n != b->n)
        return a->n < b->n ? 1 : -1;
    return mt_span_compare(a->state, b->state);
}

static int by_number(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* How many goroutines are in each state; returns the number of states. The work is that of the
 * dump's own size: a log may hold a dump a line. */
static size_t count_states(struct mt_arena *scratch, const struct mt_capture *c,
                           const struct mt_goroutine_dump *d, struct state_count *counts)
{
    size_t n = 0;
    uint32_t *states = MT_NEW_N(scratch, uint32_t, d->n_goroutines);
    for (size_t i = 0; i < d->n_goroutines; i++)
        states[i] = d->goroutines[i].state;
    qsort(states, d->n_goroutines, sizeof *states, by_number);
    for (size_t i = 0; i < d->n_goroutines; i++) {
        if (!i || states[i] != states[i - 1])
            counts[n++].state = mt_string(c->strings, states[i]);
        counts[n - 1].n++;
    }
    return n;
}

static void write_states(const struct mt_capture *c, const struct mt_goroutine_dump *d,
                         struct mt_json_out *out)
{
    struct mt_arena scratch = {0};
    struct state_count *counts = MT_NEW_N(&scratch, struct state_count, d->n_goroutines);
    size_t n = count_states(&scratch, c, d, counts);
    qsort(counts, n, sizeof *counts, most_first);
    mt_json_key(out, "states");
    mt_json_object(out);
    for (size_t i = 0; i < n; i++) {
        mt_json_key_span(out, counts[i].state);
        mt_json_u64(out, counts[i].n);
    }
    mt_json_object_end(out);
    mt_arena_clear(&scratch);
}

static void write_dump(const struct mt_capture *c, const struct mt_goroutine_dump *d,
                       struct mt_json_out *out)
{
    uint64_t locked = 0, leaked = 0, labelled = 0, elided = 0, created = 0;
    int64_t longest_ns = 0;
    for (size_t i = 0; i < d->n_goroutines; i++) {
        const struct mt_goroutine *g = &d->goroutines[i];
        locked += g->locked_to_thread;
        leaked += g->leaked;
        labelled += g->n_labels > 0;
        elided += g->elided;
        created += g->created_by.function != 0;
        if (g->wait_ns > longest_ns)
            longest_ns = g->wait_ns;
    }
    mt_json_object(out);
    if (d->time_ns != MT_NO_TIME)
        mt_json_kv_i64(out, "time_ns", d->time_ns);
    mt_json_kv_u64(out, "goroutines", d->n_goroutines);
    mt_json_kv_u64(out, "frames", d->n_frames);
    mt_json_kv_u64(out, "created_by", created);
    mt_json_kv_u64(out, "labelled", labelled);
    mt_json_kv_u64(out, "locked_to_thread", locked);
    mt_json_kv_u64(out, "leaked", leaked);
    mt_json_kv_u64(out, "elided", elided);
    mt_json_kv_i64(out, "longest_wait_minutes", longest_ns / MT_SECOND_NS / 60);
    mt_json_kv_bool(out, "from_panic", d->from_panic);
    mt_json_kv_bool(out, "leak_form", d->leak_form);
    write_states(c, d, out);
    mt_json_object_end(out);
}

void mt_dump_inspect(const struct mt_capture *c, struct mt_json_out *out)
{
    const struct mt_dump_detail *detail = c->detail;
    mt_json_key(out, "dumps");
    mt_json_array(out);
    for (size_t i = 0; i < c->n_dumps; i++)
        write_dump(c, &c->dumps[i], out);
    mt_json_array_end(out);
    mt_json_kv_u64(out, "ancestors", detail ? detail->ancestors : 0);
    mt_json_kv_u64(out, "interleaved", detail ? detail->interleaved : 0);
    mt_json_kv_u64(out, "panics", detail ? detail->panics : 0);
}

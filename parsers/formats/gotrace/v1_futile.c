/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/gotrace/v1_futile.h"

/* A goroutine that is preempted that often while it is awake is doing something. */
enum { WAKEUP_EVENTS = 30 };

/* What happened to a goroutine since it was woken. */
struct wakeup {
    uint64_t number[WAKEUP_EVENTS];
    unsigned n;
    bool futile, lost; /* lost: more than there is room for, so all of it stays */
};

struct finder {
    struct mt_v1_futile *out;
    struct mt_arena *arena;
    struct wakeup *wakeups; /* by index of the goroutine */
    size_t n_wakeups;
    uint64_t cap_words;
};

static struct wakeup *wakeup_of(struct finder *f, uint32_t goroutine)
{
    if (goroutine >= f->n_wakeups) {
        size_t more = f->n_wakeups ? f->n_wakeups * 2 : 64;
        while (more <= goroutine)
            more *= 2;
        f->wakeups = mt_arena_grow(f->arena, f->wakeups, f->n_wakeups, more, sizeof *f->wakeups);
        f->n_wakeups = more;
    }
    return &f->wakeups[goroutine];
}

static void add(struct wakeup *w, uint64_t number)
{
    w->lost = w->lost || w->n == WAKEUP_EVENTS;
    if (!w->lost)
        w->number[w->n++] = number;
}

static void make_void(struct finder *f, uint64_t number)
{
    uint64_t word = number / 64;
    if (word >= f->cap_words) {
        uint64_t more = f->cap_words ? f->cap_words * 2 : 1024;
        while (more <= word)
            more *= 2;
        f->out->void_bits = mt_arena_grow(f->arena, f->out->void_bits, (size_t)f->cap_words,
                                          (size_t)more, sizeof(uint64_t));
        f->cap_words = more;
    }
    f->out->void_bits[word] |= UINT64_C(1) << number % 64;
    if (number >= f->out->n_events)
        f->out->n_events = number + 1;
}

static void see(struct finder *f, const struct mt_v1_event *ev)
{
    uint64_t number = ev->number;
    uint32_t goroutine = ev->type == MT_V1_GO_UNBLOCK ? ev->subject : ev->context;
    if (goroutine == MT_NO_SLOT)
        return;
    struct wakeup *w = wakeup_of(f, goroutine);
    switch (ev->type) {
    case MT_V1_GO_UNBLOCK:
        w->n = 0;
        w->lost = false;
        add(w, number);
        break;
    case MT_V1_FUTILE_WAKEUP:
        w->futile = true;
        /* fall through */
    case MT_V1_GO_START:
    case MT_V1_GO_PREEMPT:
        add(w, number);
        break;
    case MT_V1_GO_BLOCK:
    case MT_V1_GO_BLOCK_SEND:
    case MT_V1_GO_BLOCK_RECV:
    case MT_V1_GO_BLOCK_SELECT:
    case MT_V1_GO_BLOCK_SYNC:
    case MT_V1_GO_BLOCK_COND:
        if (w->futile && !w->lost) {
            for (unsigned i = 0; i < w->n; i++)
                make_void(f, w->number[i]);
            make_void(f, number);
        }
        /* fall through */
    case MT_V1_GO_END:
        *w = (struct wakeup){0};
        break;
    default:
        break;
    }
}

bool mt_v1_futile_find(struct mt_v1_futile *out, struct mt_v1_index *index, struct mt_cursor *in,
                       struct mt_arena *arena)
{
    *out = (struct mt_v1_futile){0};
    struct mt_arena scratch = {0};
    struct mt_v1_merge merge;
    mt_v1_merge_init(&merge, index, in, &scratch);
    struct finder f = {.out = out, .arena = arena};
    const struct mt_v1_event *ev;
    while ((ev = mt_v1_merge_next(&merge))) {
        see(&f, ev);
        if (ev->type == MT_V1_GO_END && ev->context != MT_NO_SLOT && ev->context)
            mt_v1_goroutine_end(&merge.goroutines, ev->context);
    }
    mt_arena_clear(&scratch);
    return mt_cur_ok(in);
}

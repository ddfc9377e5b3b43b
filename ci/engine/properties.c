/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Properties that hold for every bundle, whatever is in it:
 *   removal     without one kind of file, and without more and more of them, a leak becomes watch
 *               or undecided and never steady; undecided says what to capture
 *   transform   in other units of time and memory, with less or noisier data, the first culprit
 *               stays among the first three, and what raised no alarm raises none
 * and of every finding met on the way: it has numbers, what speaks against it, a next step, and on
 * the page a chart.
 *
 * Usage: properties removal|transform [--all] [-v] BUNDLE...
 */
#include "ci/engine/transform.h"
#include "cmd/memtriage/command.h"
#include "parsers/input/walk.h"
#include "report/analysis/engine.h"
#include "report/view/page.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MOST_KINDS = 32, SEEDS = 3, FIRST_OF = 3 };

static int complaints, checked;
static bool verbose;

/* load.c's messages; nothing here needs them. */
void mt_say(const char *fmt, ...)
{
    (void)fmt;
}

static const char *word(enum mt_verdict_status v)
{
    static const char *const words[] = {"undecided", "steady", "watch", "leak"};
    return words[v];
}

MT_PRINTF(1, 2)
static void complain(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vprintf(fmt, args);
    va_end(args);
    putchar('\n');
    complaints++;
}

static const struct mt_assessment *assess(struct mt_arena *a, const struct mt_bundle *b)
{
    struct mt_assess_options how = {0};
    return mt_assess(a, b, &how);
}

/* --- what every finding has --- */

/* Numbers, what speaks against it, what to do next; and on the page a chart. */
static void hold_complete(const char *path, const char *what, struct mt_arena *arena,
                          const struct mt_assessment *a)
{
    for (size_t i = 0; i < a->n_findings; i++) {
        const struct mt_finding *f = a->findings[i];
        bool numbers = f->n_evidence > 0;
        for (size_t k = 0; k < f->n_evidence; k++)
            numbers = numbers && isfinite(f->evidence[k].value) && f->evidence[k].unit;
        if (!numbers || !f->n_against || !f->next || !*f->next || !f->sentence ||
            !*f->confidence_reason)
            complain("%s: %s on %s lacks%s%s%s%s%s (%s)", path, f->rule->id, f->culprit.function,
                     numbers ? "" : " numbers", f->n_against ? "" : " against",
                     f->next && *f->next ? "" : " next", f->sentence ? "" : " a sentence",
                     *f->confidence_reason ? "" : " a reason for its confidence", what);
    }
    const struct mt_view_options options = {0};
    const struct mt_page *page = mt_page_of(mt_view_of_report(arena, a, &options));
    for (size_t i = 0; i < page->n_suspects; i++) {
        const struct mt_finding *f = page->suspects[i].finding;
        if (!page->suspects[i].chart)
            complain("%s: no chart for %s on %s (%s)", path, f->rule->id, f->culprit.function,
                     what);
    }
}

/* --- removal --- */

struct removal {
    const char *path;
    const struct mt_loaded *loaded;
    const char *kinds[MOST_KINDS];
    size_t n_kinds;
    enum mt_verdict_status whole;
};

/* The verdict without the kinds whose bits are set; `next` is copied into text. */
static enum mt_verdict_status without(const struct removal *r, unsigned removed, const char *names,
                                      char *text, size_t size)
{
    struct mt_loaded l = {0};
    struct mt_err err = {0};
    struct mt_found_files files;
    text[0] = '\0';
    if (!mt_walk(&l.arena, r->path, &files, &err)) {
        complain("%s: %s", r->path, err.what);
        return MT_VERDICT_UNDECIDED;
    }
    size_t n = 0;
    for (size_t i = 0; i < files.n; i++) {
        const char *kind = r->loaded->inputs[i].kind;
        bool drop = false;
        for (size_t k = 0; kind && k < r->n_kinds; k++)
            drop = drop || (removed >> k & 1u && strcmp(kind, r->kinds[k]) == 0);
        if (!drop)
            files.items[n++] = files.items[i];
    }
    files.n = n;
    mt_load_files(&l, &files, r->path, 1, 0);
    struct mt_arena a = {0};
    const struct mt_assessment *got = assess(&a, l.bundle);
    enum mt_verdict_status v = got->verdict.status;
    if (got->verdict.next)
        snprintf(text, size, "%s", got->verdict.next);
    hold_complete(r->path, names, &a, got);
    mt_arena_clear(&a);
    mt_loaded_clear(&l);
    return v;
}

static void names_of(const struct removal *r, unsigned removed, char *text, size_t size)
{
    text[0] = '\0';
    for (size_t k = 0; k < r->n_kinds; k++) {
        size_t used = strlen(text);
        if (removed >> k & 1u)
            snprintf(text + used, size - used, "%s%s", used ? ", " : "", r->kinds[k]);
    }
}

static enum mt_verdict_status look(const struct removal *r, unsigned removed)
{
    char next[400], names[400];
    names_of(r, removed, names, sizeof names);
    enum mt_verdict_status v = without(r, removed, names, next, sizeof next);
    checked++;
    if (verbose)
        printf("  %-9s without %s\n", word(v), names);
    if (r->whole == MT_VERDICT_LEAK && v == MT_VERDICT_STEADY)
        complain("%s: leak, but steady without %s", r->path, names);
    if (v == MT_VERDICT_UNDECIDED && !strstr(next, "ake ") && !strstr(next, "apture ") &&
        !strstr(next, "og ") && !strstr(next, "xport "))
        complain("%s: undecided without %s, and no capture is named: %s", r->path, names, next);
    return v;
}

/* Grows the set in one order; no verdict on less data may be surer than the one before. */
static void chain(const struct removal *r, bool backwards)
{
    enum mt_verdict_status before = r->whole;
    unsigned removed = 0;
    for (size_t k = 0; k < r->n_kinds; k++) {
        removed |= 1u << (backwards ? r->n_kinds - 1 - k : k);
        enum mt_verdict_status v = look(r, removed);
        bool surer = v == MT_VERDICT_LEAK && before < MT_VERDICT_LEAK;
        if (surer || (before == MT_VERDICT_UNDECIDED && v == MT_VERDICT_STEADY)) {
            char names[400];
            names_of(r, removed, names, sizeof names);
            complain("%s: %s became %s without %s", r->path, word(before), word(v), names);
        }
        before = v;
    }
}

static void check_removal(const char *path, const struct mt_loaded *l,
                          const struct mt_assessment *before, bool all)
{
    struct removal r = {.path = path, .loaded = l, .whole = before->verdict.status};
    for (size_t i = 0; i < l->n_inputs; i++) {
        const char *kind = l->inputs[i].kind;
        bool known = !kind || !l->inputs[i].capture || r.n_kinds == MOST_KINDS;
        for (size_t k = 0; k < r.n_kinds && !known; k++)
            known = strcmp(r.kinds[k], kind) == 0;
        if (!known)
            r.kinds[r.n_kinds++] = kind;
    }
    for (size_t k = 0; k < r.n_kinds; k++)
        look(&r, 1u << k);
    if (all || r.whole == MT_VERDICT_LEAK)
        chain(&r, false);
    if (all)
        chain(&r, true);
}

/* --- transformations --- */

static bool is_named(const struct mt_culprit *c, const char *function)
{
    bool named =
        strcmp(c->function, function) == 0 || (c->creator && strcmp(c->creator, function) == 0);
    for (size_t i = 0; i < c->n_also && !named; i++)
        named = strcmp(c->also[i], function) == 0;
    return named;
}

static bool share_a_name(const struct mt_culprit *before, const struct mt_culprit *now)
{
    bool shared = is_named(now, before->function);
    for (size_t i = 0; i < before->n_also && !shared; i++)
        shared = is_named(now, before->also[i]);
    return shared;
}

/* The best rank, among the findings from watch on, of one that was blamed before; 0: none. */
static size_t rank_of(const struct mt_assessment *now, const struct mt_assessment *before)
{
    for (size_t i = 0; i < now->n_findings && now->findings[i]->status >= MT_STATUS_WATCH; i++)
        for (size_t k = 0; k < before->n_findings && k < FIRST_OF; k++)
            if (before->findings[k]->status == MT_STATUS_LEAK &&
                share_a_name(&before->findings[k]->culprit, &now->findings[i]->culprit))
                return i + 1;
    return 0;
}

static void list(const struct mt_assessment *a)
{
    for (size_t i = 0; i < a->n_findings && i < 6; i++) {
        static const char *const words[] = {"note", "watch", "leak"};
        const struct mt_finding *f = a->findings[i];
        printf("    %-5s %.3f %s %s (also %s, %s, %s)\n", words[f->status], f->score, f->rule->id,
               f->culprit.function, f->culprit.n_also > 0 ? f->culprit.also[0] : "-",
               f->culprit.n_also > 1 ? f->culprit.also[1] : "-",
               f->culprit.n_also > 2 ? f->culprit.also[2] : "-");
    }
}

/* Fewer snapshots of the culprit's kind than prove anything alone. */
static bool has_few_points(const struct mt_assessment *before, const struct mt_assessment *now)
{
    const struct mt_site *site = before->n_findings ? before->findings[0]->site : NULL;
    struct mt_site *const *all = site && site->goroutines ? now->goroutine_sites : now->heap_sites;
    size_t n = site && site->goroutines ? now->n_goroutine_sites : now->n_heap_sites;
    return site && (!n || all[0]->n_points < MT_PROOF_SNAPSHOTS);
}

static void hold(const char *path, const char *what, const struct mt_assessment *before,
                 const struct mt_bundle *changed)
{
    struct mt_arena a = {0};
    const struct mt_assessment *now = assess(&a, changed);
    enum mt_verdict_status was = before->verdict.status, is = now->verdict.status;
    bool weaker = has_few_points(before, now);
    hold_complete(path, what, &a, now);
    checked++;
    if (was == MT_VERDICT_LEAK) {
        const char *culprit = before->findings[0]->culprit.function;
        size_t rank = rank_of(now, before);
        if (verbose)
            printf("  %-9s %-28s rank %zu\n", word(is), what, rank);
        if (is == MT_VERDICT_STEADY || (!weaker && is != MT_VERDICT_LEAK))
            complain("%s: leak, but %s with %s", path, word(is), what);
        else if ((!rank && is > MT_VERDICT_STEADY) || rank > FIRST_OF)
            complain("%s: with %s the culprit %s has rank %zu, first is %s", path, what, culprit,
                     rank, now->n_findings ? now->findings[0]->culprit.function : "none");
        if (verbose && (is != MT_VERDICT_LEAK || rank != 1))
            list(now);
    } else {
        if (verbose)
            printf("  %-9s %s\n", word(is), what);
        if (is == MT_VERDICT_LEAK)
            complain("%s: %s, but leak with %s: %s", path, word(was), what,
                     now->findings[0]->culprit.function);
        if (verbose && is == MT_VERDICT_LEAK)
            list(now);
    }
    mt_arena_clear(&a);
}

static bool every_second(size_t moment, size_t n)
{
    (void)n;
    return moment % 2 == 0;
}

static bool but_first(size_t moment, size_t n)
{
    (void)n;
    return moment > 0;
}

static bool but_last(size_t moment, size_t n)
{
    return moment + 1 < n;
}

static void check_transform(const char *path, const struct mt_loaded *l,
                            const struct mt_assessment *before, bool all)
{
    struct mt_arena a = {0};
    const struct mt_bundle *b = l->bundle;
    if (verbose)
        list(before);
    hold(path, "times stretched 100 times", before, mt_transform_stretch(&a, b, 100));
    hold(path, "objects 10 times as large", before, mt_transform_scale(&a, b, 10, true));
    /* a sample that stands for ten is ten times the evidence: true for growth, not for chance */
    if (before->verdict.status == MT_VERDICT_LEAK)
        hold(path, "10 times as many objects", before, mt_transform_scale(&a, b, 10, false));
    hold(path, "every second snapshot", before, mt_transform_drop(&a, b, every_second));
    hold(path, "no first snapshot", before, mt_transform_drop(&a, b, but_first));
    hold(path, "no last snapshot", before, mt_transform_drop(&a, b, but_last));
    hold(path, "a tenth of the rows", before, mt_transform_thin(&a, b, 10));
    for (unsigned seed = 1; seed <= (all ? 4 * SEEDS : SEEDS); seed++)
        hold(path, "5% noise", before, mt_transform_noise(&a, b, 0.05, seed));
    mt_arena_clear(&a);
}

/* Loads and assesses a bundle once and holds what was asked for against it. */
static bool check(const char *path, bool removal, bool all)
{
    struct mt_loaded l;
    struct mt_err err = {0};
    if (!mt_load(&l, path, 1, 0, &err)) {
        complain("%s: %s", path, err.what);
        return false;
    }
    struct mt_arena a = {0};
    const struct mt_assessment *before = assess(&a, l.bundle);
    if (verbose)
        printf("%s: %s\n", path, word(before->verdict.status));
    hold_complete(path, "everything", &a, before);
    if (removal)
        check_removal(path, &l, before, all);
    else
        check_transform(path, &l, before, all);
    mt_arena_clear(&a);
    mt_loaded_clear(&l);
    return true;
}

int main(int argc, char **argv)
{
    bool all = false, removal = argc > 1 && strcmp(argv[1], "removal") == 0;
    int bundles = 0;
    if (argc < 3 || (!removal && strcmp(argv[1], "transform") != 0)) {
        fputs("usage: properties removal|transform [--all] [-v] BUNDLE...\n", stderr);
        return 2;
    }
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--all") == 0)
            all = true;
        else if (strcmp(argv[i], "-v") == 0)
            verbose = true;
        else
            bundles += check(argv[i], removal, all);
    }
    printf("%s: %d verdicts on %d bundles, %d complaints\n", argv[1], checked, bundles, complaints);
    return complaints || !bundles;
}

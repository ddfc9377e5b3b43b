/* SPDX-License-Identifier: Apache-2.0 */
/* Inputs with their hashes, how the figures came about, and the words of a diff's page. */
#include "report/view/page/part.h"

#include "report/view/diff_sheets.h"

static const struct mt_definition words[] = {
    {"Base, head",
     "What is compared: the base is before, the head after. Changes are head minus base.",
     "g-base"},
    {"Run", "One capture or bundle of one process. Runs of a side repeat the same load.", "g-run"},
    {"Live heap",
     "Bytes in objects that the collector has not found dead: in-use bytes of a heap profile, "
     "scaled up from its samples.",
     "g-live-heap"},
    {"Allocated", "Bytes handed out, dead or alive. Never compared with live bytes in one column.",
     "g-allocated"},
    {"Heap floor",
     "Live heap right after a collection. What rises here was kept on purpose or by mistake.",
     "g-heap-floor"},
    {"Blame frame",
     "The first frame of a stack, from the leaf up, that belongs to the service's own code.",
     "g-blame-frame"},
    {"Sampling error",
     "A heap profile holds a sample of allocations. The interval says where the true value lies, "
     "19 times of 20.",
     "g-sampling-error"},
    {"Noise",
     "Change that the sampling error (one run a side) or the spread between runs explains. Drawn "
     "grey, classed as same.",
     "g-noise"},
    {"Adjusted p",
     "How often a change as large as this, anywhere among what the policy gates, would come from "
     "relabelling the runs by chance.",
     "g-adjusted-p"},
    {"Moved",
     "A function that has another name in the head, at the same place of the stack and of the same "
     "size.",
     "g-moved"},
    {"RSS", "Resident memory of the process as the system counts it.", "g-rss"},
    {"Fails closed", "An input that could not be read whole is never taken for a pass.",
     "g-fails-closed"},
};

static void say(struct mt_part *p, const char *term, const char *text)
{
    if (text && *text)
        p->page->method[p->page->n_method++] = (struct mt_definition){term, text, NULL};
}

static void inputs(struct mt_part *p)
{
    const struct mt_diff *d = p->view->diff;
    const struct mt_diff_side *sides[2] = {&d->base, &d->head};
    size_t count[3] = {0}, files = 0;
    double bytes = 0;
    for (int side = 0; side < 2; side++)
        for (size_t r = 0; r < sides[side]->n_runs; r++)
            for (size_t i = 0; i < sides[side]->runs[r].bundle->n_inputs; i++) {
                const struct mt_input *in = &sides[side]->runs[r].bundle->inputs[i];
                count[in->status]++;
                files++;
                bytes += (double)in->bytes;
            }
    p->page->inputs_lede =
        mt_arena_printf(p->arena, "%s of %s and %s, %s: %zu read, %zu damaged, %zu skipped.",
                        mt_fmt_plural(p->arena, (double)files, "file", "files"),
                        mt_fmt_plural(p->arena, (double)d->base.n_runs, "base run", "base runs"),
                        mt_fmt_plural(p->arena, (double)d->head.n_runs, "head run", "head runs"),
                        mt_fmt_bytes(p->arena, bytes), count[MT_INPUT_READ],
                        count[MT_INPUT_DAMAGED], count[MT_INPUT_SKIPPED]);
    p->page->inputs = mt_diff_inputs_sheet(p->arena, d);
}

static const char *statistics(const struct mt_diff *d)
{
    if (d->replicates)
        return "a run counts as one value. Difference of medians, its order-statistic interval, "
               "exact "
               "two-sided Mann-Whitney p; adjusted p by relabelling the runs (Westfall and Young) "
               "over "
               "everything the policy gates. Below 0.05 a change is one.";
    return "one value a side. Its interval is the sampling error of the profile (exact Poisson "
           "limits "
           "of the samples behind it); errors of both sides add. The spread between runs is not "
           "known, so no change is called significant.";
}

void mt_part_diff_method(struct mt_part *p)
{
    const struct mt_diff *d = p->view->diff;
    inputs(p);
    p->page->method = MT_NEW_N(p->arena, struct mt_definition, 10);
    say(p, "A run's value",
        "the last snapshot for live memory and goroutines, growth per second from first to last "
        "snapshot for allocation where a run has two, the median of the floor, the p99 of pauses "
        "and requests.");
    say(p, "Statistics", statistics(d));
    say(p, "Identity",
        "a function is the same in both builds without its line, address, closure number, generic "
        "shape, module version and vendor folder.");
    say(p, "Flame graph",
        d->replicates
            ? "means over the runs of each side. A frame is grey where the order-statistic "
              "interval "
              "of its change holds zero."
            : "a frame is grey where its change is below two standard deviations of the sampling.");
    if (d->n_sites_left_out)
        say(p, "Folded",
            mt_arena_printf(
                p->arena, "%s beyond the %d with the largest change.",
                mt_fmt_plural(p->arena, (double)d->n_sites_left_out, "call path", "call paths"),
                MT_DIFF_MOST_SITES));
    say(p, "Command", p->view->options.command_line);
    say(p, "Limits",
        "a heap profile knows where memory was allocated, not what keeps it. A difference between "
        "two builds under different load is a difference of load.");
    p->page->glossary = words;
    p->page->n_glossary = sizeof words / sizeof *words;
}

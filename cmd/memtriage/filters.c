/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/memtriage/filters.h"

bool mt_filters_of(struct mt_arena *arena, const struct mt_options *o, struct mt_filter **f)
{
    struct mt_filter_words words = {.sample_index = o->sample_index,
                                    .focus = o->focus,
                                    .ignore = o->ignore,
                                    .hide = o->hide,
                                    .show = o->show,
                                    .show_from = o->show_from,
                                    .prune_from = o->prune_from,
                                    .tagfocus = o->tagfocus,
                                    .tagignore = o->tagignore,
                                    .trim_path = o->trim_path};
    struct mt_err err = {0};
    *f = mt_filter_new(arena, &words, &err);
    if (!*f) {
        mt_say("%s", err.what);
        return false;
    }
    if (mt_filter_does_nothing(*f))
        *f = NULL;
    return true;
}

void mt_filters_apply(const struct mt_filter *f, struct mt_capture *c)
{
    for (size_t i = 0; f && i < c->n_profiles; i++)
        c->profiles[i] = mt_profile_filtered(c->arena, c->strings, &c->profiles[i], f);
}

void mt_filters_apply_loaded(const struct mt_filter *f, struct mt_loaded *l)
{
    for (size_t i = 0; f && i < l->n_inputs; i++)
        if (l->inputs[i].capture)
            mt_filters_apply(f, l->inputs[i].capture);
}

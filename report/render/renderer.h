/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The interface of an output. A file report/render/outputs/foo.c that defines
 * `const struct mt_renderer mt_renderer_foo` is registered by its name: `--format foo`.
 */
#ifndef MT_RENDER_RENDERER_H
#define MT_RENDER_RENDERER_H

#include "parsers/base/text.h"
#include "report/view/view.h"

/* Receives the files a renderer makes: most make one, svg makes several. */
struct mt_outputs {
    /* name is relative to the output folder ("report.html", "svg/timeline.svg"); bytes are copied
     * or written before it returns. */
    bool (*file)(struct mt_outputs *self, const char *name, struct mt_span bytes);
    bool failed;
    bool single; /* one file or stream was asked for: what cannot be made is an error */
};

struct mt_renderer {
    const char *name;          /* "html" */
    const char *suffix;        /* ".html": chosen by -o FILE.html */
    const char *file;          /* "report.html": name in the output folder */
    const char *summary;       /* one line for --help */
    bool in_report, in_diff;   /* part of the standard set of that command */
    bool for_report, for_diff; /* can be asked for there */
    bool (*render)(const struct mt_view *view, struct mt_outputs *out, struct mt_err *err);
};

extern const struct mt_renderer *const mt_renderers[];
const struct mt_renderer *mt_renderer_named(const char *name);

#endif

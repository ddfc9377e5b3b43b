/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* mkstemp, fdopen */
#include "cmd/memtriage/output.h"

#include "parsers/input/stream.h"
#include "report/render/renderer.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_FORMATS = 16 };

static bool allowed(const struct mt_renderer *r, bool diff)
{
    return diff ? r->for_diff : r->for_report;
}

static bool to_stdout(const struct mt_options *o)
{
    return o->output && strcmp(o->output, "-") == 0;
}

/* By suffix, the longest that fits: -o report.html writes one format into that file. */
static const struct mt_renderer *by_suffix(const char *path, bool diff)
{
    const struct mt_renderer *best = NULL;
    for (size_t i = 0; mt_renderers[i]; i++) {
        const struct mt_renderer *r = mt_renderers[i];
        if (r->suffix && allowed(r, diff) && mt_span_ends(mt_span_of(path), r->suffix) &&
            (!best || strlen(r->suffix) > strlen(best->suffix)))
            best = r;
    }
    return best;
}

/* Where the outputs go and which they are. */
struct plan {
    const struct mt_renderer *renderers[MOST_FORMATS];
    size_t n;
    bool single; /* into one file or standard output */
};

static bool add_named(struct plan *plan, const char *list, bool diff)
{
    struct mt_span rest = mt_span_of(list), name;
    while (mt_span_split(&rest, ',', &name)) {
        const struct mt_renderer *found = NULL;
        for (size_t i = 0; mt_renderers[i]; i++)
            if (mt_span_is(name, mt_renderers[i]->name) && allowed(mt_renderers[i], diff))
                found = mt_renderers[i];
        if (!found || plan->n == MOST_FORMATS) {
            mt_say("--format %.*s: no such output here; known are:", (int)name.size,
                   (const char *)name.data);
            for (size_t i = 0; mt_renderers[i]; i++)
                if (allowed(mt_renderers[i], diff))
                    fprintf(stderr, "  %-12s %s\n", mt_renderers[i]->name,
                            mt_renderers[i]->summary);
            return false;
        }
        plan->renderers[plan->n++] = found;
    }
    return true;
}

static bool is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static bool make_plan(struct plan *plan, const struct mt_options *o, bool diff)
{
    *plan = (struct plan){0};
    if (o->format && !*o->format) {
        mt_say("--format: names of outputs were expected, not nothing");
        return false;
    }
    if (o->format && !add_named(plan, o->format, diff))
        return false;
    if (to_stdout(o)) {
        plan->single = true;
        if (plan->n == 1)
            return true;
        mt_say("-o - writes one output: --format with one name was expected");
        return false;
    }
    const struct mt_renderer *named =
        o->output && !is_folder(o->output) ? by_suffix(o->output, diff) : NULL;
    if (named && (!o->format || (plan->n == 1 && plan->renderers[0] == named))) {
        plan->renderers[0] = named;
        plan->n = 1;
        plan->single = true;
    }
    if (!plan->n)
        for (size_t i = 0; mt_renderers[i] && plan->n < MOST_FORMATS; i++)
            if (diff ? mt_renderers[i]->in_diff : mt_renderers[i]->in_report)
                plan->renderers[plan->n++] = mt_renderers[i];
    return true;
}

bool mt_check_outputs(const struct mt_options *o, bool diff)
{
    struct plan plan;
    return make_plan(&plan, o, diff);
}

bool mt_wants_output(const struct mt_options *o, bool diff, const char *name)
{
    struct plan plan;
    if (!make_plan(&plan, o, diff))
        return false;
    for (size_t i = 0; i < plan.n; i++)
        if (strcmp(plan.renderers[i]->name, name) == 0)
            return true;
    return false;
}

/* -- files -------------------------------------------------------------------------------- */

struct sink {
    struct mt_outputs base;
    const char *folder; /* NULL: one file or standard output */
    const char *single;
    size_t written;
    struct mt_err *err;
};

/* Of a long path the end is said, so that the reason has its place. */
static bool fail(struct sink *s, const char *path)
{
    enum { MOST = 90 };
    size_t size = strlen(path);
    s->base.failed = true;
    return mt_fail(s->err, MT_ERR_OUTPUT, 0, "%s%s could not be written: %s",
                   size > MOST ? "..." : "", size > MOST ? path + size - MOST : path,
                   strerror(errno));
}

static bool make_parents(const char *path)
{
    char part[4096];
    size_t size = strlen(path);
    if (size >= sizeof part) {
        errno = ENAMETOOLONG;
        return false;
    }
    for (size_t i = 1; i < size; i++) {
        if (path[i] != '/')
            continue;
        memcpy(part, path, i);
        part[i] = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            return false;
    }
    return true;
}

/* Flushed, closed, checked, renamed. False: errno says why, and nothing is left. */
static bool replace_file(const char *path, struct mt_span bytes)
{
    char temporary[4096];
    int size = snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
    if (size < 0 || (size_t)size >= sizeof temporary) {
        errno = ENAMETOOLONG;
        return false;
    }
    int fd = mkstemp(temporary);
    if (fd < 0)
        return false;
    mode_t mask = umask(0);
    umask(mask);
    FILE *out = fdopen(fd, "wb");
    bool ok = out && fchmod(fd, 0666 & ~mask) == 0 &&
              fwrite(bytes.data, 1, bytes.size, out) == bytes.size;
    int saved = errno;
    if (out ? fclose(out) != 0 : close(fd) != 0) {
        saved = ok ? errno : saved;
        ok = false;
    }
    errno = saved;
    if (ok && rename(temporary, path) == 0)
        return true;
    saved = errno;
    unlink(temporary);
    errno = saved;
    return false;
}

/* To a temporary name beside it. Who interrupts the program waits for this one file, so that no
 * temporary one is left. */
static bool write_file(struct sink *s, const char *path, struct mt_span bytes)
{
    if (!make_parents(path))
        return fail(s, path);
    sigset_t enders, before;
    sigemptyset(&enders);
    sigaddset(&enders, SIGINT);
    sigaddset(&enders, SIGTERM);
    sigaddset(&enders, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &enders, &before);
    bool ok = replace_file(path, bytes) || fail(s, path);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return ok;
}

static bool take_file(struct mt_outputs *self, const char *name, struct mt_span bytes)
{
    struct sink *s = (struct sink *)self;
    s->written++;
    if (s->single && strcmp(s->single, "-") == 0) {
        if (s->written > 1)
            return true; /* one output, one stream: a family of files shows its first */
        return fwrite(bytes.data, 1, bytes.size, stdout) == bytes.size ||
               fail(s, "standard output");
    }
    if (s->single)
        return s->written > 1 || write_file(s, s->single, bytes);
    char path[4096];
    int size = snprintf(path, sizeof path, "%s/%s", s->folder, name);
    if (size < 0 || (size_t)size >= sizeof path) {
        errno = ENAMETOOLONG;
        return fail(s, name);
    }
    return write_file(s, path, bytes);
}

bool mt_write_outputs(const struct mt_view *view, const struct mt_options *o, bool diff,
                      struct mt_err *err)
{
    struct plan plan;
    if (!make_plan(&plan, o, diff))
        return mt_fail(err, MT_ERR_USAGE, 0, "no output to write");
    struct sink s = {.base = {.file = take_file, .single = plan.single},
                     .folder = o->output ? o->output : "memtriage-report",
                     .single = plan.single ? o->output : NULL};
    for (size_t i = 0; i < plan.n; i++) { /* an output that fails takes no other with it */
        struct mt_err one = {0};
        s.err = &one;
        if (!plan.renderers[i]->render(view, &s.base, &one))
            mt_fail(&one, MT_ERR_OUTPUT, 0, "%s could not be made", plan.renderers[i]->name);
        if (err->code == MT_ERR_OK)
            *err = one;
    }
    return err->code == MT_ERR_OK;
}

/* -- options and small files -------------------------------------------------------------- */

void mt_fill_view_options(struct mt_view_options *view, const struct mt_options *o,
                          struct mt_arena *arena, struct mt_strings *strings,
                          struct mt_redaction *redaction)
{
    *view = (struct mt_view_options){.title = o->title,
                                     .report_url = o->report_url,
                                     .asset_base = o->asset_base,
                                     .stamp = o->stamp,
                                     .by = o->by,
                                     .base_label = o->base_label,
                                     .head_label = o->head_label};
    uint64_t bytes;
    if (o->max_size && mt_span_u64(mt_span_of(o->max_size), &bytes))
        view->max_html_bytes = bytes;
    struct mt_label_pair *labels = MT_NEW_N(arena, struct mt_label_pair, o->labels.n + 1);
    for (size_t i = 0; i < o->labels.n; i++) {
        struct mt_span value = mt_span_of(o->labels.items[i]), key;
        mt_span_split(&value, '=', &key);
        labels[view->n_labels].key = mt_intern(strings, key);
        labels[view->n_labels++].value =
            mt_intern(strings, mt_redact_label(redaction, arena, key, value));
    }
    view->labels = labels;
    view->redaction = redaction;
    view->command_line = "memtriage report";
}

bool mt_read_text(struct mt_arena *arena, const char *path, struct mt_span *text)
{
    struct mt_err err = {0};
    struct mt_stream *stream;
    if (!mt_stream_open(&stream, path, &err)) {
        mt_say_err(path, &err);
        return false;
    }
    struct mt_cursor in = mt_stream_cursor(stream, &err);
    struct mt_span all = mt_cur_all(&in);
    *text = (struct mt_span){(unsigned char *)mt_arena_copy(arena, all.data, all.size), all.size};
    bool settled = mt_stream_settle(stream, &err);
    mt_stream_close(stream);
    if (!settled || err.code != MT_ERR_OK)
        mt_say_err(path, &err);
    return err.code == MT_ERR_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds and reads the files of a bundle, several at a time. Each worker fills an arena and a string
 * table of the file it reads; the join goes by path order on one thread, so the number of workers
 * cannot show in the result.
 */
#include "cmd/memtriage/command.h"
#include "parsers/base/limits.h"
#include "parsers/input/own.h"
#include "parsers/input/stream.h"
#include "parsers/input/unknown.h"
#include "parsers/input/walk.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { HASH_BESIDE = 16 << 20 };

struct job {
    const struct mt_found_files *files;
    struct mt_input *inputs;
    struct mt_arena *arenas;
    struct mt_stream **streams; /* those that captures point into */
    bool *own;                  /* what an earlier run wrote into the bundle */
    atomic_size_t next;
};

static void skip(struct mt_input *input, const char *reason)
{
    input->status = MT_INPUT_SKIPPED;
    input->reason = reason;
    input->capture = NULL;
}

static void damage(struct mt_input *input, struct mt_arena *arena, const struct mt_err *err)
{
    input->status = MT_INPUT_DAMAGED;
    input->damage_offset = err->offset;
    input->reason =
        mt_arena_printf(arena, "byte %llu: %s", (unsigned long long)err->offset, err->what);
}

static bool holds_anything(const struct mt_capture *c)
{
    return c->n_profiles || c->n_tables || c->n_gc_logs || c->n_dumps || c->trace ||
           c->n_requests || c->manifest || c->notes.size;
}

static bool is_own_profile(const struct mt_capture *c)
{
    return c->n_profiles == 1 && c->profiles[0].n_comments &&
           mt_span_starts(mt_string(c->strings, c->profiles[0].comments[0]), MT_OWN_COMMENT);
}

/* What was passed over without the whole being damaged. */
static void say_losses(struct mt_capture *c)
{
    if (c->skipped)
        mt_capture_remark(c, c->skipped > c->records, "skipped-records",
                          "Damaged records passed over: %llu; read: %llu.",
                          (unsigned long long)c->skipped, (unsigned long long)c->records);
    if (c->cut_lines)
        mt_capture_remark(c, false, "cut-lines",
                          "Lines of more than %llu bytes (--limit line-bytes): %llu; what stands "
                          "behind that in them was not read.",
                          (unsigned long long)mt_limit(MT_LIMIT_LINE),
                          (unsigned long long)c->cut_lines);
}

/* Reads with one reader. False: nothing usable came of it. */
static bool read_with(const struct mt_reader *reader, struct mt_stream *stream,
                      struct mt_capture *capture, struct mt_err *err)
{
    struct mt_cursor in = mt_stream_cursor(stream, err);
    if (!reader->read(&in, capture))
        mt_fail(err, MT_ERR_INPUT, in.offset, "damaged");
    capture->cut_lines = in.cut_lines;
    say_losses(capture);
    return err->code == MT_ERR_OK || holds_anything(capture);
}

/* What it is to a user: a profile by its own kind, anything else by its reader's word. */
static const char *kind_of(struct mt_arena *arena, const struct mt_reader *reader,
                           const struct mt_capture *c)
{
    if (!c->n_profiles || c->trace)
        return reader->kind;
    const char *name = mt_profile_kind_name(c->profiles[0].kind);
    return strcmp(name, "profile") == 0 ? name : mt_arena_printf(arena, "%s profile", name);
}

/* Whether the text stands anywhere in the stream, at least once in one piece. */
static bool stream_holds(struct mt_stream *stream, const char *text)
{
    struct mt_err ignored = {0};
    struct mt_cursor in = mt_stream_cursor(stream, &ignored);
    size_t keep = strlen(text);
    while (mt_cur_has(&in, keep)) {
        mt_cur_has(&in, MT_HEAD_BYTES);
        if (mt_span_find(in.rest, text) != MT_NPOS)
            return true;
        mt_cur_bytes(&in, in.rest.size - keep + 1); /* the text may begin in the last bytes */
        mt_cur_release(&in);
    }
    return false;
}

/* A log may hold several kinds of lines: every reader that mixes and finds its own in the head, or
 * its mark further on, reads. */
static void read_beside(const struct mt_reader *first, struct mt_stream *stream,
                        struct mt_span head, struct mt_capture *capture)
{
    if (!first->mixes || !mt_stream_rewinds(stream))
        return;
    bool also[64] = {false};
    for (size_t i = 0; i < 64 && mt_readers[i]; i++)
        also[i] = mt_readers[i] != first && mt_readers[i]->mixes &&
                  (mt_readers[i]->sniff(head) >= MT_LIKELY ||
                   (mt_readers[i]->mark && head.size == MT_HEAD_BYTES &&
                    stream_holds(stream, mt_readers[i]->mark)));
    uint64_t records = capture->records, skipped = capture->skipped;
    for (size_t i = 0; i < 64 && mt_readers[i]; i++) {
        if (!also[i])
            continue;
        struct mt_err ignored = {0};
        struct mt_cursor in = mt_stream_cursor(stream, &ignored);
        mt_readers[i]->read(&in, capture);
    }
    capture->records =
        records; /* counts are the first reader's; passing over others' lines is no loss */
    capture->skipped = skipped;
}

/* For a log whose head nobody knows. */
static const struct mt_reader *find_by_mark(struct mt_stream *stream, struct mt_span head)
{
    if (head.size < MT_HEAD_BYTES || !mt_stream_rewinds(stream))
        return NULL;
    for (size_t i = 0; mt_readers[i]; i++)
        if (mt_readers[i]->mark && stream_holds(stream, mt_readers[i]->mark))
            return mt_readers[i];
    return NULL;
}

struct hashing {
    struct mt_stream *stream;
    struct mt_input *input;
};

static void *hash(void *argument)
{
    struct hashing *h = argument;
    mt_stream_sha256(h->stream, h->input->sha256);
    return NULL;
}

/* True: it is what an earlier run wrote. */
static bool read_content(struct mt_stream *stream, struct mt_input *input, struct mt_arena *arena)
{
    input->bytes = mt_stream_stored_bytes(stream);
    struct mt_span head = mt_stream_head(stream);
    if (mt_is_own_output(head))
        return true;
    if (mt_is_archive(head)) {
        skip(input, "an archive inside the bundle: unpack it, or give it as the bundle");
        input->unread = true;
        return false;
    }
    const struct mt_reader *sniffed = mt_reader_sniff(head);
    const struct mt_reader *reader = sniffed ? sniffed : find_by_mark(stream, head);
    struct mt_err err = {0};
    if (!reader) {
        struct mt_cursor in = mt_stream_cursor(stream, &err);
        bool broken =
            mt_stream_is_gzip(stream) && !mt_cur_has(&in, MT_HEAD_BYTES) && !mt_cur_ok(&in);
        skip(input, broken && head.size ? mt_arena_copy(arena, err.what, strlen(err.what))
                                        : mt_unknown_reason(head, broken));
        input->unread = broken;
        return false;
    }
    struct mt_strings *strings = MT_NEW(arena, struct mt_strings);
    struct mt_capture *capture = MT_NEW(arena, struct mt_capture);
    mt_strings_init(strings, arena);
    mt_capture_init(capture, arena, strings);
    input->format = capture->format = reader->name;
    input->kind = reader->kind;
    capture->path = input->path;
    input->capture = capture;
    bool usable = read_with(reader, stream, capture, &err);
    if (!sniffed && !holds_anything(capture)) {
        input->format = input->kind = NULL;
        skip(input, mt_unknown_reason(head, false));
        return false;
    }
    if (err.code == MT_ERR_OK)
        read_beside(reader, stream, head, capture);
    input->records = capture->records;
    input->kind = kind_of(arena, reader, capture);
    input->bytes = mt_stream_stored_bytes(stream);
    if (err.code != MT_ERR_OK)
        damage(input, arena, &err);
    if (!usable)
        input->capture = NULL;
    return usable && is_own_profile(capture);
}

/* A large file is hashed while it is read. True: as above. */
static bool read_stream(struct mt_stream *stream, struct mt_input *input, struct mt_arena *arena)
{
    struct hashing h = {stream, input};
    pthread_t beside;
    bool two = mt_stream_stored(stream).size >= HASH_BESIDE &&
               pthread_create(&beside, NULL, hash, &h) == 0;
    if (!two)
        hash(&h);
    bool own = read_content(stream, input, arena);
    if (two)
        pthread_join(beside, NULL);
    struct mt_err err = {0};
    if (!mt_stream_settle(stream, &err))
        damage(input, arena, &err);
    return own;
}

static void read_one(const struct job *job, size_t i)
{
    const struct mt_found_file *file = &job->files->items[i];
    struct mt_input *input = &job->inputs[i];
    *input = (struct mt_input){.path = file->path, .start_ns = MT_NO_TIME, .end_ns = MT_NO_TIME};
    if (file->refused) {
        skip(input, file->refused);
        input->unread = file->unread;
        return;
    }
    struct mt_err err = {0};
    struct mt_stream *stream;
    if (!file->open_as)
        stream = mt_stream_over(file->bytes);
    else if (!mt_stream_open(&stream, file->open_as, &err)) {
        skip(input, mt_arena_copy(&job->arenas[i], err.what, strlen(err.what)));
        input->unread = true;
        return;
    }
    job->own[i] = read_stream(stream, input, &job->arenas[i]);
    if (input->capture && input->capture->borrows_input)
        job->streams[i] = stream;
    else
        mt_stream_close(stream);
}

static void *work(void *argument)
{
    struct job *job = argument;
    for (size_t i; (i = atomic_fetch_add(&job->next, 1)) < job->files->n;)
        read_one(job, i);
    return NULL;
}

static void read_all(struct job *job, unsigned jobs)
{
    pthread_t threads[64];
    unsigned started = 0;
    while (started + 1 < jobs && started + 1 < job->files->n && started < 64 &&
           pthread_create(&threads[started], NULL, work, job) == 0)
        started++;
    work(job);
    while (started)
        pthread_join(threads[--started], NULL);
}

/* The report must not tell whether it was written here before: what memtriage wrote itself is no
 * input at all. */
static void leave_out_own(struct mt_loaded *l, const bool *own)
{
    size_t n = 0;
    for (size_t i = 0; i < l->n_inputs; i++) {
        if (own[i]) {
            mt_arena_clear(&l->file_arenas[i]);
            mt_stream_close(l->streams[i]);
            l->n_own++;
            continue;
        }
        l->inputs[n] = l->inputs[i];
        l->file_arenas[n] = l->file_arenas[i];
        l->streams[n++] = l->streams[i];
    }
    l->n_inputs = n;
}

/* The same bytes twice are read once: the later path is skipped and says which it repeats. */
static void skip_repeated(struct mt_loaded *l)
{
    struct mt_arena arena = {0};
    struct mt_strings digests;
    mt_strings_init(&digests, &arena);
    const char **first = MT_NEW_N(&arena, const char *, l->n_inputs + 1);
    for (size_t i = 0; i < l->n_inputs; i++) {
        struct mt_input *input = &l->inputs[i];
        if (!input->capture || !input->sha256[0])
            continue;
        uint32_t id = mt_intern_text(&digests, input->sha256);
        if (first[id])
            skip(input, mt_arena_printf(&l->arena, "same content as %s", first[id]));
        else
            first[id] = input->path;
    }
    mt_arena_clear(&arena);
}

static void count(struct mt_loaded *l)
{
    for (size_t i = 0; i < l->n_inputs; i++) {
        const struct mt_input *input = &l->inputs[i];
        l->n_damaged += input->status == MT_INPUT_DAMAGED || input->unread;
        if (!input->capture || !holds_anything(input->capture))
            continue;
        l->n_usable++;
        const struct mt_capture *c = input->capture;
        l->n_captures +=
            c->n_profiles || c->n_tables || c->n_gc_logs || c->n_dumps || c->trace || c->n_requests;
    }
}

static const char *last_part(struct mt_arena *a, const char *path)
{
    struct mt_span s = mt_span_of(path);
    while (s.size > 1 && s.data[s.size - 1] == '/')
        s.size--;
    size_t slash = mt_span_find_last_byte(s, '/');
    if (slash != MT_NPOS && s.size > 1)
        s = mt_span_from(s, slash + 1);
    return mt_span_is(s, ".") || mt_span_is(s, "..") || mt_span_is(s, "-")
               ? "bundle"
               : mt_arena_copy(a, s.data, s.size);
}

void mt_load_files(struct mt_loaded *l, const struct mt_found_files *files, const char *path,
                   unsigned jobs, int64_t interval_ns)
{
    mt_strings_init(&l->strings, &l->arena);
    l->n_inputs = files->n;
    l->inputs = MT_NEW_N(&l->arena, struct mt_input, files->n + 1);
    l->file_arenas = MT_NEW_N(&l->arena, struct mt_arena, files->n + 1);
    l->streams = MT_NEW_N(&l->arena, struct mt_stream *, files->n + 1);
    struct job job = {.files = files,
                      .inputs = l->inputs,
                      .arenas = l->file_arenas,
                      .streams = l->streams,
                      .own = MT_NEW_N(&l->arena, bool, files->n + 1)};
    read_all(&job, jobs);
    leave_out_own(l, job.own);
    skip_repeated(l);
    count(l);
    l->bundle = mt_bundle_join(&l->arena, &l->strings, last_part(&l->arena, path), l->inputs,
                               l->n_inputs, interval_ns);
}

bool mt_load(struct mt_loaded *l, const char *path, unsigned jobs, int64_t interval_ns,
             struct mt_err *err)
{
    *l = (struct mt_loaded){0};
    struct mt_found_files files;
    struct mt_err partly = {0};
    if (!mt_walk(&l->arena, path, &files, &partly)) {
        *err = partly;
        return false;
    }
    mt_load_files(l, &files, path, jobs, interval_ns);
    return true;
}

void mt_loaded_clear(struct mt_loaded *l)
{
    for (size_t i = 0; i < l->n_inputs; i++) {
        mt_arena_clear(&l->file_arenas[i]);
        mt_stream_close(l->streams[i]);
    }
    mt_arena_clear(&l->arena);
}

/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* O_CLOEXEC, MADV_DONTNEED */
#include "parsers/input/stream.h"

#include "parsers/base/digest.h"
#include "parsers/base/limits.h"
#include "parsers/input/inflate.h"
#include "parsers/input/utf16.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PIPE_CHUNK = 256 << 10,
    WINDOW = 256 << 10,     /* decompressed bytes asked for at a time */
    RELEASE_STEP = 8 << 20, /* a mapping is dropped behind the reader in steps of this */
    LOOKAHEAD = 4,          /* of a pipe: a magic number, a pair of surrogates */
    UTF16_MARK = 2,
    UTF16_HEAD = 4 << 10, /* bytes out of gzip by which such text is known */
    PAGE = 4096,          /* the smallest there is: a signal handler may not ask */
    SMALL_FILE = 64 << 10 /* below this reading is cheaper than mapping */
};

struct mt_stream {
    struct mt_source source; /* first: a source is its stream */
    int fd;                  /* -1: memory, or settled */
    size_t opened_size;      /* of a file, when it was opened */
    bool pipe, gzip, mapped, owns_stored;
    enum mt_utf16 utf16;
    bool windowed; /* bytes go through the window; otherwise they stay where they are stored */
    struct mt_span stored; /* mapping, read file or memory */
    size_t released;       /* of the mapping, from the front */
    uint64_t stored_bytes;

    struct mt_inflate *inflate;
    struct mt_span packed; /* of the stored bytes (or the pipe's chunk), not yet taken */
    unsigned char *pipe_chunk;
    bool pipe_end;

    bool looked;         /* whether what comes out of gzip is UTF-16; then it stops over here: */
    unsigned char *wide; /* WINDOW bytes */
    struct mt_span wide_rest;
    bool wide_end;
    struct mt_err wide_failure; /* behind the rest */

    unsigned char *window; /* decompressed (gzip) or read (pipe) bytes */
    size_t window_capacity, window_size;
    bool window_end;
    bool moved;            /* the window no longer begins with the first byte */
    struct mt_err failure; /* what stopped the decompression; reported when a reader gets there */
};

/* Adds what the pipe has to what is left of the chunk. */
static bool read_pipe(struct mt_stream *s, struct mt_err *err)
{
    if (!s->pipe_chunk && !(s->pipe_chunk = malloc(PIPE_CHUNK)))
        mt_out_of_memory();
    size_t left = s->packed.size;
    if (left)
        memmove(s->pipe_chunk, s->packed.data, left);
    ssize_t got;
    do
        got = read(s->fd, s->pipe_chunk + left, PIPE_CHUNK - left);
    while (got < 0 && errno == EINTR);
    s->packed = (struct mt_span){s->pipe_chunk, left + (got > 0 ? (size_t)got : 0)};
    if (got < 0)
        return mt_fail(err, MT_ERR_INPUT, s->stored_bytes, "read failed: %s", strerror(errno));
    s->pipe_end = got == 0;
    s->stored_bytes += (uint64_t)got;
    return true;
}

/* Text in UTF-16 came out of gzip: what the window has of it moves to where it stops over. */
static void go_wide(struct mt_stream *s, enum mt_utf16 order, struct mt_err *err)
{
    if (!s->wide && !(s->wide = malloc(WINDOW)))
        mt_out_of_memory();
    size_t size = s->window_size - UTF16_MARK;
    memcpy(s->wide, s->window + UTF16_MARK, size);
    s->utf16 = order;
    s->wide_rest = (struct mt_span){s->wide, size};
    s->wide_end = s->window_end || err->code != MT_ERR_OK;
    s->wide_failure = *err;
    *err = (struct mt_err){0};
    s->window_size = 0;
    s->window_end = false;
}

static bool fill_from_gzip(struct mt_stream *s, struct mt_err *err)
{
    size_t written;
    bool ok =
        mt_inflate_step(s->inflate, &s->packed, s->pipe && !s->pipe_end, s->window + s->window_size,
                        s->window_capacity - s->window_size, &written, &s->window_end, err);
    s->window_size += written;
    if (s->looked || (ok && !s->window_end && s->window_size < UTF16_HEAD))
        return ok;
    s->looked = true;
    enum mt_utf16 order = mt_utf16_of((struct mt_span){s->window, s->window_size});
    if (order)
        go_wide(s, order, err);
    return ok || order;
}

static bool fill_from_wide(struct mt_stream *s, struct mt_err *err)
{
    if (s->wide_rest.size < LOOKAHEAD && !s->wide_end) {
        size_t left = s->wide_rest.size, written;
        if (left)
            memmove(s->wide, s->wide_rest.data, left);
        if (!mt_inflate_step(s->inflate, &s->packed, s->pipe && !s->pipe_end, s->wide + left,
                             WINDOW - left, &written, &s->wide_end, &s->wide_failure))
            s->wide_end = true;
        s->wide_rest = (struct mt_span){s->wide, left + written};
    }
    s->window_size +=
        mt_utf16_step(s->utf16, &s->wide_rest, !s->wide_end, s->window + s->window_size,
                      s->window_capacity - s->window_size);
    if (!s->wide_end || s->wide_rest.size)
        return true;
    s->window_end = true;
    *err = s->wide_failure;
    return err->code == MT_ERR_OK;
}

/* Adds at least a byte to the window unless the input is at its end, or has to be asked again. */
static bool fill(struct mt_stream *s, struct mt_err *err)
{
    if (s->packed.size < LOOKAHEAD && s->pipe && !s->pipe_end && !read_pipe(s, err))
        return false;
    if (s->gzip)
        return s->utf16 ? fill_from_wide(s, err) : fill_from_gzip(s, err);
    unsigned char *out = s->window + s->window_size;
    size_t room = s->window_capacity - s->window_size;
    bool more = s->pipe && !s->pipe_end;
    if (s->utf16) {
        s->window_size += mt_utf16_step(s->utf16, &s->packed, more, out, room);
        s->window_end = !more && !s->packed.size;
        return true;
    }
    size_t step = s->packed.size < room ? s->packed.size : room;
    if (step)
        memcpy(out, s->packed.data, step);
    s->packed = mt_span_from(s->packed, step);
    s->window_size += step;
    s->window_end = !more && !s->packed.size;
    return true;
}

static void widen(struct mt_stream *s, size_t capacity)
{
    unsigned char *wider = realloc(s->window, capacity);
    if (!wider)
        mt_out_of_memory();
    s->window = wider;
    s->window_capacity = capacity;
}

/* Keeps what the cursor has left, at the window's front, and adds until `want` are there, or half a
 * window, so that refills are few. */
static bool refill(struct mt_source *self, struct mt_span *rest, size_t want, struct mt_err *err)
{
    struct mt_stream *s = (struct mt_stream *)self;
    if (!s->windowed)
        return true; /* a mapping: rest is all there is */
    if (rest->data != s->window) {
        s->moved = true;
        memmove(s->window, rest->data, rest->size);
        s->window_size = rest->size;
    }
    size_t goal = want > WINDOW / 2 ? want : WINDOW / 2;
    bool ok = s->failure.code == MT_ERR_OK;
    while (ok && s->window_size < goal && !s->window_end) {
        if (s->window_capacity - s->window_size < WINDOW / 4)
            widen(s, s->window_capacity * 2);
        ok = fill(s, &s->failure);
    }
    *rest = (struct mt_span){s->window, s->window_size};
    if (s->failure.code != MT_ERR_OK && s->window_size < want)
        return mt_fail(err, s->failure.code, s->failure.offset, "%s", s->failure.what);
    return true;
}

/* A span only promises not to write; the memory behind it is ours. */
static unsigned char *stored_base(const struct mt_stream *s)
{
    unsigned char *base;
    memcpy(&base, &s->stored.data, sizeof base);
    return base;
}

static void release(struct mt_source *self, struct mt_span rest)
{
    struct mt_stream *s = (struct mt_stream *)self;
    if (!s->mapped || s->windowed)
        return;
    size_t done = (size_t)(rest.data - s->stored.data) & ~(size_t)(PAGE - 1);
    if (done < s->released + RELEASE_STEP)
        return;
    madvise(stored_base(s) + s->released, done - s->released, MADV_DONTNEED);
    s->released = done;
}

static void drop(struct mt_source *self, struct mt_span rest)
{
    struct mt_stream *s = (struct mt_stream *)self;
    if (s->mapped)
        madvise(stored_base(s), (size_t)(rest.data - s->stored.data), MADV_DONTNEED);
}

static const struct mt_source_calls calls = {refill, release, drop};

static bool begin(struct mt_stream *s, struct mt_err *err)
{
    s->source.calls = &calls;
    s->packed = s->stored;
    while (s->pipe && s->packed.size < LOOKAHEAD && !s->pipe_end)
        if (!read_pipe(s, err))
            return false;
    s->gzip = mt_is_gzip(s->packed);
    s->utf16 = s->gzip ? MT_UTF16_NONE : mt_utf16_of(s->packed);
    if (s->utf16)
        s->packed = mt_span_from(s->packed, UTF16_MARK);
    s->windowed = s->gzip || s->pipe || s->utf16;
    s->source.keeps = !s->windowed;
    if (s->gzip)
        s->inflate = mt_inflate_new();
    if (s->windowed)
        widen(s, WINDOW);
    return true;
}

/* What is left behind a byte order mark, which says nothing in UTF-8. */
static struct mt_span without_mark(struct mt_span text)
{
    mt_span_take(&text, "\xef\xbb\xbf");
    return text;
}

static bool read_whole(struct mt_stream *s, size_t size, struct mt_err *err)
{
    unsigned char *bytes = malloc(size + 1);
    if (!bytes)
        mt_out_of_memory();
    s->owns_stored = true;
    size_t have = 0;
    for (ssize_t got = 1; have < size && got > 0;) {
        got = read(s->fd, bytes + have, size - have);
        if (got < 0 && errno == EINTR)
            got = 1;
        else if (got > 0)
            have += (size_t)got;
        if (got < 0)
            mt_fail(err, MT_ERR_INPUT, have, "read failed: %s", strerror(errno));
    }
    s->stored = (struct mt_span){bytes, have};
    s->stored_bytes = have;
    return err->code == MT_ERR_OK;
}

/* Somebody may cut a file short while its mapping is read (a log rotated by copy and truncate): the
 * pages that are gone become zeros, which are no damage to the reader's memory and which settling
 * reports. */
static void put_zeros(int number, siginfo_t *about, void *context)
{
    (void)context;
    int saved = errno;
    char *page = (char *)about->si_addr - (uintptr_t)about->si_addr % PAGE;
    if (about->si_code != BUS_ADRERR ||
        mmap(page, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
        signal(number, SIG_DFL); /* not that: the access is tried again and ends the program */
    errno = saved;
}

static void outlive_truncation(void)
{
    struct sigaction action = {.sa_sigaction = put_zeros, .sa_flags = SA_SIGINFO};
    sigaction(SIGBUS, &action, NULL);
}

/* Small files are read, large ones mapped: a mapping costs more than it saves below some pages. */
static bool load_file(struct mt_stream *s, size_t size, struct mt_err *err)
{
    s->opened_size = size;
    if (size > SMALL_FILE) {
        outlive_truncation();
        void *map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, s->fd, 0);
        if (map != MAP_FAILED) {
            madvise(map, size, MADV_SEQUENTIAL);
            s->mapped = true;
            s->stored = (struct mt_span){map, size};
            s->stored_bytes = size;
            return true;
        }
    }
    return read_whole(s, size, err);
}

/* Streams are kept open in great number; what is in memory or mapped needs no descriptor. */
static void close_descriptor(struct mt_stream *s)
{
    if (s->fd > STDIN_FILENO)
        close(s->fd);
    s->fd = -1;
}

bool mt_stream_open(struct mt_stream **out, const char *path, struct mt_err *err)
{
    bool standard = strcmp(path, "-") == 0;
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat about;
    if (fd < 0 || fstat(fd, &about) != 0) {
        mt_fail(err, MT_ERR_INPUT, 0, "cannot be opened: %s", strerror(errno));
        if (fd > STDIN_FILENO)
            close(fd);
        return false;
    }
    bool regular = S_ISREG(about.st_mode);
    bool begun = standard && regular && lseek(fd, 0, SEEK_CUR) > 0; /* somebody read its front */
    if (!regular && !standard) {
        close(fd);
        return mt_fail(err, MT_ERR_INPUT, 0, "%s, a file was expected",
                       S_ISDIR(about.st_mode) ? "is a folder" : "is a device, pipe or socket");
    }
    struct mt_stream *s = calloc(1, sizeof *s);
    if (!s)
        mt_out_of_memory();
    s->fd = fd;
    s->pipe = !regular || begun;
    if ((!s->pipe && !load_file(s, (size_t)about.st_size, err)) || !begin(s, err)) {
        mt_stream_close(s);
        return false;
    }
    if (!s->pipe && !s->mapped)
        close_descriptor(s);
    *out = s;
    return true;
}

bool mt_stream_settle(struct mt_stream *s, struct mt_err *err)
{
    struct stat about;
    size_t now = s->stored.size;
    if (s->mapped && s->fd >= 0 && fstat(s->fd, &about) == 0 && (size_t)about.st_size < now)
        now = (size_t)about.st_size;
    close_descriptor(s);
    return now >= s->opened_size ||
           mt_fail(err, MT_ERR_INPUT, now, "the file was cut from %zu to %zu bytes as it was read",
                   s->opened_size, now);
}

struct mt_stream *mt_stream_over(struct mt_span bytes)
{
    struct mt_stream *s = calloc(1, sizeof *s);
    if (!s)
        mt_out_of_memory();
    s->fd = -1;
    s->stored = bytes;
    s->stored_bytes = bytes.size;
    struct mt_err none = {0};
    begin(s, &none);
    return s;
}

void mt_stream_close(struct mt_stream *s)
{
    if (!s)
        return;
    if (s->mapped)
        munmap(stored_base(s), s->stored.size);
    else if (s->owns_stored)
        free(stored_base(s));
    close_descriptor(s);
    mt_inflate_free(s->inflate);
    free(s->pipe_chunk);
    free(s->wide);
    free(s->window);
    free(s);
}

struct mt_span mt_stream_head(struct mt_stream *s)
{
    if (!s->windowed)
        return mt_span_sub(without_mark(s->stored), 0, MT_HEAD_BYTES);
    bool ok = s->failure.code == MT_ERR_OK;
    while (ok && s->window_size < MT_HEAD_BYTES && !s->window_end)
        ok = fill(s, &s->failure);
    return mt_span_sub(without_mark((struct mt_span){s->window, s->window_size}), 0, MT_HEAD_BYTES);
}

bool mt_stream_is_gzip(const struct mt_stream *s)
{
    return s->gzip;
}

bool mt_stream_rewinds(const struct mt_stream *s)
{
    return !s->pipe;
}

struct mt_cursor mt_stream_cursor(struct mt_stream *s, struct mt_err *err)
{
    if (!s->windowed) {
        s->released = 0;
        return (struct mt_cursor){
            .rest = without_mark(s->stored), .err = err, .source = &s->source};
    }
    if (s->moved && !s->pipe) {
        if (s->gzip) {
            mt_inflate_restart(s->inflate);
            s->utf16 = MT_UTF16_NONE;
            s->looked = s->wide_end = false;
            s->wide_failure = (struct mt_err){0};
        }
        s->packed = mt_span_from(s->stored, s->utf16 ? UTF16_MARK : 0);
        s->window_size = 0;
        s->window_end = s->moved = false;
        s->failure = (struct mt_err){0};
    }
    if (!s->window_size)
        mt_stream_head(s);
    return (struct mt_cursor){.rest = without_mark((struct mt_span){s->window, s->window_size}),
                              .err = err,
                              .source = &s->source};
}

struct mt_span mt_stream_stored(const struct mt_stream *s)
{
    return s->pipe ? (struct mt_span){0} : s->stored;
}

uint64_t mt_stream_stored_bytes(const struct mt_stream *s)
{
    return s->stored_bytes;
}

void mt_stream_sha256(struct mt_stream *s, char hex[65])
{
    struct mt_span rest = mt_stream_stored(s);
    struct mt_sha256 sum;
    mt_sha256_begin(&sum);
    while (rest.size) {
        struct mt_span step = mt_span_sub(rest, 0, RELEASE_STEP);
        mt_sha256_add(&sum, step);
        rest = mt_span_from(rest, step.size);
        if (s->mapped)
            drop(&s->source, rest);
    }
    mt_sha256_end(&sum, hex);
}

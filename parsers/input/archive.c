/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* S_IFREG, newlocale */
/*
 * The members of a .tar, .tar.gz or .zip, read into memory within limits (libarchive). The library
 * and the dozen it pulls in are loaded when the first archive is met: most runs never meet one, and
 * loading them would be half of a small run's time.
 */
#include "parsers/base/library.h"
#include "parsers/base/limits.h"
#include "parsers/input/inflate.h"
#include "parsers/input/stream.h"
#include "parsers/input/walk.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define CALLS(X)                                                                                   \
    X(archive_read_new)                                                                            \
    X(archive_read_support_format_tar)                                                             \
    X(archive_read_support_format_zip)                                                             \
    X(archive_read_open)                                                                           \
    X(archive_read_open_memory)                                                                    \
    X(archive_read_next_header)                                                                    \
    X(archive_read_data)                                                                           \
    X(archive_read_free)                                                                           \
    X(archive_error_string)                                                                        \
    X(archive_entry_pathname)                                                                      \
    X(archive_entry_filetype)

struct calls {
    CALLS(MT_LIBRARY_FIELD)
};
static const struct mt_library_call calls[] = {CALLS(MT_LIBRARY_CALL)};

static bool load(struct calls *lib, struct mt_err *err)
{
    return mt_library_load("libarchive.so.13", "read an archive", calls,
                           sizeof calls / sizeof *calls, lib, MT_ERR_INPUT, err);
}

static bool is_zip(struct mt_span head)
{
    return mt_span_starts(head, "PK\003\004");
}

bool mt_is_archive(struct mt_span head)
{
    return is_zip(head) || (head.size >= 512 && mt_span_starts(mt_span_from(head, 257), "ustar"));
}

/* Member names go no further than the list, so ".." could do no harm; it is cut for the reader's
 * sake. */
static const char *member_path(struct mt_arena *a, const char *name)
{
    while (*name == '/' || strncmp(name, "./", 2) == 0 || strncmp(name, "../", 3) == 0)
        name += *name == '/' ? 1 : name[1] == '/' ? 2 : 3;
    return mt_arena_copy(a, name, strlen(name));
}

/* One archive as it is unpacked. */
struct unpacking {
    struct calls lib;
    struct archive *archive;
    struct mt_arena *arena;
    uint64_t packed_bytes, unpacked_bytes;
    unsigned char *chunk; /* of CHUNK bytes: most members fit, and take no more than their size */
    struct mt_cursor in;  /* of a tar */
    struct mt_found_files *out;
};

enum { CHUNK = 256 << 10 };

static bool count_unpacked(struct unpacking *u, size_t got, struct mt_err *err)
{
    u->unpacked_bytes += got;
    if (u->unpacked_bytes > mt_limit(MT_LIMIT_INFLATED))
        return mt_fail(err, MT_ERR_LIMIT, 0,
                       "archive unpacks to more than %llu bytes (--limit inflated-bytes): what "
                       "follows was not read",
                       (unsigned long long)mt_limit(MT_LIMIT_INFLATED));
    if (mt_inflates_too_well(u->packed_bytes, u->unpacked_bytes))
        return mt_fail(err, MT_ERR_LIMIT, 0,
                       "archive unpacks to more than %llu times its size (--limit inflate-ratio): "
                       "what follows was not read",
                       (unsigned long long)mt_limit(MT_LIMIT_RATIO));
    return true;
}

static bool read_member(struct unpacking *u, const char *path, struct mt_err *err)
{
    size_t capacity = CHUNK, size = 0;
    unsigned char *bytes = u->chunk;
    for (;;) {
        if (size == capacity) {
            if (bytes == u->chunk)
                bytes = memcpy(mt_arena_take(u->arena, capacity * 2, 1), u->chunk, size);
            else
                bytes = mt_arena_grow(u->arena, bytes, capacity, capacity * 2, 1);
            capacity *= 2;
        }
        la_ssize_t got = u->lib.archive_read_data(u->archive, bytes + size, capacity - size);
        if (got < 0) {
            mt_found_refuse(u->arena, u->out, path,
                            mt_arena_printf(u->arena, "damaged in the archive: %s",
                                            u->lib.archive_error_string(u->archive)));
            return true;
        }
        if (got == 0)
            break;
        size += (size_t)got;
        if (!count_unpacked(u, (size_t)got, err))
            return false;
    }
    if (bytes == u->chunk)
        bytes = (unsigned char *)mt_arena_copy(u->arena, bytes, size);
    mt_found_add(u->arena, u->out, path)->bytes = (struct mt_span){bytes, size};
    return true;
}

static const char *name_of(const struct unpacking *u, struct archive_entry *entry)
{
    const char *name = u->lib.archive_entry_pathname(entry);
    return name ? member_path(u->arena, name) : mt_arena_printf(u->arena, "member %zu", u->out->n);
}

/* The library's way to ask for more of a tar. Damage of a gzip layer is an end here: what stands in
 * front of it counts, and the cursor keeps the error. */
static la_ssize_t give(struct archive *archive, void *context, const void **bytes)
{
    struct unpacking *u = context;
    (void)archive;
    mt_cur_release(&u->in);
    if (!mt_cur_has(&u->in, 1))
        return 0;
    struct mt_span all = mt_cur_bytes(&u->in, u->in.rest.size);
    *bytes = all.data;
    return (la_ssize_t)all.size;
}

/* What follows the archive's own end is padding, but damage of the gzip layer shows there. */
static bool whole(struct unpacking *u)
{
    uint64_t most = mt_limit(MT_LIMIT_INFLATED);
    for (uint64_t passed = 0; passed < most && mt_cur_has(&u->in, 1);) {
        passed += u->in.rest.size;
        mt_cur_bytes(&u->in, u->in.rest.size);
    }
    return mt_cur_ok(&u->in);
}

static bool list_members(struct unpacking *u, struct mt_err *err)
{
    for (;;) {
        struct archive_entry *entry;
        int status = u->lib.archive_read_next_header(u->archive, &entry);
        if (status == ARCHIVE_EOF)
            return whole(u);
        if (status < ARCHIVE_WARN) {
            const char *why = u->lib.archive_error_string(u->archive);
            return mt_fail(err, MT_ERR_INPUT, 0, "archive is damaged%s%s", why ? ": " : "",
                           why ? why : "");
        }
        if (u->lib.archive_entry_filetype(entry) == S_IFDIR)
            continue;
        if (mt_found_full(u->out))
            return mt_fail(err, MT_ERR_LIMIT, 0,
                           "archive of more than %llu files (--limit files): not all were read",
                           (unsigned long long)mt_limit(MT_LIMIT_FILES));
        const char *path = name_of(u, entry);
        if (u->lib.archive_entry_filetype(entry) != S_IFREG)
            mt_found_add(u->arena, u->out, path)->refused = "a link or special file in the archive";
        else if (!read_member(u, path, err))
            return false;
    }
}

/* A zip has its table at the end, a tar is read as it comes. */
static int open_archive(struct unpacking *u, struct mt_stream *stream, struct mt_err *err)
{
    struct mt_span stored = mt_stream_stored(stream);
    u->in = mt_cur_over((struct mt_span){0}, err);
    if (is_zip(mt_stream_head(stream)) && !mt_stream_is_gzip(stream)) {
        u->lib.archive_read_support_format_zip(u->archive);
        return u->lib.archive_read_open_memory(u->archive, stored.data, stored.size);
    }
    u->lib.archive_read_support_format_tar(u->archive);
    u->in = mt_stream_cursor(stream, err);
    return u->lib.archive_read_open(u->archive, u, NULL, give, NULL);
}

static bool unpack(struct unpacking *u, struct mt_stream *stream, struct mt_err *err)
{
    if (!load(&u->lib, err))
        return false;
    u->packed_bytes = mt_stream_stored_bytes(stream);
    u->archive = u->lib.archive_read_new();
    u->chunk = malloc(CHUNK);
    if (!u->archive || !u->chunk)
        mt_out_of_memory();
    bool ok = (open_archive(u, stream, err) == ARCHIVE_OK ||
               mt_fail(err, MT_ERR_INPUT, 0, "archive cannot be opened")) &&
              list_members(u, err);
    u->lib.archive_read_free(u->archive);
    free(u->chunk);
    return ok;
}

/* In the C locale, which is the program's, the library has no form for names outside ASCII. */
bool mt_archive_list(struct mt_arena *a, struct mt_stream *stream, struct mt_found_files *out,
                     struct mt_err *err)
{
    struct unpacking u = {.arena = a, .out = out};
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    locale_t before = utf8 ? uselocale(utf8) : (locale_t)0;
    bool ok = unpack(&u, stream, err);
    if (utf8) {
        uselocale(before);
        freelocale(utf8);
    }
    return ok;
}

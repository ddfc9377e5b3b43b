/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* S_IFREG */
/*
 * The members of a .tar, .tar.gz or .zip, read into memory within limits (libarchive). The library
 * and the dozen it pulls in are loaded when the first archive is met: most runs never meet one, and
 * loading them would be half of a small run's time.
 */
#include "parsers/base/limits.h"
#include "parsers/input/inflate.h"
#include "parsers/input/walk.h"

#include <archive.h>
#include <archive_entry.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define CALLS(X)                                                                                   \
    X(archive_read_new)                                                                            \
    X(archive_read_support_filter_gzip)                                                            \
    X(archive_read_support_format_tar)                                                             \
    X(archive_read_support_format_zip)                                                             \
    X(archive_read_open_filename)                                                                  \
    X(archive_read_next_header)                                                                    \
    X(archive_read_data)                                                                           \
    X(archive_read_free)                                                                           \
    X(archive_error_string)                                                                        \
    X(archive_entry_pathname)                                                                      \
    X(archive_entry_pathname_utf8)                                                                 \
    X(archive_entry_filetype)

struct library {
#define CALL_FIELD(name) __typeof__(&name) name;
    CALLS(CALL_FIELD)
#undef CALL_FIELD
};

static bool load(struct library *lib, struct mt_err *err)
{
    void *handle = dlopen("libarchive.so.13", RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        return mt_fail(err, MT_ERR_INPUT, 0,
                       "is an archive and libarchive is not installed: unpack it");
    void *symbol;
    /* memcpy is POSIX's way from an object pointer to a function pointer */
#define CALL_LOAD(name)                                                                            \
    if (!(symbol = dlsym(handle, #name)))                                                          \
        return mt_fail(err, MT_ERR_INPUT, 0, "is an archive and libarchive lacks " #name);         \
    memcpy(&lib->name, &symbol, sizeof symbol);
    CALLS(CALL_LOAD)
#undef CALL_LOAD
    return true;
}

bool mt_is_archive(struct mt_span head)
{
    return mt_span_starts(head, "PK\003\004") ||
           (head.size >= 512 && mt_span_starts(mt_span_from(head, 257), "ustar"));
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
    struct library lib;
    struct archive *archive;
    struct mt_arena *arena;
    uint64_t packed_bytes, unpacked_bytes;
    unsigned char *chunk; /* of CHUNK bytes: most members fit, and take no more than their size */
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

/* Names that are not ASCII have one of the two forms, whatever the locale. */
static const char *name_of(const struct unpacking *u, struct archive_entry *entry)
{
    const char *name = u->lib.archive_entry_pathname(entry);
    if (!name)
        name = u->lib.archive_entry_pathname_utf8(entry);
    return name ? member_path(u->arena, name) : mt_arena_printf(u->arena, "member %zu", u->out->n);
}

static bool list_members(struct unpacking *u, struct mt_err *err)
{
    for (;;) {
        struct archive_entry *entry;
        int status = u->lib.archive_read_next_header(u->archive, &entry);
        if (status == ARCHIVE_EOF)
            return true;
        if (status < ARCHIVE_WARN)
            return false;
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

bool mt_archive_list(struct mt_arena *a, const char *path, struct mt_found_files *out,
                     struct mt_err *err)
{
    struct unpacking u = {.arena = a, .out = out};
    struct stat about;
    if (!load(&u.lib, err))
        return false;
    if (stat(path, &about) == 0)
        u.packed_bytes = (uint64_t)about.st_size;
    u.archive = u.lib.archive_read_new();
    u.chunk = malloc(CHUNK);
    if (!u.archive || !u.chunk)
        mt_out_of_memory();
    u.lib.archive_read_support_filter_gzip(u.archive);
    u.lib.archive_read_support_format_tar(u.archive);
    u.lib.archive_read_support_format_zip(u.archive);
    bool ok = u.lib.archive_read_open_filename(u.archive, path, 256 << 10) == ARCHIVE_OK &&
              list_members(&u, err);
    if (!ok)
        mt_fail(err, MT_ERR_INPUT, 0, "archive is damaged: %s",
                u.lib.archive_error_string(u.archive));
    u.lib.archive_read_free(u.archive);
    free(u.chunk);
    return ok;
}

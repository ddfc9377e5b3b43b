/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* S_IFREG */
/*
 * The members of a .tar, .tar.gz or .zip, read into memory within limits (libarchive). The library
 * and the dozen it pulls in are loaded when the first archive is met: most runs never meet one, and
 * loading them would be half of a small run's time.
 */
#include "parsers/base/limits.h"
#include "parsers/input/walk.h"

#include <archive.h>
#include <archive_entry.h>
#include <dlfcn.h>
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
static const char *member_path(struct mt_arena *a, const char *prefix, const char *name)
{
    while (*name == '/' || strncmp(name, "./", 2) == 0 || strncmp(name, "../", 3) == 0)
        name += *name == '/' ? 1 : name[1] == '/' ? 2 : 3;
    return mt_arena_printf(a, "%s%s", prefix, name);
}

static bool read_member(const struct library *lib, struct archive *archive, struct mt_arena *a,
                        uint64_t *budget, struct mt_found_file *file, struct mt_err *err)
{
    size_t capacity = 64 << 10, size = 0;
    unsigned char *bytes = mt_arena_take(a, capacity, 1);
    for (;;) {
        if (size == capacity) {
            bytes = mt_arena_grow(a, bytes, capacity, capacity * 2, 1);
            capacity *= 2;
        }
        la_ssize_t got = lib->archive_read_data(archive, bytes + size, capacity - size);
        if (got < 0) {
            file->refused = mt_arena_printf(a, "damaged in the archive: %s",
                                            lib->archive_error_string(archive));
            return true;
        }
        if (got == 0)
            break;
        size += (size_t)got;
        if ((uint64_t)got > *budget)
            return mt_fail(err, MT_ERR_LIMIT, 0,
                           "archive unpacks to more than --limit inflated-bytes");
        *budget -= (uint64_t)got;
    }
    file->bytes = (struct mt_span){bytes, size};
    return true;
}

static bool list_members(const struct library *lib, struct archive *archive, struct mt_arena *a,
                         const char *prefix, struct mt_found_files *out, struct mt_err *err)
{
    uint64_t budget = mt_limit(MT_LIMIT_INFLATED);
    while (out->n < mt_limit(MT_LIMIT_FILES)) {
        struct archive_entry *entry;
        int status = lib->archive_read_next_header(archive, &entry);
        if (status == ARCHIVE_EOF)
            return true;
        if (status < ARCHIVE_WARN)
            return false;
        const char *name = lib->archive_entry_pathname(entry);
        if (lib->archive_entry_filetype(entry) == S_IFDIR || !name)
            continue;
        struct mt_found_file *file = mt_found_add(a, out, member_path(a, prefix, name));
        if (lib->archive_entry_filetype(entry) != S_IFREG)
            file->refused = "a link or special file in the archive";
        else if (!read_member(lib, archive, a, &budget, file, err))
            return false;
    }
    return true;
}

bool mt_archive_list(struct mt_arena *a, const char *path, const char *prefix,
                     struct mt_found_files *out, struct mt_err *err)
{
    struct library lib = {0};
    if (!load(&lib, err))
        return false;
    struct archive *archive = lib.archive_read_new();
    if (!archive)
        mt_out_of_memory();
    lib.archive_read_support_filter_gzip(archive);
    lib.archive_read_support_format_tar(archive);
    lib.archive_read_support_format_zip(archive);
    bool ok = lib.archive_read_open_filename(archive, path, 256 << 10) == ARCHIVE_OK &&
              list_members(&lib, archive, a, prefix, out, err);
    if (!ok)
        mt_fail(err, MT_ERR_INPUT, 0, "archive is damaged: %s", lib.archive_error_string(archive));
    lib.archive_read_free(archive);
    return ok;
}

/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* realpath */
#include "parsers/input/walk.h"

#include "parsers/base/limits.h"
#include "parsers/input/stream.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct walk {
    struct mt_arena *arena;
    const char *root; /* resolved */
    struct mt_found_files *out;
    const char **todo; /* folders still to list, relative to the root */
    size_t n_todo, cap_todo;
    bool full; /* there are more files than the list may hold */
};

struct mt_found_file *mt_found_add(struct mt_arena *a, struct mt_found_files *out, const char *path)
{
    MT_RESERVE(a, out->items, out->n, out->cap);
    struct mt_found_file *file = &out->items[out->n++];
    *file = (struct mt_found_file){.path = path, .place = out->n};
    return file;
}

void mt_found_refuse(struct mt_arena *a, struct mt_found_files *out, const char *path,
                     const char *reason)
{
    struct mt_found_file *file = mt_found_add(a, out, path);
    file->refused = reason;
    file->unread = true;
}

bool mt_found_full(const struct mt_found_files *files)
{
    return files->n >= mt_limit(MT_LIMIT_FILES);
}

static int by_path(const void *left, const void *right)
{
    const struct mt_found_file *a = left, *b = right;
    int order = strcmp(a->path, b->path);
    return order ? order : (a->place > b->place) - (a->place < b->place);
}

static bool inside(const char *root, const char *resolved)
{
    size_t size = strlen(root);
    return strncmp(root, resolved, size) == 0 &&
           (resolved[size] == '/' || resolved[size] == '\0' || strcmp(root, "/") == 0);
}

static size_t depth_of(const char *path)
{
    size_t depth = 0;
    for (; *path; path++)
        depth += *path == '/';
    return depth;
}

/* A link may point at a file of the bundle; links to folders are left alone, since what they name
 * is reached by its own path. */
static void add_link(struct walk *w, const char *path, const char *full)
{
    char *resolved = realpath(full, NULL);
    struct stat about;
    if (!resolved)
        mt_found_refuse(w->arena, w->out, path,
                        errno == ENOENT
                            ? "a symbolic link to nothing"
                            : mt_arena_printf(w->arena,
                                              "a symbolic link that cannot be followed: %s",
                                              strerror(errno)));
    else if (!inside(w->root, resolved))
        mt_found_refuse(w->arena, w->out, path, "a symbolic link that leaves the bundle");
    else if (stat(resolved, &about) != 0 || !S_ISREG(about.st_mode))
        mt_found_add(w->arena, w->out, path)->refused =
            "a symbolic link to something that is no file";
    else
        mt_found_add(w->arena, w->out, path)->open_as =
            mt_arena_copy(w->arena, resolved, strlen(resolved));
    free(resolved);
}

static void add_entry(struct walk *w, const char *folder, const char *name)
{
    const char *path = *folder ? mt_arena_printf(w->arena, "%s/%s", folder, name)
                               : mt_arena_copy(w->arena, name, strlen(name));
    const char *full = mt_arena_printf(w->arena, "%s/%s", w->root, path);
    struct stat about;
    if (lstat(full, &about) != 0) {
        mt_found_refuse(w->arena, w->out, path,
                        mt_arena_printf(w->arena, "cannot be looked at: %s", strerror(errno)));
    } else if (S_ISLNK(about.st_mode)) {
        add_link(w, path, full);
    } else if (S_ISDIR(about.st_mode)) {
        if (depth_of(path) >= mt_limit(MT_LIMIT_DEPTH)) {
            mt_found_refuse(w->arena, w->out, path, "nested deeper than --limit depth");
            return;
        }
        MT_RESERVE(w->arena, w->todo, w->n_todo, w->cap_todo);
        w->todo[w->n_todo++] = path;
    } else if (S_ISREG(about.st_mode)) {
        mt_found_add(w->arena, w->out, path)->open_as = full;
    } else {
        mt_found_add(w->arena, w->out, path)->refused = "a device, pipe or socket";
    }
}

static int by_name(const void *left, const void *right)
{
    const char *const *a = left, *const *b = right;
    return strcmp(*a, *b);
}

/* In name order, so that the limit cuts every copy of a bundle at the same file. */
static void list_folder(struct walk *w, const char *folder)
{
    const char *full = *folder ? mt_arena_printf(w->arena, "%s/%s", w->root, folder) : w->root;
    DIR *dir = opendir(full);
    if (!dir) {
        mt_found_refuse(w->arena, w->out, *folder ? folder : ".",
                        mt_arena_printf(w->arena, "folder cannot be opened: %s", strerror(errno)));
        return;
    }
    struct mt_arena names = {0};
    const char **name = NULL;
    size_t n = 0, cap = 0;
    for (struct dirent *entry; (entry = readdir(dir));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
            strcmp(entry->d_name, ".DS_Store") != 0) {
            MT_RESERVE(&names, name, n, cap);
            name[n++] = mt_arena_copy(&names, entry->d_name, strlen(entry->d_name));
        }
    closedir(dir);
    if (n)
        qsort(name, n, sizeof *name, by_name);
    for (size_t i = 0; i < n && !w->full; i++)
        if (!(w->full = mt_found_full(w->out)))
            add_entry(w, folder, name[i]);
    mt_arena_clear(&names);
}

static void walk_folder(struct mt_arena *a, const char *root, struct mt_found_files *out)
{
    struct walk w = {.arena = a, .root = mt_arena_copy(a, root, strlen(root)), .out = out};
    list_folder(&w, "");
    while (w.n_todo && !w.full)
        list_folder(&w, w.todo[--w.n_todo]);
    if (w.full)
        mt_found_refuse(a, out, ".",
                        mt_arena_printf(a,
                                        "more than %llu files (--limit files): not all were read",
                                        (unsigned long long)mt_limit(MT_LIMIT_FILES)));
}

static bool single_file(struct mt_arena *a, const char *bundle, struct mt_found_files *out,
                        struct mt_err *err)
{
    struct mt_stream *stream;
    if (!mt_stream_open(&stream, bundle, err))
        return false;
    const char *slash = strrchr(bundle, '/');
    const char *name = slash ? slash + 1 : bundle;
    bool ok = true;
    if (!mt_is_archive(mt_stream_head(stream)))
        mt_found_add(a, out, name)->open_as = bundle;
    else if (!mt_archive_list(a, stream, out, err)) {
        ok = out->n > 0;
        mt_found_refuse(a, out, name, mt_arena_copy(a, err->what, strlen(err->what)));
    }
    mt_stream_close(stream);
    return ok;
}

bool mt_walk(struct mt_arena *a, const char *bundle, struct mt_found_files *out, struct mt_err *err)
{
    *out = (struct mt_found_files){0};
    struct stat about;
    if (strcmp(bundle, "-") == 0) {
        mt_found_add(a, out, "-")->open_as = "-";
        return true;
    }
    if (stat(bundle, &about) != 0)
        return mt_fail(err, MT_ERR_INPUT, 0, "cannot be opened: %s", strerror(errno));
    if (S_ISDIR(about.st_mode)) {
        char *root = realpath(bundle, NULL);
        if (!root)
            return mt_fail(err, MT_ERR_INPUT, 0, "cannot be opened: %s", strerror(errno));
        walk_folder(a, root, out);
        free(root);
    } else if (!single_file(a, bundle, out, err)) {
        return false;
    }
    if (out->n)
        qsort(out->items, out->n, sizeof *out->items, by_path);
    return true;
}

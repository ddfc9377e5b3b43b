/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/memtriage/replicates.h"

#include "parsers/base/span.h"
#include "parsers/model/clock_names.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

bool mt_is_single_file(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool names_a_time(const char *name)
{
    struct mt_path_hint hint = {0};
    return mt_time_from_path(mt_span_of(name), &hint) && hint.kind != MT_PATH_NO_TIME;
}

bool mt_alike_but_for_number(const char *a, const char *b)
{
    bool numbered = false;
    if (names_a_time(a) || names_a_time(b))
        return false;
    while (*a && *b) {
        if (digit(*a) && digit(*b)) {
            numbered = true;
            while (digit(*a))
                a++;
            while (digit(*b))
                b++;
        } else if (*a++ != *b++) {
            return false;
        }
    }
    return numbered && !*a && !*b;
}

static int by_name(const void *left, const void *right)
{
    const char *a = *(const char *const *)left, *b = *(const char *const *)right;
    return mt_natural_compare(mt_span_of(a), mt_span_of(b));
}

/* Names of what the folder holds; false when something in it is no folder. */
static bool only_folders(struct mt_arena *arena, const char *path, const char ***names, size_t *n)
{
    DIR *dir = opendir(path);
    size_t cap = 0;
    bool only = dir != NULL;
    for (struct dirent *entry; only && (entry = readdir(dir));) {
        if (entry->d_name[0] == '.')
            continue;
        only = is_folder(mt_arena_printf(arena, "%s/%s", path, entry->d_name));
        MT_RESERVE(arena, *names, *n, cap);
        (*names)[(*n)++] = mt_arena_copy(arena, entry->d_name, strlen(entry->d_name));
    }
    if (dir)
        closedir(dir);
    if (*n)
        qsort(*names, *n, sizeof **names, by_name);
    return only && *n;
}

static bool are_replicates(struct mt_arena *arena, const char *path, const char *const *names,
                           size_t n)
{
    bool manifests = true, alike = n > 1;
    for (size_t i = 0; i < n; i++) {
        manifests &= mt_is_single_file(mt_arena_printf(arena, "%s/%s/bundle.json", path, names[i]));
        alike &= i == 0 || mt_alike_but_for_number(names[0], names[i]);
    }
    return manifests || alike;
}

void mt_find_runs(struct mt_arena *arena, const char *path, const char *choice,
                  struct mt_run_paths *out)
{
    const char **names = NULL;
    size_t n = 0;
    bool folders = is_folder(path) && only_folders(arena, path, &names, &n);
    bool several = choice ? strcmp(choice, "yes") == 0 && folders
                          : folders && are_replicates(arena, path, names, n);
    if (!several) {
        const char *slash = strrchr(path, '/');
        n = 1;
        names = MT_NEW(arena, const char *);
        names[0] = slash && slash[1] ? slash + 1 : path;
    }
    out->names = names;
    out->items = MT_NEW_N(arena, const char *, n);
    out->n = n;
    for (size_t i = 0; i < n; i++)
        out->items[i] = several ? mt_arena_printf(arena, "%s/%s", path, names[i]) : path;
}

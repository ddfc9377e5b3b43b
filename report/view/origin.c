/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The import path decides: "runtime" first, then the first elements of the standard library's
 * packages, then a version in the file's path or a dot in the first element. What is left is the
 * service's own.
 */
#include "report/view/origin.h"

#include "report/view/names.h"

#include <string.h>

static const char *const std_roots[] = {
    "archive", "bufio",    "builtin", "bytes",  "cmp",      "compress", "container", "context",
    "crypto",  "database", "debug",   "embed",  "encoding", "errors",   "expvar",    "flag",
    "fmt",     "go",       "hash",    "html",   "image",    "index",    "internal",  "io",
    "iter",    "log",      "maps",    "math",   "mime",     "net",      "os",        "path",
    "plugin",  "reflect",  "regexp",  "slices", "sort",     "strconv",  "strings",   "structs",
    "sync",    "syscall",  "testing", "text",   "time",     "unicode",  "unique",    "unsafe",
    "vendor",  "weak",
};

static struct mt_span first_element(struct mt_span path)
{
    size_t slash = mt_span_find_byte(path, '/');
    return slash == MT_NPOS ? path : mt_span_sub(path, 0, slash);
}

static bool is_std(struct mt_span package)
{
    struct mt_span first = first_element(package);
    for (size_t i = 0; i < sizeof std_roots / sizeof *std_roots; i++)
        if (mt_span_is(first, std_roots[i]))
            return true;
    return false;
}

static bool is_runtime(struct mt_span package)
{
    return mt_span_is(package, "runtime") || mt_span_starts(package, "runtime/") ||
           mt_span_starts(package, "internal/runtime") || mt_span_starts(package, "internal/abi") ||
           mt_span_is(package, "internal/bytealg");
}

enum mt_origin mt_view_origin(const struct mt_bundle *bundle, uint32_t function, uint32_t file)
{
    const char *name = mt_bundle_text(bundle, function);
    struct mt_span package = mt_view_package(name), path = mt_string(bundle->strings, file);
    if (mt_span_starts(mt_span_of(name), "_cgo") || mt_span_starts(mt_span_of(name), "_Cfunc"))
        return MT_ORIGIN_CGO;
    if (!package.size)
        return *name && (mt_span_ends(path, ".c") || mt_span_ends(path, ".cc") || !path.size)
                   ? MT_ORIGIN_CGO
                   : MT_ORIGIN_RUNTIME;
    if (is_runtime(package))
        return MT_ORIGIN_RUNTIME;
    if (mt_span_is(package, "main"))
        return MT_ORIGIN_APP;
    struct mt_span module = mt_string(bundle->strings, bundle->manifest.module);
    if (module.size && package.size >= module.size &&
        mt_span_equal(mt_span_sub(package, 0, module.size), module))
        return MT_ORIGIN_APP;
    if (is_std(package))
        return MT_ORIGIN_STD;
    if (mt_span_find(path, "/pkg/mod/") != MT_NPOS || mt_span_find(path, "/vendor/") != MT_NPOS ||
        mt_span_find_byte(path, '@') != MT_NPOS)
        return MT_ORIGIN_DEP;
    return MT_ORIGIN_APP;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "report/view/names.h"

#include "report/view/printable.h"

#include <string.h>

/* Start of the last element of the import path; slashes in type arguments and receivers do not
 * count. */
static const char *last_element(const char *name)
{
    const char *start = name;
    for (const char *p = name; *p && *p != '[' && *p != '('; p++)
        if (*p == '/')
            start = p + 1;
    return start;
}

/* Behind "cart." of an element. */
static const char *behind_package(const char *element)
{
    const char *dot = element + strcspn(element, ".[(");
    return *dot == '.' && dot[1] ? dot + 1 : element;
}

/* "func1", "gowrap2", "deferwrap1", "1": parts the compiler appends to the function they are in. */
static bool is_appended(const char *part, size_t size)
{
    static const char *const stems[] = {"func", "gowrap", "deferwrap", ""};
    for (size_t i = 0; i < sizeof stems / sizeof *stems; i++) {
        size_t stem = strlen(stems[i]);
        if (size <= stem || strncmp(part, stems[i], stem) != 0)
            continue;
        size_t digits = strspn(part + stem, "0123456789");
        if (digits && (stem + digits == size || part[stem + digits] == '-'))
            return true;
    }
    return false;
}

/* The last part that somebody wrote, with what the compiler appended to it. */
static const char *last_part(const char *type)
{
    const char *start = type;
    int depth = 0;
    for (const char *p = type; *p; p++) {
        if (*p == '(' || *p == '[')
            depth++;
        else if ((*p == ')' || *p == ']') && depth)
            depth--;
        else if (*p == '.' && !depth && p[1]) {
            size_t size = strcspn(p + 1, ".");
            if (!is_appended(p + 1, size))
                start = p + 1;
        }
    }
    return start;
}

struct mt_name mt_name_of(struct mt_arena *a, const char *function)
{
    struct mt_name n;
    n.full = mt_printable(a, function);
    n.element = last_element(n.full);
    n.type = behind_package(n.element);
    n.method = last_part(n.type);
    return n;
}

const char *mt_name_fit(struct mt_arena *a, const struct mt_name *name, size_t characters)
{
    const char *const forms[] = {name->full, name->element, name->type, name->method};
    if (characters < 4)
        return NULL;
    for (size_t i = 0; i < 4; i++)
        if (mt_characters(forms[i]) <= characters)
            return forms[i];
    size_t at = 0;
    for (size_t kept = 0; kept < characters - 2; kept++) {
        at++;
        while (((unsigned char)name->method[at] & 0xc0) == 0x80)
            at++;
    }
    return mt_arena_printf(a, "%.*s..", (int)at, name->method);
}

struct mt_span mt_view_package(const char *function)
{
    const char *element = last_element(function);
    size_t size = strcspn(element, ".[(");
    if (element[size] != '.')
        return (struct mt_span){0};
    return (struct mt_span){(const unsigned char *)function, (size_t)(element - function) + size};
}

static struct mt_span parts_from_end(struct mt_span path, int parts)
{
    for (size_t i = path.size; i--;)
        if ((path.data[i] == '/' || path.data[i] == '\\') && --parts == 0)
            return mt_span_from(path, i + 1);
    return path;
}

/* True when the folder of the file is the last element of the package. */
static bool lies_in(struct mt_span file, struct mt_span package)
{
    struct mt_span two = parts_from_end(file, 2);
    size_t slash = mt_span_find_byte(two, '/');
    return slash != MT_NPOS &&
           mt_span_equal(mt_span_sub(two, 0, slash), parts_from_end(package, 1));
}

static const char *joined(struct mt_arena *a, struct mt_span folder, struct mt_span base)
{
    char *raw = folder.size
                    ? mt_arena_printf(a, "%.*s/%.*s", (int)folder.size, (const char *)folder.data,
                                      (int)base.size, (const char *)base.data)
                    : mt_arena_copy(a, base.data, base.size);
    return mt_printable(a, raw);
}

const char *mt_file_name(struct mt_arena *a, const char *function, const char *file)
{
    struct mt_span path = mt_span_of(file), package = mt_view_package(function);
    if (package.size && lies_in(path, package))
        return joined(a, package, parts_from_end(path, 1));
    return joined(a, (struct mt_span){0}, parts_from_end(path, 2));
}

const char *mt_file_line_short(struct mt_arena *a, const char *file, int64_t line)
{
    const char *name = joined(a, (struct mt_span){0}, parts_from_end(mt_span_of(file), 2));
    return line > 0 ? mt_arena_printf(a, "%s:%lld", name, (long long)line) : name;
}

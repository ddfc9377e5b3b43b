/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walk over the text and the shapes. Of each shape one byte that names rarely hold is the
 * trigger; a table of 256 entries passes over everything else, so a function's name costs a look-up
 * a byte.
 */
#include "parsers/base/secrets.h"

enum { LONGEST_LOCAL = 64, LONGEST_HOST = 253, LONGEST_LOGIN = 256 };

enum class {
    LETTER = 1,
    DIGIT = 2,
    LINE = 4, /* '_' and '-' */
    WORD = LETTER | DIGIT,
    URL64 = WORD | LINE
};

static unsigned class_of(unsigned char c)
{
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
        return LETTER;
    if (c >= '0' && c <= '9')
        return DIGIT;
    return c == '_' || c == '-' ? LINE : 0;
}

static bool is_word(unsigned char c)
{
    return class_of(c) & WORD;
}

/* Bytes from `at` on that are of the classes. */
static size_t run(struct mt_span t, size_t at, unsigned classes)
{
    size_t n = 0;
    while (at + n < t.size && class_of(t.data[at + n]) & classes)
        n++;
    return n;
}

static bool stands(struct mt_span t, size_t at, const char *literal)
{
    return mt_span_starts(mt_span_from(t, at), literal);
}

static bool hit(struct mt_secret *found, enum mt_secret_kind kind, size_t at, size_t end)
{
    *found = (struct mt_secret){kind, at, end - at};
    return true;
}

/* -- keys of a known form ----------------------------------------------------------------- */

struct shape {
    const char *prefix;
    unsigned char size, pivot; /* the trigger's place in the prefix */
    unsigned char classes;     /* of the bytes behind it */
    unsigned char least;       /* how many of them there are */
    bool digit;                /* one of them is a digit: words have none */
};

static const struct shape capital[] = {
    {"AKIA", 4, 2, WORD, 16, false},
    {"ASIA", 4, 2, WORD, 16, false},
    {"AIza", 4, 2, URL64, 20, false},
};
static const struct shape underlined[] = {
    {"ghp_", 4, 3, WORD, 10, false},     {"gho_", 4, 3, WORD, 10, false},
    {"ghu_", 4, 3, WORD, 10, false},     {"ghs_", 4, 3, WORD, 10, false},
    {"ghr_", 4, 3, WORD, 10, false},     {"github_pat_", 11, 10, URL64, 10, false},
    {"sk_live_", 8, 7, WORD, 10, false}, {"sk_test_", 8, 7, WORD, 10, false},
    {"rk_live_", 8, 7, WORD, 10, false}, {"rk_test_", 8, 7, WORD, 10, false},
    {"whsec_", 6, 5, WORD, 16, false},   {"npm_", 4, 3, WORD, 30, true},
    {"hf_", 3, 2, WORD, 30, false},      {"dop_v1_", 7, 6, WORD, 32, true},
    {"shpat_", 6, 5, WORD, 24, true},    {"shpss_", 6, 5, WORD, 24, true},
};
static const struct shape dashed[] = {
    {"glpat-", 6, 5, URL64, 10, false}, {"glrt-", 5, 4, URL64, 10, true},
    {"gldt-", 5, 4, URL64, 10, true},   {"xoxa-", 5, 4, URL64, 8, false},
    {"xoxb-", 5, 4, URL64, 8, false},   {"xoxe-", 5, 4, URL64, 8, false},
    {"xoxo-", 5, 4, URL64, 8, false},   {"xoxp-", 5, 4, URL64, 8, false},
    {"xoxr-", 5, 4, URL64, 8, false},   {"xoxs-", 5, 4, URL64, 8, false},
    {"xapp-", 5, 4, URL64, 8, true},    {"pypi-", 5, 4, URL64, 40, true},
    {"sk-", 3, 2, URL64, 20, true},     {"AGE-SECRET-KEY-", 15, 14, WORD, 20, false},
};
static const struct shape dotted[] = {
    {"hvs.", 4, 3, URL64, 20, false},
    {"ya29.", 5, 4, URL64, 20, false},
    {"SG.", 3, 2, URL64, 16, false},
};

/* The shapes whose trigger that byte is. */
struct shapes {
    const struct shape *items;
    size_t n;
};

static struct shapes shapes_of(unsigned char trigger)
{
#define SHAPES(list)                                                                               \
    (struct shapes)                                                                                \
    {                                                                                              \
        list, sizeof list / sizeof *list                                                           \
    }
    switch (trigger) {
    case '_':
        return SHAPES(underlined);
    case '-':
        return SHAPES(dashed);
    case '.':
        return SHAPES(dotted);
    default:
        return SHAPES(capital);
    }
#undef SHAPES
}

static bool has_digit(struct mt_span s)
{
    for (size_t i = 0; i < s.size; i++)
        if (class_of(s.data[i]) == DIGIT)
            return true;
    return false;
}

static bool is_upper_word(struct mt_span s)
{
    for (size_t i = 0; i < s.size; i++)
        if (s.data[i] >= 'a' && s.data[i] <= 'z')
            return false;
    return true;
}

/* Readers quote the front of long texts, so a key may be cut short by the end of the text. */
static bool find_key(struct mt_span t, size_t from, size_t at, struct mt_secret *found)
{
    struct shapes shapes = shapes_of(t.data[at]);
    for (size_t i = 0; i < shapes.n; i++) {
        const struct shape *s = &shapes.items[i];
        if (at < from + s->pivot || (unsigned char)s->prefix[s->pivot - 1] != t.data[at - 1])
            continue;
        size_t begin = at - s->pivot, body = begin + s->size;
        if (!stands(t, begin, s->prefix) || (begin && is_word(t.data[begin - 1])))
            continue;
        size_t n = run(t, body, s->classes);
        bool cut = body + n == t.size && n >= 4;
        if (n < s->least && !cut)
            continue;
        if (s->digit && !has_digit(mt_span_sub(t, body, n)))
            continue;
        if (s->prefix[0] == 'A' && s->prefix[3] == 'A' &&
            (n > 16 || !is_upper_word(mt_span_sub(t, body, n))))
            continue;
        while (body + n + 1 < t.size && t.data[body + n] == '.' && s->prefix[s->size - 1] == '.')
            n += 1 + run(t, body + n + 1, URL64);
        return hit(found, MT_SECRET_KEY, begin, body + n);
    }
    return false;
}

/* "eyJ" is how a JSON object begins in base64. */
static bool find_jwt(struct mt_span t, size_t from, size_t at, struct mt_secret *found)
{
    if (at < from + 2 || t.data[at - 2] != 'e' || t.data[at - 1] != 'y')
        return false;
    size_t begin = at - 2;
    if (begin && is_word(t.data[begin - 1]))
        return false;
    size_t end = at + 1 + run(t, at + 1, URL64), parts = 1, first = end - begin;
    while (end + 1 < t.size && t.data[end] == '.' && class_of(t.data[end + 1]) & URL64) {
        end += 1 + run(t, end + 1, URL64);
        parts++;
    }
    if (first < (parts > 1 ? 10u : 20u))
        return false;
    return hit(found, MT_SECRET_JWT, begin, end);
}

/* The whole block; where its end is cut off nothing tells the key from what follows: all of it. */
static bool find_private_key(struct mt_span t, size_t at, struct mt_secret *found)
{
    if (!stands(t, at, "-----BEGIN "))
        return false;
    struct mt_span head = mt_span_sub(t, at + 11, 60);
    size_t named = mt_span_find(head, "PRIVATE KEY"), line = mt_span_find_byte(head, '\n');
    if (named == MT_NPOS || named > line)
        return false;
    size_t end = mt_span_find(mt_span_from(t, at), "-----END ");
    if (end == MT_NPOS)
        return hit(found, MT_SECRET_PRIVATE_KEY, at, t.size);
    end += at + 9;
    size_t dashes = mt_span_find(mt_span_sub(t, end, 60), "-----");
    return hit(found, MT_SECRET_PRIVATE_KEY, at, dashes == MT_NPOS ? t.size : end + dashes + 5);
}

/* -- addresses ---------------------------------------------------------------------------- */

static bool of_local(unsigned char c)
{
    return is_word(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '\'' || c >= 0x80;
}

static bool of_host(unsigned char c)
{
    return is_word(c) || c == '-' || c >= 0x80;
}

/* No top-level domain, but what stands behind the dot of a file: "icon@2x.png". */
static bool is_suffix(struct mt_span s)
{
    static const char *const words[] = {
        "png",     "jpg",    "jpeg",  "gif",   "svg",   "webp",   "go",   "js",  "ts",
        "css",     "json",   "html",  "htm",   "xml",   "java",   "kt",   "txt", "log",
        "pprof",   "pb",     "gz",    "yaml",  "yml",   "toml",   "mod",  "sum", "cpp",
        "service", "socket", "slice", "mount", "timer", "target", "scope"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (mt_span_is_nocase(s, words[i]))
            return true;
    return false;
}

/* "v1.2.3", "1.2.3-rc.one": what stands behind the '@' of a module. */
static bool is_version(struct mt_span host)
{
    size_t at = host.size && (host.data[0] | 0x20) == 'v';
    size_t digits = run(host, at, DIGIT);
    return digits && at + digits < host.size && host.data[at + digits] == '.';
}

static bool is_top_domain(struct mt_span s)
{
    for (size_t i = 0; i < s.size; i++)
        if (class_of(s.data[i]) != LETTER && s.data[i] < 0x80)
            return false;
    return s.size >= 2 && s.size <= 24;
}

/* Bytes of a host with a dot in it and a top-level domain of letters; 0: none stands there. */
static size_t host_size(struct mt_span t, size_t at)
{
    size_t end = at;
    while (end < t.size && end - at < LONGEST_HOST &&
           (of_host(t.data[end]) || (t.data[end] == '.' && end > at && t.data[end - 1] != '.' &&
                                     end + 1 < t.size && of_host(t.data[end + 1]))))
        end++;
    struct mt_span host = mt_span_sub(t, at, end - at);
    if (is_version(host))
        return 0;
    for (;;) { /* "ann@example.com.pb.gz" is a file named by an address */
        size_t dot = mt_span_find_last_byte(host, '.');
        if (dot == MT_NPOS || !dot)
            return 0;
        struct mt_span top = mt_span_from(host, dot + 1);
        if (!is_suffix(top))
            return is_top_domain(top) ? host.size : 0;
        host = mt_span_sub(host, 0, dot);
    }
}

/* An '@', or "%40", of `gap` bytes. */
static bool find_email(struct mt_span t, size_t from, size_t at, size_t gap,
                       struct mt_secret *found)
{
    size_t begin = at;
    while (begin > from && at - begin < LONGEST_LOCAL && of_local(t.data[begin - 1]))
        begin--;
    while (begin < at && !is_word(t.data[begin]) && t.data[begin] < 0x80)
        begin++;
    if (begin == at)
        return false;
    size_t host = host_size(t, at + gap), end = at + gap + host;
    bool of_ssh = at - begin == 3 && stands(t, begin, "git") && end < t.size &&
                  (t.data[end] == ':' || t.data[end] == '/'); /* git@github.com:owner/name */
    return host && !of_ssh && hit(found, MT_SECRET_EMAIL, begin, end);
}

static bool ends_login(unsigned char c)
{
    return c <= ' ' || c == '"' || c == '\'' || c == '<' || c == '>' || c == '`' || c == '\\';
}

/* scheme://user:password@host, and user:password@tcp(host) of database drivers. */
static bool find_login(struct mt_span t, size_t from, size_t at, struct mt_secret *found)
{
    size_t begin = at;
    while (begin > from && at - begin < LONGEST_LOGIN && !ends_login(t.data[begin - 1]) &&
           t.data[begin - 1] != '/' && t.data[begin - 1] != '@')
        begin--;
    struct mt_span login = mt_span_sub(t, begin, at - begin);
    if (!login.size)
        return false;
    bool password = mt_span_find_byte(login, ':') != MT_NPOS;
    if (begin > 2 && t.data[begin - 1] == '/' && t.data[begin - 2] == '/' &&
        t.data[begin - 3] == ':') {
        size_t last = at; /* a password may hold an '@' of its own */
        for (size_t i = at + 1; i < t.size && i - at < LONGEST_LOGIN && !ends_login(t.data[i]) &&
                                t.data[i] != '/' && t.data[i] != '?' && t.data[i] != ',';
             i++)
            if (t.data[i] == '@')
                last = i;
        if (!password && (mt_span_is(login, "git") || mt_span_starts(login, "[redacted:")))
            return false;
        return !mt_span_starts(login, "[redacted:") && hit(found, MT_SECRET_LOGIN, begin, last);
    }
    bool driver = stands(t, at + 1, "tcp(") || stands(t, at + 1, "unix(");
    size_t equals = mt_span_find_last_byte(login, '=');
    if (equals != MT_NPOS)
        begin += equals + 1;
    return password && driver && hit(found, MT_SECRET_LOGIN, begin, at);
}

/* A Slack web hook's path is its password. */
static bool find_hook(struct mt_span t, size_t at, struct mt_secret *found)
{
    static const char address[] = "://hooks.slack.com/services/";
    if (!stands(t, at, address))
        return false;
    size_t begin = at + sizeof address - 1, end = begin;
    while (end < t.size && (is_word(t.data[end]) || t.data[end] == '/'))
        end++;
    return end > begin && hit(found, MT_SECRET_KEY, begin, end);
}

/* -- the walk ----------------------------------------------------------------------------- */

static const bool triggers[256] = {
    ['@'] = true, ['%'] = true, ['='] = true, [':'] = true, [' '] = true, ['+'] = true,
    ['-'] = true, ['_'] = true, ['.'] = true, ['J'] = true, ['I'] = true, ['z'] = true,
};

static bool find_at(struct mt_span t, size_t from, size_t at, struct mt_secret *found)
{
    switch (t.data[at]) {
    case '@':
        return find_login(t, from, at, found) || find_email(t, from, at, 1, found);
    case '%':
        if (stands(t, at, "%40"))
            return find_email(t, from, at, 3, found);
        if (stands(t, at, "%20"))
            return mt_secret_worded(t, from, at, 3, found);
        return (stands(t, at, "%3D") || stands(t, at, "%3d")) &&
               mt_secret_assigned(t, from, at, found);
    case ':':
        if (find_hook(t, at, found))
            return true;
        return mt_secret_assigned(t, from, at, found);
    case '=':
        return mt_secret_assigned(t, from, at, found);
    case ' ':
    case '+':
        return mt_secret_worded(t, from, at, 1, found);
    case 'J':
        return find_jwt(t, from, at, found);
    case '-':
        return find_private_key(t, at, found) || find_key(t, from, at, found);
    default:
        return find_key(t, from, at, found);
    }
}

bool mt_secret_find(struct mt_span text, size_t from, struct mt_secret *found)
{
    for (size_t at = from; at < text.size; at++)
        if (triggers[text.data[at]] && find_at(text, from, at, found) && found->size)
            return true;
    return false;
}

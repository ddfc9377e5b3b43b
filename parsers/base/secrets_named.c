/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secrets by the name in front of them. A name is compared by its end, without case, '-', '_' and
 * '.': "X-Api-Key", "db_password" and "http.request.header.cookie" are all known. How sure a name
 * is decides where it counts: a few also in "name: value", others only before '=', and words like
 * "key" or "code" only in the query of an address.
 */
#include "parsers/base/secrets.h"

enum { LONGEST_NAME = 64, TAIL = 24 };

enum where { IN_QUERY, BEFORE_EQUALS, ANYWHERE };

static const struct name {
    const char *end;
    enum where where;
    bool whole; /* it is no end of a longer name */
} names[] = {
    {"password", ANYWHERE, false},
    {"passwd", ANYWHERE, false},
    {"passphrase", ANYWHERE, false},
    {"secret", ANYWHERE, false},
    {"secretkey", ANYWHERE, false},
    {"secretaccesskey", ANYWHERE, false},
    {"apikey", ANYWHERE, false},
    {"accesstoken", ANYWHERE, false},
    {"authtoken", ANYWHERE, false},
    {"refreshtoken", ANYWHERE, false},
    {"idtoken", ANYWHERE, false},
    {"sessiontoken", ANYWHERE, false},
    {"securitytoken", ANYWHERE, false},
    {"bearertoken", ANYWHERE, false},
    {"csrftoken", ANYWHERE, false},
    {"xsrftoken", ANYWHERE, false},
    {"privatekey", ANYWHERE, false},
    {"accesskey", ANYWHERE, false},
    {"accountkey", ANYWHERE, false},
    {"signingkey", ANYWHERE, false},
    {"encryptionkey", ANYWHERE, false},
    {"subscriptionkey", ANYWHERE, false},
    {"masterkey", ANYWHERE, false},
    {"jsessionid", ANYWHERE, false},
    {"phpsessid", ANYWHERE, false},
    {"token", BEFORE_EQUALS, false},
    {"pwd", BEFORE_EQUALS, false},
    {"sessionid", BEFORE_EQUALS, false},
    {"signature", BEFORE_EQUALS, false},
    {"credential", BEFORE_EQUALS, false},
    {"credentials", BEFORE_EQUALS, false},
    {"bearer", BEFORE_EQUALS, true},
    {"key", IN_QUERY, true},
    {"sig", IN_QUERY, true},
    {"code", IN_QUERY, true},
    {"auth", IN_QUERY, true},
    {"session", IN_QUERY, true},
    {"sid", IN_QUERY, true},
    {"ticket", IN_QUERY, true},
    {"otp", IN_QUERY, true},
    {"pass", IN_QUERY, true},
    {"jwt", IN_QUERY, true},
    {"assertion", IN_QUERY, true},
};

static unsigned char lower(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c | 0x20) : c;
}

static bool is_name(unsigned char c)
{
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
}

/* The end of a name, lower case, without marks between its words. */
struct tail {
    unsigned char text[TAIL];
    size_t size; /* stands at the end of `text` */
    bool whole;  /* nothing of the name was left out */
};

static struct tail tail_of(struct mt_span name)
{
    struct tail t = {.whole = true};
    for (size_t i = name.size; i--;) {
        unsigned char c = name.data[i];
        if (c == '_' || c == '-' || c == '.')
            continue;
        if (t.size == TAIL) {
            t.whole = false;
            break;
        }
        t.text[TAIL - ++t.size] = lower(c);
    }
    return t;
}

static bool ends(const struct tail *t, const char *word)
{
    size_t size = strlen(word);
    return t->size >= size && memcmp(t->text + TAIL - size, word, size) == 0;
}

/* The letters that the names above end with, and those of authorization and cookie. */
static bool could_end_a_name(unsigned char c)
{
    return strchr("detynlrsghpw", lower(c)) && c;
}

static const struct name *find_name(const struct tail *t, enum where where)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].where >= where && ends(t, names[i].end) &&
            (!names[i].whole || (t->whole && t->size == strlen(names[i].end))))
            return &names[i];
    return NULL;
}

bool mt_secret_name(struct mt_span name)
{
    struct tail t = tail_of(name);
    return find_name(&t, BEFORE_EQUALS) || ends(&t, "cookie") || ends(&t, "authorization");
}

/* -- values ------------------------------------------------------------------------------- */

static bool ends_value(unsigned char c)
{
    return c <= ' ' || strchr("&;,\"'`)]}<>|\\#", c);
}

/* What a value stands in: a quote, '[' of a printed Go header, or nothing. */
struct mark {
    unsigned char closing; /* 0: nothing */
    bool escaped;          /* \" inside a JSON text */
};

/* Where the value begins: behind blanks and an opening mark. */
static size_t open_value(struct mt_span t, size_t at, struct mark *mark)
{
    *mark = (struct mark){0};
    while (at < t.size && t.data[at] == ' ')
        at++;
    if (at < t.size && t.data[at] == '[' && !mt_span_starts(mt_span_from(t, at), "[redacted:")) {
        mark->closing = ']';
        at++;
    }
    if (at + 1 < t.size && t.data[at] == '\\' && t.data[at + 1] == '"') {
        mark->escaped = true;
        at++;
    }
    if (at < t.size && (t.data[at] == '"' || t.data[at] == '\'' || t.data[at] == '`'))
        mark->closing = t.data[at++];
    return at;
}

/* Up to the closing mark or the end of the line. */
static size_t close_line(struct mt_span t, size_t begin, unsigned char closing)
{
    size_t at = begin;
    while (at < t.size && t.data[at] != '\n' && t.data[at] != '\r' && t.data[at] != closing &&
           t.data[at] != '"' && t.data[at] != '\'')
        at++;
    while (at > begin && (t.data[at - 1] == ' ' || t.data[at - 1] == '\\'))
        at--;
    return at;
}

static size_t close_value(struct mt_span t, size_t at, struct mark mark)
{
    if (mark.closing && mark.closing != ']') {
        while (at < t.size && t.data[at] != '\n' && t.data[at] != mark.closing) {
            if (t.data[at] == '\\' && mark.escaped)
                break;
            at += t.data[at] == '\\' && at + 1 < t.size ? 2 : 1;
        }
        return at < t.size ? at : t.size;
    }
    while (at < t.size && !ends_value(t.data[at]) && !mt_span_starts(mt_span_from(t, at), "%26"))
        at++;
    return at;
}

/* What was put in a secret's place before. */
static bool is_mark(struct mt_span s)
{
    if (!mt_span_take(&s, "[redacted:"))
        return false;
    while (s.size && is_name(s.data[0]))
        s = mt_span_from(s, 1);
    return !s.size || mt_span_is(s, "]");
}

/* Nothing is hidden: a placeholder, or what was replaced before. */
static bool is_no_secret(struct mt_span value)
{
    static const char *const words[] = {"null",      "nil",    "<nil>", "true", "false", "none",
                                        "undefined", "string", "%s",    "%v",   "%q"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (mt_span_is_nocase(value, words[i]))
            return true;
    size_t same = 0;
    while (same < value.size && value.data[same] == value.data[0])
        same++;
    bool masked =
        same == value.size && (value.data[0] == '*' || (value.data[0] == 'x' && same > 2));
    return masked || is_mark(value) || mt_span_starts(value, "${");
}

static bool take(struct mt_span t, size_t from, enum mt_secret_kind kind, size_t at, size_t end,
                 struct mt_secret *found)
{
    if (at < from || end <= at || is_no_secret(mt_span_sub(t, at, end - at)))
        return false;
    *found = (struct mt_secret){kind, at, end - at};
    return true;
}

static bool is_token(unsigned char c)
{
    return is_name(c) || strchr("~+/=", c);
}

static size_t token_end(struct mt_span t, size_t at)
{
    while (at < t.size && t.data[at] && is_token(t.data[at]))
        at++;
    return at;
}

static int base64_digit(unsigned char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* base64 of "user:password". */
static bool is_login64(struct mt_span s)
{
    unsigned bits = 0, have = 0;
    for (size_t i = 0; i < s.size && base64_digit(s.data[i]) >= 0; i++) {
        bits = (bits << 6 | (unsigned)base64_digit(s.data[i])) & 0xffff;
        have += 6;
        if (have < 8)
            continue;
        have -= 8;
        unsigned c = bits >> have & 0xff;
        if (c == ':')
            return true;
        if (c < 0x20)
            return false;
    }
    return false;
}

/* Words of prose follow "bearer" and "basic" too. */
static bool looks_like_token(struct mt_span s)
{
    bool digit = false;
    for (size_t i = 0; i < s.size; i++)
        digit |= s.data[i] >= '0' && s.data[i] <= '9';
    return s.size >= 20 || (s.size >= 6 && digit);
}

static bool ends_with_word(struct mt_span t, size_t end, const char *word)
{
    size_t size = strlen(word);
    return end >= size && mt_span_is_nocase(mt_span_sub(t, end - size, size), word) &&
           (end == size || !is_name(t.data[end - size - 1]));
}

static size_t name_begin(struct mt_span t, size_t end)
{
    size_t begin = end;
    while (begin && end - begin < LONGEST_NAME && is_name(t.data[begin - 1]))
        begin--;
    return begin;
}

bool mt_secret_worded(struct mt_span text, size_t from, size_t at, size_t gap,
                      struct mt_secret *found)
{
    size_t value = at + gap;
    while (value < text.size && text.data[value] == ' ')
        value++;
    bool bearer = ends_with_word(text, at, "bearer");
    if (bearer || ends_with_word(text, at, "basic")) {
        size_t end = token_end(text, value);
        struct mt_span token = mt_span_sub(text, value, end - value);
        bool is = bearer ? looks_like_token(token) : is_login64(token);
        return is &&
               take(text, from, bearer ? MT_SECRET_BEARER : MT_SECRET_BASIC, value, end, found);
    }
    if (!at || !could_end_a_name(text.data[at - 1]))
        return false;
    size_t begin = name_begin(text, at);
    struct mt_span flag = mt_span_sub(text, begin, at - begin);
    if (!mt_span_starts(flag, "--") || !mt_secret_name(flag))
        return false;
    struct mark mark;
    value = open_value(text, value, &mark);
    return value < text.size && text.data[value] != '-' &&
           take(text, from, MT_SECRET_SECRET, value, close_value(text, value, mark), found);
}

/* The header's value: a scheme and what belongs to it. */
static bool authorization(struct mt_span t, size_t from, size_t at, struct mt_secret *found)
{
    struct mark mark;
    at = open_value(t, at, &mark);
    size_t end = close_line(t, at, mark.closing);
    struct mt_span value = mt_span_sub(t, at, end - at);
    static const struct {
        const char *scheme;
        enum mt_secret_kind kind;
    } schemes[] = {{"bearer ", MT_SECRET_BEARER},    {"basic ", MT_SECRET_BASIC},
                   {"token ", MT_SECRET_SECRET},     {"digest ", MT_SECRET_SECRET},
                   {"negotiate ", MT_SECRET_SECRET}, {"ntlm ", MT_SECRET_SECRET}};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        size_t size = strlen(schemes[i].scheme);
        if (mt_span_is_nocase(mt_span_sub(value, 0, size), schemes[i].scheme)) {
            bool list = schemes[i].scheme[0] == 'd'; /* name="value", ...: quotes end nothing */
            size_t stop = list ? at + size : token_end(t, at + size);
            while (list && stop < t.size && t.data[stop] != '\n')
                stop++;
            return take(t, from, schemes[i].kind, at + size, stop, found);
        }
    }
    end = mt_span_starts(value, "AWS4-") ? end : close_value(t, at, (struct mark){0});
    return looks_like_token(mt_span_sub(t, at, end - at)) &&
           take(t, from, MT_SECRET_SECRET, at, end, found);
}

static bool cookie(struct mt_span t, size_t from, size_t at, struct mt_secret *found)
{
    struct mark mark;
    at = open_value(t, at, &mark);
    size_t end = close_line(t, at, mark.closing);
    return mt_span_find_byte(mt_span_sub(t, at, end - at), '=') != MT_NPOS &&
           take(t, from, MT_SECRET_COOKIE, at, end, found);
}

bool mt_secret_assigned(struct mt_span text, size_t from, size_t at, struct mt_secret *found)
{
    size_t gap = text.data[at] == '%' ? 3 : 1, name_end = at;
    bool colon = text.data[at] == ':', quoted = false;
    while (name_end && at - name_end < 2 && text.data[name_end - 1] == ' ')
        name_end--;
    if (name_end && (text.data[name_end - 1] == '"' || text.data[name_end - 1] == '\'')) {
        quoted = true;
        name_end -= name_end > 1 && text.data[name_end - 2] == '\\' ? 2 : 1;
    }
    if (!name_end || !could_end_a_name(text.data[name_end - 1]) ||
        (colon && at + 1 < text.size && (text.data[at + 1] == ':' || text.data[at + 1] == '/')))
        return false;
    size_t begin = name_begin(text, name_end);
    struct tail tail = tail_of(mt_span_sub(text, begin, name_end - begin));
    if (ends(&tail, "authorization"))
        return authorization(text, from, at + gap, found);
    if (ends(&tail, "cookie"))
        return cookie(text, from, at + gap, found);
    bool query = begin && (text.data[begin - 1] == '?' || text.data[begin - 1] == '&');
    enum where where = query ? IN_QUERY : colon && !quoted ? ANYWHERE : BEFORE_EQUALS;
    if (!find_name(&tail, where))
        return false;
    struct mark mark;
    size_t value = open_value(text, at + gap, &mark);
    return take(text, from, MT_SECRET_SECRET, value, close_value(text, value, mark), found);
}

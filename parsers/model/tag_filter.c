/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/model/tag_filter.h"

#include "parsers/base/arena.h"
#include "parsers/base/pattern.h"
#include "parsers/base/text.h"

/* ---- units ---- */

struct unit {
    const char *name, *aliases; /* words separated by blanks */
    double factor;
};

struct family {
    struct unit fallback; /* for units that are not of the family */
    const struct unit *units;
};

static const struct unit sizes[] = {{"B", "b byte", 1},
                                    {"kB", "kb kbyte kilobyte", 0x1p10},
                                    {"MB", "mb mbyte megabyte", 0x1p20},
                                    {"GB", "gb gbyte gigabyte", 0x1p30},
                                    {"TB", "tb tbyte terabyte", 0x1p40},
                                    {"PB", "pb pbyte petabyte", 0x1p50},
                                    {0}};
static const struct unit times[] = {
    {"ns", "ns nanosecond", 1},    {"us", "\xce\xbcs us microsecond", 1e3},
    {"ms", "ms millisecond", 1e6}, {"s", "s sec second", 1e9},
    {"hrs", "hour hr", 3600e9},    {0}};
static const struct family families[] = {{{"B", "", 1}, sizes}, {{"s", "", 1e9}, times}};
enum { FAMILIES = sizeof families / sizeof *families, LONGEST_UNIT = 24 };

/* In lower case and without a plural s. */
static const struct unit *find_unit(const struct family *family, struct mt_span unit)
{
    char word[LONGEST_UNIT];
    if (!unit.size || unit.size >= sizeof word)
        return NULL;
    for (size_t i = 0; i < unit.size; i++)
        word[i] =
            (char)(unit.data[i] >= 'A' && unit.data[i] <= 'Z' ? unit.data[i] + 32 : unit.data[i]);
    struct mt_span lower = {(const unsigned char *)word, unit.size};
    if (lower.size > 2 && mt_span_ends(lower, "s"))
        lower.size--;
    for (const struct unit *u = family->units; u->name; u++) {
        struct mt_span aliases = mt_span_of(u->aliases), alias;
        while (mt_span_word(&aliases, &alias))
            if (mt_span_equal(alias, lower))
                return u;
    }
    return NULL;
}

/* A value in another unit, and that unit's usual name; *unit is "" where the name says nothing. */
static double scale(int64_t value, struct mt_span from, struct mt_span to, struct mt_span *unit)
{
    for (size_t i = 0; i < FAMILIES; i++) {
        const struct unit *source = find_unit(&families[i], from);
        if (!source)
            continue;
        const struct unit *target = find_unit(&families[i], to);
        if (!target)
            target = &families[i].fallback;
        *unit = mt_span_of(target->name);
        return (double)value * source->factor / target->factor;
    }
    static const char *const plain[] = {"count", "sample", "unit", "minimum", "auto"};
    *unit = to;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (mt_span_is(to, plain[i]))
            *unit = (struct mt_span){0};
    return (double)value;
}

/* ---- compiling ---- */

struct mt_tag_filter {
    struct mt_span key;
    bool has_key, is_range, has_low, has_high;
    double low, high;
    struct mt_span unit;
    struct mt_pattern **patterns;
    size_t n_patterns;
};

/* One end of a range: a number and letters right behind it. */
static bool take_end(struct mt_span *s, int64_t *value, struct mt_span *unit)
{
    struct mt_span rest = *s;
    if (!mt_span_take_i64(&rest, value))
        return false;
    size_t letters = 0;
    while (letters < rest.size &&
           ((rest.data[letters] | 32) >= 'a' && (rest.data[letters] | 32) <= 'z'))
        letters++;
    *unit = mt_span_sub(rest, 0, letters);
    *s = mt_span_from(rest, letters);
    return true;
}

/* "32kb", ":64kb", "4mb:" or "12kb:64mb". */
static bool parse_range(struct mt_tag_filter *t, struct mt_span s)
{
    int64_t value;
    struct mt_span unit;
    bool open_low = mt_span_take(&s, ":");
    if (!take_end(&s, &value, &unit))
        return false;
    t->low = t->high = scale(value, unit, unit, &t->unit);
    t->has_low = !open_low;
    t->has_high = true;
    if (open_low || !s.size)
        return !s.size;
    if (!mt_span_take(&s, ":"))
        return false;
    t->has_high = s.size > 0;
    if (!t->has_high)
        return true;
    if (!take_end(&s, &value, &unit) || s.size)
        return false;
    t->high = scale(value, unit, t->unit, &unit);
    return mt_span_equal(unit, t->unit);
}

static bool compile_patterns(struct mt_arena *a, struct mt_tag_filter *t, struct mt_span value,
                             struct mt_err *err)
{
    t->patterns = MT_NEW_N(a, struct mt_pattern *, value.size + 1);
    for (;;) {
        size_t comma = mt_span_find_byte(value, ',');
        struct mt_pattern *p = mt_pattern_compile(mt_span_sub(value, 0, comma), err);
        if (!p)
            return false;
        t->patterns[t->n_patterns++] = p;
        if (comma == MT_NPOS)
            return true;
        value = mt_span_from(value, comma + 1);
    }
}

struct mt_tag_filter *mt_tag_filter_new(struct mt_arena *a, struct mt_span text, struct mt_err *err)
{
    struct mt_tag_filter *t = MT_NEW(a, struct mt_tag_filter);
    struct mt_span value = {(const unsigned char *)mt_arena_copy(a, text.data, text.size),
                            text.size};
    size_t equals = mt_span_find_byte(value, '=');
    if (equals != MT_NPOS) {
        t->key = mt_span_sub(value, 0, equals);
        t->has_key = t->key.size > 0;
        value = mt_span_from(value, equals + 1);
    }
    t->is_range = parse_range(t, value);
    if (t->is_range || compile_patterns(a, t, value, err))
        return t;
    mt_tag_filter_release(t);
    return NULL;
}

void mt_tag_filter_release(struct mt_tag_filter *t)
{
    for (size_t i = 0; t && i < t->n_patterns; i++)
        mt_pattern_free(t->patterns[i]);
}

/* ---- matching ---- */

/* The unit of a key's numbers: the first one given for it; without any, guessed by its name. */
static uint32_t *guess_units(struct mt_arena *a, const struct mt_strings *s,
                             const struct mt_profile *p)
{
    uint32_t *units = MT_NEW_N(a, uint32_t, s->count + 1);
    for (size_t i = 0; i < p->n_labels; i++) {
        const struct mt_label *l = &p->labels[i];
        if (!mt_label_is_text(l) && l->unit && !units[l->key])
            units[l->key] = l->unit;
    }
    return units;
}

static struct mt_span unit_of(const struct mt_strings *s, const uint32_t *units, uint32_t key)
{
    if (units[key])
        return mt_string(s, units[key]);
    struct mt_span name = mt_string(s, key);
    return mt_span_is(name, "alignment") || mt_span_is(name, "request") ? MT_SPAN("bytes") : name;
}

static bool in_range(const struct mt_tag_filter *t, int64_t number, struct mt_span unit)
{
    struct mt_span scaled_unit;
    double value = scale(number, unit, t->unit, &scaled_unit);
    return mt_span_equal(scaled_unit, t->unit) && (!t->has_low || value >= t->low) &&
           (!t->has_high || value <= t->high);
}

static bool pattern_fits(const struct mt_tag_filter *t, const struct mt_pattern *pattern,
                         struct mt_span key, struct mt_span text)
{
    if (t->has_key)
        return mt_span_equal(key, t->key) && mt_pattern_matches(pattern, text);
    struct mt_text both = {0};
    mt_text_span(&both, key);
    mt_text_byte(&both, ':');
    mt_text_span(&both, text);
    bool fits = mt_pattern_matches(pattern, mt_text_view(&both));
    mt_text_clear(&both);
    return fits;
}

static bool some_label_fits(const struct mt_tag_filter *t, const struct mt_pattern *pattern,
                            const struct mt_strings *s, const struct mt_profile *p,
                            const struct mt_sample *sample)
{
    for (uint32_t i = 0; i < sample->n_labels; i++) {
        const struct mt_label *l = &p->labels[sample->first_label + i];
        if (mt_label_is_text(l) &&
            pattern_fits(t, pattern, mt_string(s, l->key), mt_string(s, l->text)))
            return true;
    }
    return false;
}

/* With a key one expression has to fit one of its values, without a key each has to fit some label.
 */
static bool texts_fit(const struct mt_tag_filter *t, const struct mt_strings *s,
                      const struct mt_profile *p, const struct mt_sample *sample)
{
    for (size_t i = 0; i < t->n_patterns; i++)
        if (some_label_fits(t, t->patterns[i], s, p, sample) == t->has_key)
            return t->has_key;
    return !t->has_key;
}

static bool number_fits(const struct mt_tag_filter *t, const struct mt_strings *s,
                        const struct mt_profile *p, const struct mt_sample *sample,
                        const uint32_t *units)
{
    for (uint32_t i = 0; i < sample->n_labels; i++) {
        const struct mt_label *l = &p->labels[sample->first_label + i];
        if (mt_label_is_text(l) || (t->has_key && !mt_span_equal(mt_string(s, l->key), t->key)))
            continue;
        if (in_range(t, l->number, unit_of(s, units, l->key)))
            return true;
    }
    return false;
}

bool *mt_tag_filter_samples(const struct mt_tag_filter *t, struct mt_arena *a,
                            const struct mt_strings *s, const struct mt_profile *p)
{
    bool *fits = MT_NEW_N(a, bool, p->n_samples + 1);
    const uint32_t *units = t->is_range ? guess_units(a, s, p) : NULL;
    for (size_t i = 0; i < p->n_samples; i++)
        fits[i] = t->is_range ? number_fits(t, s, p, &p->samples[i], units)
                              : texts_fit(t, s, p, &p->samples[i]);
    return fits;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "report/view/pieces.h"

#include "parsers/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Text as it is, [code], <suspect>. */
static void check(const char *text, const char *want)
{
    struct mt_text out = {0};
    struct mt_span rest = mt_span_of(text);
    for (struct mt_piece p; mt_piece_next(&rest, 2, &p);) {
        static const char *const marks[][2] = {{"", ""}, {"[", "]"}, {"<", ">"}};
        mt_text_add(&out, marks[p.kind][0]);
        mt_text_span(&out, p.text);
        mt_text_add(&out, marks[p.kind][1]);
    }
    mt_text_byte(&out, 0);
    assert_string_equal(out.data, want);
    mt_text_clear(&out);
}

static void finds_functions_and_places_in_a_sentence(void **state)
{
    (void)state;
    check("cart.(*Registry).Attach holds 1.5 MiB, see cart/registry.go:40.",
          "[cart.(*Registry).Attach] holds 1.5 MiB, see [cart/registry.go:40].");
    check("sits under sync.(*Once).Do, then http.Client",
          "sits under [sync.(*Once).Do], then [http.Client]");
    check("metrics.init.0.func1.1 holds 2", "[metrics.init.0.func1.1] holds 2");
}

static void leaves_ordinary_sentences_alone(void **state)
{
    (void)state;
    check("Up 3.5 MiB, e.g. a cache. That is go1.26 (p < 0.05).",
          "Up 3.5 MiB, e.g. a cache. That is go1.26 (p < 0.05).");
    check("", "");
    check("a.", "a.");
}

static void takes_backticks_and_numbered_suspects(void **state)
{
    (void)state;
    check("Read suspect 1, then `a b`", "Read <suspect 1>, then [a b]");
    check("suspect 3 is none; a ` alone", "suspect 3 is none; a ` alone");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_functions_and_places_in_a_sentence),
        cmocka_unit_test(leaves_ordinary_sentences_alone),
        cmocka_unit_test(takes_backticks_and_numbered_suspects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

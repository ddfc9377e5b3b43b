/* SPDX-License-Identifier: Apache-2.0 */
#include "report/view/words.h"

const char *mt_word_verdict(enum mt_verdict_status status)
{
    static const char *const words[] = {"undecided", "steady", "watch", "leak"};
    return words[status];
}

const char *mt_word_status(enum mt_status status)
{
    static const char *const words[] = {"note", "watch", "leak"};
    return words[status];
}

const char *mt_word_confidence(enum mt_confidence confidence)
{
    static const char *const words[] = {"low", "medium", "high"};
    return words[confidence];
}

const char *mt_word_dimension(enum mt_dimension dimension)
{
    static const char *const words[] = {"metrics", "sites", "timeline"};
    return words[dimension];
}

const char *mt_word_stage(enum mt_stage stage)
{
    static const char *const words[] = {"steady", "slow-leak", "burst-leak", "churn"};
    return words[stage];
}

const char *mt_word_check(enum mt_check_status status)
{
    static const char *const words[] = {"agree", "disagree", "not-run"};
    return words[status];
}

const char *mt_word_input(enum mt_input_status status)
{
    static const char *const words[] = {"read", "damaged", "skipped"};
    return words[status];
}

const char *mt_word_unit(enum mt_unit unit)
{
    static const char *const words[] = {"bytes", "count", "ns", "ratio", "per second", "unix ns"};
    return words[unit];
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Growth that is spread over many blame frames, each too thin to pass, often has one owner: the
 * innermost own function through which most of it goes.
 */
#ifndef MT_ANALYSIS_PATHS_H
#define MT_ANALYSIS_PATHS_H

#include "report/analysis/sites.h"

struct mt_path_owner {
    struct mt_site_sums
        *sums;                /* a site of its own: everything below the function; NULL: no owner */
    size_t n_paths;           /* blame frames below it that hold something at the end */
    struct mt_site *under[3]; /* the three of them that grew most */
    size_t n_under;
    double share; /* of all growth between the first and the last snapshot */
};

/* least_share: of the growth that has to go through the owner. */
struct mt_path_owner mt_path_owner_of(struct mt_signals *s, double least_share);

#endif

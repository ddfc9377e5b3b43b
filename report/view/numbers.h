/* SPDX-License-Identifier: Apache-2.0 */
/* The one formatter of numbers, which the engine's sentences use as well. */
#ifndef MT_VIEW_NUMBERS_H
#define MT_VIEW_NUMBERS_H

#include "report/analysis/numbers.h"

#endif

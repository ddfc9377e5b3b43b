# SPDX-License-Identifier: Apache-2.0
/^--- Thread / { threads++ }
END { say("totals.0", threads) }

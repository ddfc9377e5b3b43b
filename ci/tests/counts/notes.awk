# SPDX-License-Identifier: Apache-2.0
/^#+ / { headings++ }
END { say("lines", NR); say("headings", headings + 0) }

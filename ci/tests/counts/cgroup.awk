# SPDX-License-Identifier: Apache-2.0
function last_number() { sub(/.*[: ]/, ""); return $0 }
/^memory\.current:/ { take("", "CgroupCurrent", last_number()); rows++ }
/^memory\.max:[0-9]/ { take("", "CgroupLimit", last_number()) }
/^(memory\.stat:)?anon / { take("", "CgroupAnon", last_number()) }
/^rss / { take("", "CgroupAnon", last_number()) }
/^(memory\.stat:)?file / { take("", "CgroupFile", last_number()) }

# SPDX-License-Identifier: Apache-2.0
# make            build/release/memtriage
# make demo       install what is missing, build, report on testdata/demo and print the path
# make test       everything a newcomer needs in a few minutes
# make check      everything: format, layers, gcc and clang, sanitizers, fuzzing, browser
# V=asan|clang|cover|fuzz chooses a variant with a folder of its own under build/

V ?= release
PREFIX ?= /usr/local
DESTDIR ?=
VERSION := 0.1.0

B := build/$(V)
PACKAGES := zlib libprotobuf-c libxml-2.0 libcmark jansson libmd libarchive libpcre2-8
# Start-up is part of the promise: the small libraries are linked in where the archive is there, and
# libxml2 and libarchive, which pull in a dozen others, are loaded by their home files when first used.
LINKED := cmark jansson md pcre2-8 protobuf-c z
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
	-Wwrite-strings -Wformat=2 -Wundef -Wvla -Wcast-qual

OPT := -O2 -g
CC_release := gcc
CC_clang := clang
CC_asan := gcc
CC_clang-asan := clang
CC_cover := gcc
CC_fuzz := clang
SAN := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -DMT_ARENA_PASSTHROUGH
OPT_asan := $(SAN)
OPT_clang-asan := $(SAN)
OPT_cover := -O0 -g --coverage
OPT_fuzz := $(SAN) -fsanitize=fuzzer-no-link
CC := $(or $(CC_$(V)),gcc)
OPT_USED := $(or $(OPT_$(V)),$(OPT))
WERROR ?=
# A newcomer's two commands use every core unless -j says otherwise.
PARALLEL = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

CPPFLAGS_ALL = -I. -I$(B) -DMT_VERSION='"$(VERSION)"' $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null) $(CPPFLAGS)
CFLAGS_ALL = -std=c11 $(OPT_USED) $(WARN) $(WERROR) -fno-math-errno -ffp-contract=off $(CFLAGS)
archive_of = $(wildcard $(shell $(CC) -print-file-name=lib$(1).a 2>/dev/null))
LDLIBS_ALL := $(foreach l,$(LINKED),$(or $(call archive_of,$(l)),-l$(l))) -ldl -lm -lpthread $(LDLIBS)

SOURCES := $(filter-out %_test.c,$(wildcard parsers/*/*.c parsers/*/*/*.c report/*/*.c report/*/*/*.c report/*/*/*/*.c))
COMMAND := $(filter-out %_test.c,$(wildcard cmd/memtriage/*.c))
TESTS := $(wildcard parsers/*/*_test.c parsers/*/*/*_test.c report/*/*_test.c report/*/*/*_test.c report/*/*/*/*_test.c cmd/*/*_test.c)
PROTOS := $(wildcard parsers/formats/*.proto)
TEMPLATES := $(sort $(filter-out templates/script/%,$(shell find templates -type f 2>/dev/null)))
SCRIPT := $(sort $(wildcard templates/script/*.js))

GEN_C := $(B)/gen/registry.c $(B)/gen/templates.c $(patsubst parsers/formats/%.proto,$(B)/gen/%.pb-c.c,$(PROTOS))
OBJECTS := $(SOURCES:%.c=$(B)/%.o) $(GEN_C:.c=.o)
COMMAND_OBJECTS := $(COMMAND:%.c=$(B)/%.o)
LIBRARY := $(B)/libmemtriage.a
PROGRAM := $(B)/memtriage
TEST_PROGRAMS := $(TESTS:%.c=$(B)/%)

.PHONY: all demo deps test unit check cover fuzz bench install clean format print-cc print-libs FORCE
.SECONDARY:
all: $(PROGRAM)

# The lists are compared by content, so that deleting a file rebuilds what named it.
$(B)/gen/sources.list: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(SOURCES) $(TEMPLATES) $(SCRIPT) | cmp -s - $@ || printf '%s\n' $(SOURCES) $(TEMPLATES) $(SCRIPT) > $@
$(B)/gen/registry.c: $(B)/gen/sources.list ci/registry.awk
	awk -f ci/registry.awk $(SOURCES) > $@
$(B)/gen/templates.c: $(B)/embed $(TEMPLATES) $(B)/gen/report.js $(B)/gen/sources.list
	$(B)/embed $(TEMPLATES) $(B)/gen/report.js > $@.tmp && mv $@.tmp $@
# The page has one script: the parts, in name order, in one function; nothing in them runs before its last line.
$(B)/gen/report.js: $(SCRIPT) $(B)/gen/sources.list
	{ printf '/*<![CDATA[*/\n/* SPDX-License-Identifier: Apache-2.0 */\n(function () {\n"use strict";\n'; \
	  for f in $(SCRIPT); do sed 1d "$$f"; done; printf 'start();\n})();\n/*]]>*/\n'; } > $@
$(B)/embed: $(filter-out %_test.c,$(wildcard cmd/embed/*.c)) $(wildcard cmd/embed/*.h) report/render/outputs/html/slots.h
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -o $@ $(filter %.c,$^) $(shell pkg-config --libs libxml-2.0 libmd)
$(B)/gen/%.pb-c.c $(B)/gen/%.pb-c.h &: parsers/formats/%.proto
	@mkdir -p $(B)/gen
	protoc-c --proto_path=parsers/formats --c_out=$(B)/gen $<
$(B)/gen/%.o: $(B)/gen/%.c
	$(CC) $(CPPFLAGS_ALL) -std=c11 $(OPT_USED) -w -MMD -MP -c -o $@ $<
$(B)/%.o: %.c $(filter %.pb-c.c,$(GEN_C))
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(LIBRARY): $(OBJECTS) $(B)/gen/sources.list
	@rm -f $@
	@ar rcs $@ $(OBJECTS)
$(PROGRAM): $(COMMAND_OBJECTS) $(LIBRARY)
	$(CC) $(OPT_USED) $(LDFLAGS) -o $@ $(COMMAND_OBJECTS) $(LIBRARY) $(LDLIBS_ALL)
$(B)/%_test: $(B)/%_test.o $(LIBRARY)
	$(CC) $(OPT_USED) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIBRARY) $(shell pkg-config --libs cmocka) $(LDLIBS_ALL)
$(B)/cmd/embed/squeeze_test: $(B)/cmd/embed/squeeze.o

unit: $(PROGRAM) $(TEST_PROGRAMS)
	ci/test.sh unit $(B)
test: deps
	$(MAKE) --no-print-directory -s $(PARALLEL) $(PROGRAM) $(TEST_PROGRAMS)
	ci/test.sh all $(B)
check:
	ci/check.sh
demo: deps
	$(MAKE) --no-print-directory -s $(PARALLEL) $(PROGRAM)
	$(PROGRAM) report testdata/demo -o build/demo
	@echo "$(CURDIR)/build/demo/report.html"
deps:
	@ci/deps.sh build
cover:
	$(MAKE) V=cover build/cover/memtriage unit && ci/test.sh all build/cover && ci/cover.sh build/cover
fuzz:
	ci/fuzz.sh
bench: all
	ci/bench/run.sh $(PROGRAM)
format:
	clang-format -i $(shell git ls-files '*.c' '*.h')
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/memtriage
	install -m 644 cmd/memtriage/memtriage.1 $(DESTDIR)$(PREFIX)/share/man/man1/memtriage.1
print-cc:
	@echo $(CC) $(OPT_USED)
print-libs:
	@echo $(LDLIBS_ALL)
clean:
	rm -rf build

-include $(OBJECTS:.o=.d) $(COMMAND_OBJECTS:.o=.d) $(TESTS:%.c=$(B)/%.d)

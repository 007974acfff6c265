# Everything a user or a contributor runs. `make help` lists it.

SWIFT_FLAGS ?=
PREFIX ?= /usr/local
DESTDIR ?=
# Not every shell does it.
override PREFIX := $(patsubst ~/%,$(HOME)/%,$(PREFIX))
DOCUMENTED = Networks Interchange Engine Pictures Datasets Augmentation Training Evaluation Representations \
  Attribution Attacks Experiments Study Drawing Figures Questions Report
TEST_FLAGS = -c release --disable-xctest $(SWIFT_FLAGS)
MPI_FLAGS = -c release --product inkling --traits MPI --scratch-path .build/mpi $(SWIFT_FLAGS)

.PHONY: help report build mpi standalone install uninstall deb check-deb test trials exports fuzz lint format bench docs clean

help:
	@echo "make report   set up, build and run the whole journey: output/journey/index.html"
	@echo "make build    set up and build .build/release/inkling"
	@echo "make mpi      set up and build .build/mpi/release/inkling, whose training mpirun can share"
	@echo "make install  build a program that needs no toolchain, and put it in place: PREFIX=\$$HOME/.local, DESTDIR=..."
	@echo "make standalone  build that program alone, for sudo make install"
	@echo "make uninstall   remove what install put there (the same PREFIX)"
	@echo "make deb      a Debian package in .build/deb; make check-deb installs it on a clean system (as root)"
	@echo "make test     set up and run every check and test"
	@echo "make trials   long trials of sweeps: 100 killed workers, a real Slurm (as root), GNU parallel"
	@echo "make fuzz     ten million changed files to the readers of files from anywhere (libFuzzer; some hours)"
	@echo "make exports  read what another PyTorch exports: TORCH=2.15.0 (downloads gigabytes)"
	@echo "make bench    measure against PyTorch and onnxruntime (installs them into .venv)"
	@echo "make docs     build the library's documentation into .build/documentation"
	@echo "make format   format the Swift sources"

report: build
	.build/release/inkling journey --output output/journey
	@echo "The report is $(CURDIR)/output/journey/index.html"

build:
	@Scripts/setup.sh build
	swift build -c release --product inkling $(SWIFT_FLAGS)

mpi:
	@Scripts/setup.sh mpi
	swift build $(MPI_FLAGS)

# For `sudo make install`, which takes what it finds built: root rarely has a toolchain, and what it builds is root's.
standalone:
	@Scripts/standalone.sh $(SWIFT_FLAGS)

install:
	@Scripts/install.sh check "$(DESTDIR)$(PREFIX)"
	@[ -n "$$SUDO_USER" ] && [ -x .build/standalone/stage/bin/inkling ] || Scripts/standalone.sh $(SWIFT_FLAGS)
	@Scripts/install.sh install .build/standalone/stage "$(DESTDIR)$(PREFIX)"

uninstall:
	@Scripts/install.sh uninstall "$(DESTDIR)$(PREFIX)"

deb:
	@Scripts/setup.sh deb
	@Scripts/standalone.sh $(SWIFT_FLAGS)
	@Scripts/deb/build.sh

check-deb: deb
	@Scripts/setup.sh check-deb
	@Scripts/deb/check.sh

fuzz:
	@Scripts/setup.sh build
	@Scripts/fuzz.sh

lint:
	swift format lint --strict --recursive --parallel Package.swift Plugins Sources Tests Benchmarks/Sources Examples

format:
	swift format --in-place --recursive --parallel Package.swift Plugins Sources Tests Benchmarks/Sources Examples

test: lint
	@Scripts/setup.sh test
	@Scripts/axe.sh
	@Scripts/interchange.sh
	@Scripts/tracking.sh
	swift build $(TEST_FLAGS) --build-tests
	swift build $(MPI_FLAGS)
	Scripts/check-instruction-sets.sh .build/release
	for level in $$(Scripts/levels.sh); do \
	  echo "kernels: $$level"; \
	  INKLING_INSTRUCTION_SET=$$level swift test $(TEST_FLAGS) --skip-build \
	    --filter 'EngineTests|KernelsTests' || exit 1; \
	done
	swift test $(TEST_FLAGS) --skip-build
	INKLING_MPI_PROGRAM="$(CURDIR)/.build/mpi/release/inkling" \
	  swift test $(TEST_FLAGS) --skip-build --filter MPITests

# Not part of the tests: they take minutes, and packages that nothing else needs.
trials:
	@Scripts/setup.sh trials
	swift build $(TEST_FLAGS) --build-tests
	INKLING_TRIALS=1 INKLING_KILLS=100 swift test $(TEST_FLAGS) --skip-build \
	  --filter 'ClusterTests|SweepCommandTests'

TORCH ?= 2.15.0
exports:
	SWIFT_FLAGS="$(SWIFT_FLAGS)" Scripts/exports.sh $(TORCH)

bench: build
	Benchmarks/run.sh

# The library's documentation as a web site; a warning is an error.
docs:
	@Scripts/setup.sh build
	INKLING_DOCS=1 swift package --allow-writing-to-directory .build/documentation \
	  generate-documentation $(addprefix --target ,$(DOCUMENTED)) \
	  --enable-experimental-combined-documentation --warnings-as-errors \
	  --transform-for-static-hosting --output-path .build/documentation
	@echo "python3 -m http.server --directory .build/documentation shows it at /documentation"

clean:
	rm -rf .build

# Everything a user or a contributor runs. `make help` lists it.

SWIFT_FLAGS ?=
DOCUMENTED = Networks Engine Pictures Datasets Augmentation Training Evaluation Representations \
  Attribution Attacks Experiments Study Drawing Figures Report
TEST_FLAGS = -c release --disable-xctest $(SWIFT_FLAGS)
MPI_FLAGS = -c release --product inkling --traits MPI --scratch-path .build/mpi $(SWIFT_FLAGS)

.PHONY: help report build mpi test trials lint format bench docs clean

help:
	@echo "make report   set up, build and run the whole journey: output/journey/index.html"
	@echo "make build    set up and build .build/release/inkling"
	@echo "make mpi      set up and build .build/mpi/release/inkling, whose training mpirun can share"
	@echo "make test     set up and run every check and test"
	@echo "make trials   long trials of sweeps: 100 killed workers, a real Slurm (as root), GNU parallel"
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

lint:
	swift format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks/Sources Examples

format:
	swift format --in-place --recursive --parallel Package.swift Sources Tests Benchmarks/Sources Examples

test: lint
	@Scripts/setup.sh test
	@Scripts/axe.sh
	swift build $(TEST_FLAGS) --build-tests
	swift build $(MPI_FLAGS)
	Scripts/check-instruction-sets.sh .build/release
	for level in $$(Scripts/levels.sh); do \
	  echo "kernels: $$level"; \
	  INKLING_INSTRUCTION_SET=$$level swift test $(TEST_FLAGS) --skip-build \
	    --filter 'EngineTests|KernelsTests' || exit 1; \
	done
	swift test $(TEST_FLAGS) --skip-build
	INKLING_MPI_PROGRAM=$(CURDIR)/.build/mpi/release/inkling \
	  swift test $(TEST_FLAGS) --skip-build --filter MPITests

# Not part of the tests: they take minutes, and packages that nothing else needs.
trials:
	@Scripts/setup.sh trials
	swift build $(TEST_FLAGS) --build-tests
	INKLING_TRIALS=1 INKLING_KILLS=100 swift test $(TEST_FLAGS) --skip-build \
	  --filter 'ClusterTests|SweepCommandTests'

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

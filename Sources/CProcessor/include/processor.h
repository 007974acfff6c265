#ifndef INKLING_PROCESSOR_H
#define INKLING_PROCESSOR_H

/// The x86-64 micro-architecture level of this processor: 4, 3, or 2; 0 elsewhere.
int processor_level(void);

/// How many processors this process may use: fewer than there are where it is bound to some.
int processor_count(void);

/// A number that stands for the set of processors that this process may use: the same for the same set.
int processor_set(void);

/// Tells the processor that the calling thread is spinning.
void processor_relax(void);

/// Asks for the line of memory at an address, which will be read soon; any address may be given.
static inline __attribute__((always_inline)) void processor_prefetch(const void *address) {
  __builtin_prefetch(address);
}

/// Sixteen numbers: SIMD16<Float> in Swift.
typedef float processor_vector __attribute__((ext_vector_type(16)));

/// sum + a * b, rounded once, for levels that have an instruction for it. Swift's own goes lane by lane, and what the
/// optimizer makes of that is narrower than a register here and there.
static inline __attribute__((always_inline)) processor_vector processor_multiply_add(
    processor_vector sum, processor_vector a, processor_vector b) {
  return __builtin_elementwise_fma(a, b, sum);
}

/// Makes the calling thread take numbers below the smallest normal one for zero, read and written.
///
/// Returns what was set before, for processor_restore_arithmetic.
unsigned long processor_flush_denormals(void);

/// Sets the calling thread's arithmetic as it was.
void processor_restore_arithmetic(unsigned long state);

#endif

#ifndef INKLING_PROCESSOR_H
#define INKLING_PROCESSOR_H

#ifdef __AVX512F__
#include <immintrin.h>
#endif

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

#ifdef __AVX512F__
/// Finds where two vectors differ: writes 16 (first + lane) and a - b of each such lane one after the other, and what is
/// there behind them up to sixteen. Returns how many differ.
static inline __attribute__((always_inline)) int processor_compress_different(
    processor_vector a, processor_vector b, int first, int *offsets, float *differences) {
  typedef int places __attribute__((ext_vector_type(16), aligned(4)));
  typedef float numbers __attribute__((ext_vector_type(16), aligned(4)));
  const places lanes = {0, 16, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240};
  __mmask16 mask = _mm512_cmp_ps_mask(a, b, _CMP_NEQ_UQ);
  *(places *)offsets =
      (places)_mm512_maskz_compress_epi32(mask, (__m512i)(lanes + 16 * first));
  *(numbers *)differences = _mm512_maskz_compress_ps(mask, a - b);
  return __builtin_popcount(mask);
}
#endif

/// Makes the calling thread take numbers below the smallest normal one for zero, read and written.
///
/// Returns what was set before, for processor_restore_arithmetic.
unsigned long processor_flush_denormals(void);

/// Sets the calling thread's arithmetic as it was.
void processor_restore_arithmetic(unsigned long state);

#endif

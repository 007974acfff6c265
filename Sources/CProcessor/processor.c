#include "processor.h"

int processor_level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return 4;
  if (__builtin_cpu_supports("x86-64-v3")) return 3;
  return 2;
#else
  return 0;
#endif
}

void processor_relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

unsigned long processor_flush_denormals(void) {
#if defined(__x86_64__)
  unsigned int state = __builtin_ia32_stmxcsr();
  // Flush to zero, and denormals are zero.
  __builtin_ia32_ldmxcsr(state | 0x8040);
  return state;
#elif defined(__aarch64__)
  unsigned long state;
  __asm__ volatile("mrs %0, fpcr" : "=r"(state));
  __asm__ volatile("msr fpcr, %0" : : "r"(state | 1ul << 24));
  return state;
#else
  return 0;
#endif
}

void processor_restore_arithmetic(unsigned long state) {
#if defined(__x86_64__)
  __builtin_ia32_ldmxcsr((unsigned int)state);
#elif defined(__aarch64__)
  __asm__ volatile("msr fpcr, %0" : : "r"(state));
#else
  (void)state;
#endif
}

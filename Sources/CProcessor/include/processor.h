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

/// Makes the calling thread take numbers below the smallest normal one for zero, read and written.
///
/// Returns what was set before, for processor_restore_arithmetic.
unsigned long processor_flush_denormals(void);

/// Sets the calling thread's arithmetic as it was.
void processor_restore_arithmetic(unsigned long state);

#endif

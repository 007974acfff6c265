#ifndef INKLING_PROCESSOR_H
#define INKLING_PROCESSOR_H

/// The x86-64 micro-architecture level of this processor: 4, 3, or 2; 0 elsewhere.
int processor_level(void);

/// Tells the processor that the calling thread is spinning.
void processor_relax(void);

#endif
